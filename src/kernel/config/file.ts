import { existsSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { isCollection, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import type { Environment } from './env.ts'
import { ConfigInvalid } from './problem.ts'
import type { KeyPath } from './walk.ts'

/** What the file says, and on which line it says it. */
export type ConfigFile = {
  /** Undefined where there is none: everything is at its default. */
  path: string | undefined
  value: Readonly<Record<string, unknown>>
  /** `towpath.yaml:3`, the nearest line at or above the key. */
  where(path: KeyPath): string
}

const DEFAULT_NAME = 'towpath.yaml'

/** The file named by `file`, else by TOWPATH_CONFIG, else towpath.yaml in the folder if there is one. */
export function readConfigFile(options: { env: Environment; cwd: string; file?: string | undefined }): ConfigFile {
  const named = options.file ?? (options.env.TOWPATH_CONFIG || undefined)
  const path = resolve(options.cwd, named ?? DEFAULT_NAME)
  if (!named && !existsSync(path)) return { path: undefined, value: {}, where: () => 'default' }
  return parseConfigFile(path, readText(path))
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const says = `cannot be read: ${error instanceof Error ? error.message : String(error)}`
    throw ConfigInvalid([{ key: '', where: path, says, fix: 'Check the path and its permissions' }]).from(error)
  }
}

export function parseConfigFile(path: string, text: string): ConfigFile {
  const name = basename(path)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number) => `${name}:${lines.linePos(offset).line}`
  // Only the message: yaml's own excerpt would repeat the line, and a line may hold a secret.
  const errors = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    key: '',
    where: at(pos[0]),
    says: `is not valid YAML: ${message}`,
    fix: 'Correct the line',
  }))
  if (errors.length > 0) throw ConfigInvalid(errors)
  if (document.contents !== null && !isMap(document.contents)) {
    throw ConfigInvalid([{ key: '', where: at(0), says: 'holds no keys', fix: 'Write "key: value" lines' }])
  }
  const value = plain()
  return { path, value, where: keyPath => lineOf(keyPath) ?? name }

  function plain(): Record<string, unknown> {
    try {
      return document.toJS({ maxAliasCount: 0 }) ?? {}
    } catch (error) {
      const says = `is not taken: ${error instanceof Error ? error.message : String(error)}`
      const fix = 'Write the value out instead of using an alias (*)'
      throw ConfigInvalid([{ key: '', where: name, says, fix }]).from(error)
    }
  }

  function lineOf(keyPath: KeyPath): string | undefined {
    for (let length = keyPath.length; length > 0; length--) {
      const offset = keyOffset(keyPath.slice(0, length))
      if (offset !== undefined) return at(offset)
    }
    return undefined
  }

  function keyOffset(keyPath: KeyPath): number | undefined {
    const parent = keyPath.length === 1 ? document.contents : document.getIn(keyPath.slice(0, -1), true)
    const last = keyPath.at(-1)
    if (isMap(parent)) {
      const key = parent.items.find(pair => isScalar(pair.key) && pair.key.value === last)?.key
      return isNode(key) ? key.range?.[0] : undefined
    }
    const node = isCollection(parent) ? parent.get(last, true) : undefined
    return isNode(node) ? node.range?.[0] : undefined
  }
}
