import { basename } from 'node:path/posix'
import { type Breach, type House, isTest, roomOf } from './house.ts'
import { EDGE_ROOMS, WIRING_ROOM } from './rooms.ts'

const MAX_LINES = 400
const MAX_README_LINES = 60
const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

export function length({ sources }: House): Breach[] {
  return sources.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length
    return lines <= MAX_LINES
      ? []
      : [{ path, says: `has ${lines} lines, at most ${MAX_LINES}: give the second idea in it a file of its own` }]
  })
}

export function names({ sources }: House): Breach[] {
  return sources.flatMap(({ path }) => {
    const parts = path
      .split('/')
      .map((part, i, all) =>
        i === all.length - 1 ? part.replace(/(\.test|\.fixture|\.config)?\.(ts|tsx|mjs)$/, '') : part,
      )
    const odd = parts.find(part => !KEBAB.test(part))
    return odd === undefined ? [] : [{ path, says: `"${odd}" is not kebab-case: lower-case words joined by "-"` }]
  })
}

/** Half a page a room: what it is for, what is where, what to keep true. */
export function readmes({ sources, texts }: House): Breach[] {
  const folders = new Set(sources.map(source => roomOf(source.path)).filter(room => room !== undefined))
  return [...folders].flatMap(room => {
    const path = `src/${room}/README.md`
    const text = texts.get(path)
    if (text === undefined)
      return [{ path, says: 'is missing: half a page on what the room is for and what must stay true in it' }]
    const lines = text.trimEnd().split('\n').length
    return lines <= MAX_README_LINES
      ? []
      : [
          {
            path,
            says: `has ${lines} lines, at most ${MAX_README_LINES}: point to files and leave details to their comments`,
          },
        ]
  })
}

/** The door reads like a contents page. */
export function doors({ sources }: House): Breach[] {
  const byPath = new Map(sources.map(source => [source.path, source]))
  const folders = new Set(
    sources.map(source => roomOf(source.path)).filter(room => room !== undefined && room !== WIRING_ROOM),
  )
  const missing = [...folders]
    .filter(room => !byPath.has(`src/${room}/index.ts`))
    .map(room => ({ path: `src/${room}/index.ts`, says: 'is missing: a room is entered by its door' }))
  const wrong = sources
    .filter(({ path }) => path.startsWith('src/') && basename(path) === 'index.ts')
    .flatMap(({ path, ownStatements, exports }) => [
      ...ownStatements.map(line => ({
        path,
        line,
        says: 'a door only has "export … from": move code to a file named after what it does',
      })),
      ...exports
        .filter(({ name }) => name === '*')
        .map(({ line }) => ({
          path,
          line,
          says: 'name what is exported, so that the door reads like a contents page',
        })),
    ])
  return [...missing, ...wrong]
}

export function defaultExports({ sources }: House): Breach[] {
  // Vite takes its configuration from one.
  const asked = sources.filter(({ path }) => path !== 'web/vite.config.ts')
  return asked.flatMap(({ path, exports }) =>
    exports
      .filter(({ name }) => name === 'default')
      .map(({ line }) => ({ path, line, says: 'no default exports: give it the name that importers use' })),
  )
}

export function unfinished({ sources }: House): Breach[] {
  return sources.flatMap(({ path, comments }) =>
    comments
      .filter(({ text }) => /\b(TODO|FIXME|XXX|HACK)\b/.test(text))
      .map(({ line }) => ({ path, line, says: 'finish it, or open an issue and say in the code what holds today' })),
  )
}

/**
 * Code that can go wrong in more than one way is reached by a test of its own room: directly, or through
 * the files that use it, but not merely because the door exports it.
 */
export function tested({ sources }: House): Breach[] {
  const byPath = new Map(sources.map(source => [source.path, source]))
  const reached = new Set<string>()
  const walk = (path: string, room: string | undefined) => {
    for (const { target, typeOnly } of byPath.get(path)?.imports ?? []) {
      if (target === undefined || typeOnly || reached.has(target)) continue
      if (roomOf(target) !== room || target === `src/${room}/index.ts`) continue
      reached.add(target)
      walk(target, room)
    }
  }
  for (const { path } of sources) if (isTest(path) && path.startsWith('src/')) walk(path, roomOf(path))
  return sources
    .filter(({ path }) => inner(roomOf(path)) && !isTest(path) && basename(path) !== 'index.ts')
    .filter(({ path, text }) => branches(text) && !reached.has(path))
    .map(({ path }) => ({
      path,
      says: `no test of its room reaches it: write ${basename(path).replace(/\.ts$/, '.test.ts')} beside it, with an assertion that can fail`,
    }))
}

function inner(room: string | undefined): boolean {
  return room !== undefined && !EDGE_ROOMS.includes(room)
}

/** Has something to be wrong about: a branch, a loop, a fallback. */
function branches(text: string): boolean {
  return /\b(if|for|while|switch|catch)\s*[({]|\?\?|\s\?\s/.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''))
}
