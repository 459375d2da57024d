import { type Breach, type House, isTest, roomOf } from './house.ts'
import { OPEN_ROOM, PAGE_ROOMS, rooms, WIRING_ROOM } from './rooms.ts'
import type { Source } from './source.ts'

type Table = Readonly<Record<string, readonly string[]>>

/** Rooms meet at doors only, and only in the direction of the table. */
export function direction({ sources }: House, table: Table = rooms): Breach[] {
  return sources.flatMap(source =>
    source.imports.flatMap(({ target, line }) => {
      if (target === undefined || !target.startsWith('src/')) return []
      const says = breachOf(source.path, target, table)
      return says === undefined ? [] : [{ path: source.path, line, says }]
    }),
  )
}

function breachOf(path: string, target: string, table: Table): string | undefined {
  const from = roomOf(path)
  const to = roomOf(target)
  if (from === to) return undefined
  // `store/engines.fixture.ts` and its like: what tests of several rooms share, and nothing that ships.
  if (isTest(path) && isTest(target)) return undefined
  if (to === undefined) {
    return from === undefined
      ? undefined
      : 'src/main.ts wires the rooms; no room imports it. Take what you need as a parameter'
  }
  if (to !== WIRING_ROOM && target !== `src/${to}/index.ts`) {
    return `rooms meet at doors: import from src/${to}/index.ts, and export there what is missing`
  }
  // Tests of journeys, benches and main.ts may enter every room by its door.
  if (from === undefined || from === WIRING_ROOM) return undefined
  if (to === WIRING_ROOM) return `only src/main.ts imports ${WIRING_ROOM}: take what you need as a parameter`
  const may = [...(table[from] ?? []), OPEN_ROOM]
  if (from !== OPEN_ROOM && may.includes(to)) return undefined
  return `${from} may import ${from === OPEN_ROOM ? 'no room' : may.join(', ')}. Take ${to}'s part as a parameter that main.ts passes, or talk through the change feed`
}

/** What a page imports runs, and is type-checked, where there is no Node. */
export function forPages({ sources }: House, table: Table = PAGE_ROOMS): Breach[] {
  return sources.flatMap(({ path, imports }) => {
    const room = roomOf(path)
    const packages = room === undefined ? undefined : table[room]
    if (packages === undefined || isTest(path)) return []
    return imports
      .filter(({ specifier, target }) => (target ? roomOf(target) !== room : !packages.includes(specifier)))
      .map(({ specifier, line }) => ({
        path,
        line,
        says: `imports ${specifier}, and a browser has only ${packages.join(', ')}: narrow the shape where it is used, in src/roles/api`,
      }))
  })
}

/** The console is built apart: of the platform it takes the types of its API, and they are gone when it runs. */
export function page({ sources }: House): Breach[] {
  return sources
    .filter(({ path }) => path.startsWith('web/'))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => target !== undefined && !target.startsWith('web/'))
        .filter(({ target, typeOnly }) => !(typeOnly && target?.startsWith('src/api/')))
        .map(({ line, target }) => ({
          path,
          line,
          says: `imports ${target}: the console takes only types, by "import type", and only from src/api`,
        })),
    )
}

/** Every folder under `src` is a room of the table. */
export function known({ sources }: House, table: Table = rooms): Breach[] {
  const folders = new Set(sources.map(source => roomOf(source.path)))
  return [...folders]
    .filter(room => room !== undefined && room !== WIRING_ROOM && !(room in table))
    .map(room => ({
      path: `src/${room}`,
      says: 'is not a room: add it to house/rooms.ts with what it may import, and a decision under docs/decisions/',
    }))
}

/** The table itself has no cycle, and names only rooms. */
export function tableCycles(table: Table = rooms): Breach[] {
  const unknown = Object.values(table)
    .flat()
    .filter(room => !(room in table))
    .map(room => ({ path: 'house/rooms.ts', says: `names ${room}, which is no room` }))
  const cycle = findCycle(Object.keys(table), room => table[room] ?? [])
  return cycle
    ? [...unknown, { path: 'house/rooms.ts', says: `rooms import each other: ${cycle.join(' → ')}. Cut one of them` }]
    : unknown
}

/** No file imports itself through others. Types may: they are gone when the code runs. */
export function fileCycles({ sources }: House): Breach[] {
  const byPath = new Map<string, Source>(sources.map(source => [source.path, source]))
  const next = (path: string) =>
    (byPath.get(path)?.imports ?? []).flatMap(({ target, typeOnly }) =>
      target && !typeOnly && byPath.has(target) ? [target] : [],
    )
  const cycle = findCycle(
    [...byPath.keys()].filter(path => !isTest(path)),
    next,
  )
  if (!cycle) return []
  return [
    {
      path: cycle[0] ?? '',
      says: `files import each other: ${cycle.join(' → ')}. Move what both need to a file of its own`,
    },
  ]
}

function findCycle(starts: readonly string[], next: (at: string) => readonly string[]): string[] | undefined {
  const done = new Set<string>()
  const path: string[] = []
  const walk = (at: string): string[] | undefined => {
    const seenAt = path.indexOf(at)
    if (seenAt !== -1) return [...path.slice(seenAt), at]
    if (done.has(at)) return undefined
    path.push(at)
    for (const to of next(at)) {
      const cycle = walk(to)
      if (cycle) return cycle
    }
    path.pop()
    done.add(at)
    return undefined
  }
  for (const start of starts) {
    const cycle = walk(start)
    if (cycle) return cycle
  }
  return undefined
}
