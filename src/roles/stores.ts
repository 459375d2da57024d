import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  type Clock,
  type Config,
  openPostgres,
  openSqlite,
  openSqliteReader,
  paths,
  readSecret,
  type Store,
} from '../kernel/index.ts'
import { controlSchema, regionSchema } from './schema.ts'

type Env = Readonly<Record<string, string | undefined>>
type Parts = { config: Config; clock: Clock; env: Env }

/** The control database; on SQLite this process is its writer. */
export function openControlStore({ config, clock, env }: Parts): Promise<Store> {
  const { database } = config.control
  if (database.engine === 'postgres') {
    return openPostgres({ url: readSecret(database.url, env), schema: database.schema, clock, ...controlSchema })
  }
  const path = paths(config).controlDatabase
  makeFolder(dirname(path))
  return openSqlite({ path, clock, ...controlSchema })
}

/** A region's database as one of its nodes uses it; on SQLite the region's writer process must run. */
export function openRegionStore({ config, clock, env }: Parts, index: number): Promise<Store> {
  const { name, database } = regionAt(config, index)
  if (database.engine === 'postgres') {
    return openPostgres({ url: readSecret(database.url, env), schema: database.schema, clock, ...regionSchema })
  }
  const at = paths(config)
  const { migrations } = regionSchema
  return openSqliteReader({ path: at.regionDatabase(name), writerSocket: at.writerSocket(name), clock, migrations })
}

export function regionAt(config: Config, index: number): Config['regions'][number] {
  const region = config.regions[index]
  if (!region) throw new Error(`The configuration has no region ${index}`)
  return region
}

export function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
}
