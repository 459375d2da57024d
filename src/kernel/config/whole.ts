import { isDeepStrictEqual } from 'node:util'
import { ports } from './places.ts'
import type { Config } from './schema.ts'
import type { KeyPath } from './walk.ts'

type Contradiction = { path: KeyPath; says: string; fix: string }

/** What no single key shows: names, ports and databases that must differ. */
export function contradictions(config: Config): Contradiction[] {
  return [...sameNames(config), ...samePorts(config), ...sameDatabases(config)]
}

function sameNames({ regions }: Config): Contradiction[] {
  return regions.flatMap(({ name }, at) =>
    regions.findIndex(other => other.name === name) === at
      ? []
      : [
          {
            path: ['regions', at, 'name'],
            says: `is ${JSON.stringify(name)} again`,
            fix: 'Give each region its own name',
          },
        ],
  )
}

function samePorts(config: Config): Contradiction[] {
  const { control, regional, data } = ports(config)
  const found: Contradiction[] = []
  const last = data(config.regions.length - 1)
  if (last > 65535) {
    const fix = `Set it to at most ${65535 - (last - config.listen.registry)}`
    found.push({ path: ['listen', 'registry'], says: `leaves no room for data ports (up to ${last})`, fix })
  }
  const taken = [config.listen.registry, ...config.regions.flatMap((_, at) => [regional(at), data(at)])]
  if (taken.includes(control)) {
    const fix = `Choose a port outside ${config.listen.registry}-${last}`
    found.push({ path: ['listen', 'control'], says: `is ${control}, which a registry endpoint uses`, fix })
  }
  return found
}

function sameDatabases({ control, regions }: Config): Contradiction[] {
  const all = [
    { path: ['control', 'database'], database: control.database },
    ...regions.map(({ database }, at) => ({ path: ['regions', at, 'database'], database })),
  ]
  return all.flatMap(({ path, database }, at) => {
    const first = all.findIndex(other => isDeepStrictEqual(other.database, database))
    if (database.engine === 'sqlite' || first === at) return []
    const says = 'is the database and schema that another part already uses'
    return [{ path: [...path, 'schema'], says, fix: 'Give each its own schema' }]
  })
}
