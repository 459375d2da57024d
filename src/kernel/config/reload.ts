import { isDeepStrictEqual } from 'node:util'
import type { Config } from './schema.ts'
import { factsAt, type KeyPath, keyText, leafPaths } from './walk.ts'

export type ReloadableKey = { key: string; reloads: string }

/** Every key that is taken up without a restart, and when. The rest takes a restart. */
export function reloadableKeys(): ReloadableKey[] {
  return leafPaths().flatMap(path => {
    const reloads = factsAt(path)?.reloads
    return reloads ? [{ key: keyText(path), reloads }] : []
  })
}

/** What differs between the running configuration and one just read: taken up now, or only by a restart. */
export function compareConfig(running: Config, next: Config): { applies: string[]; restart: string[] } {
  const changed = differences(running, next, [])
  const applies = (path: KeyPath) => path.join('.') === 'log.level'
  return {
    applies: changed.filter(applies).map(keyText),
    restart: changed.filter(path => !applies(path)).map(keyText),
  }
}

function differences(a: unknown, b: unknown, path: KeyPath): KeyPath[] {
  if (isDeepStrictEqual(a, b)) return []
  if (!isTree(a) || !isTree(b) || Array.isArray(a) !== Array.isArray(b)) return [path]
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  const part = (name: string) => (Array.isArray(a) ? Number(name) : name)
  return [...names].flatMap(name => differences(Reflect.get(a, name), Reflect.get(b, name), [...path, part(name)]))
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
