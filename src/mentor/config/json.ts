import type { Position } from './types.ts'

/** A value of JSON and where it stands, in UTF-16 units. */
export type JsonNode = { start: number; end: number } & (
  | { kind: 'object'; entries: readonly JsonEntry[] }
  | { kind: 'array'; items: readonly JsonNode[] }
  | { kind: 'scalar'; value: string | number | boolean | null }
)

export type JsonEntry = { key: string; start: number; end: number; value: JsonNode }

/** What keeps a text from being JSON. */
export type JsonBroken = { at: number; says: string; fix: string }

/** Far beyond what a configuration needs, and far below where a stack ends. */
const DEEPEST = 16

class Broken extends Error {
  readonly found: JsonBroken

  constructor(at: number, says: string, fix: string) {
    super(says)
    this.found = { at, says, fix }
  }
}

/**
 * JSON with positions. `JSON.parse` has none, and YAML takes what other readers of `archangel.json` don't: comments,
 * bare keys, aliases.
 */
export function readJson(text: string): { root: JsonNode } | { broken: JsonBroken } {
  try {
    const reader = createReader(text)
    const root = reader.value(0)
    reader.end()
    return { root }
  } catch (error) {
    if (error instanceof Broken) return { broken: error.found }
    throw error
  }
}

function createReader(text: string) {
  // Editors on Windows put a mark before the text.
  let at = text.startsWith('\uFEFF') ? 1 : 0

  function space(): void {
    while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++
    if (text.startsWith('//', at) || text.startsWith('/*', at) || text[at] === '#') {
      throw new Broken(at, 'is a comment, which JSON does not have', 'Remove it; a reason fits into "reason" of a mute')
    }
  }

  function value(depth: number): JsonNode {
    space()
    if (depth > DEEPEST) throw new Broken(at, `is nested more than ${DEEPEST} deep`, 'Write it flatter')
    const first = text[at]
    if (first === '{') return object(depth)
    if (first === '[') return array(depth)
    const start = at
    if (first === '"') return { kind: 'scalar', start, value: string(), end: at }
    return { kind: 'scalar', start, value: word(), end: at }
  }

  function object(depth: number): JsonNode {
    const start = at++
    const entries: JsonEntry[] = []
    const known = new Set<string>()
    each('}', () => {
      const keyStart = at
      if (text[at] !== '"') throw new Broken(at, 'is no key', 'Put keys between double quotes')
      const key = string()
      const end = at
      if (key === '__proto__' || known.has(key)) {
        throw new Broken(keyStart, known.has(key) ? `says "${key}" again` : 'is no key', 'Keep one of them')
      }
      known.add(key)
      space()
      if (text[at] !== ':') throw new Broken(at, 'lacks a ":" after the key', 'Write "key": value')
      at++
      entries.push({ key, start: keyStart, end, value: value(depth + 1) })
    })
    return { kind: 'object', start, end: at, entries }
  }

  function array(depth: number): JsonNode {
    const start = at++
    const items: JsonNode[] = []
    each(']', () => items.push(value(depth + 1)))
    return { kind: 'array', start, end: at, items }
  }

  function each(close: string, one: () => void): void {
    space()
    if (text[at] === close) return void at++
    for (;;) {
      one()
      space()
      if (text[at] === close) return void at++
      if (text[at] !== ',')
        throw new Broken(at, `lacks a "," or "${close}"`, `Put a "," between, or "${close}" at the end`)
      const comma = at++
      space()
      if (text[at] === close) throw new Broken(comma, 'is a "," after the last', 'Remove it')
    }
  }

  function string(): string {
    const start = at++
    while (at < text.length && text[at] !== '"' && text.charCodeAt(at) >= 32) at += text[at] === '\\' ? 2 : 1
    if (text[at] !== '"')
      throw new Broken(start, 'is a text without an end', 'Close it with a double quote on its line')
    at++
    try {
      return JSON.parse(text.slice(start, at))
    } catch {
      throw new Broken(start, 'has an escape that JSON does not know', 'Write a backslash as \\\\')
    }
  }

  function word(): number | boolean | null {
    const start = at
    while (at < text.length && /[\w.+-]/.test(text.charAt(at))) at++
    try {
      // Only words and numbers come here: no object, no text.
      return JSON.parse(text.slice(start, at))
    } catch {
      const found = at === text.length && start === at ? 'ends where a value should be' : 'is no value'
      throw new Broken(start, found, 'Write a text between double quotes, a number, true, false, null, { } or [ ]')
    }
  }

  function end(): void {
    space()
    if (at < text.length) throw new Broken(at, 'stands after the end', 'Keep one { } in the file')
  }

  return { value, end }
}

export function plainValue(node: JsonNode): unknown {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'array') return node.items.map(plainValue)
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, plainValue(value)]))
}

export type JsonPath = readonly (string | number)[]

/** Where a problem with the path is shown: the key that is not known, the value, or what should have held it. */
export function placeOf(
  root: JsonNode,
  path: JsonPath,
  what: 'key' | 'value' = 'value',
): { start: number; end: number } {
  let node = root
  let shown = opening(root)
  for (const [depth, part] of path.entries()) {
    const entry = node.kind === 'object' ? node.entries.find(({ key }) => key === part) : undefined
    const next = entry?.value ?? (node.kind === 'array' && typeof part === 'number' ? node.items[part] : undefined)
    if (!next) return shown
    node = next
    shown = entry && (what === 'key' || node.kind !== 'scalar') ? entry : opening(node)
    if (depth === path.length - 1 && what === 'value' && node.kind === 'scalar') return node
  }
  return shown
}

/** A list of a hundred lines is not underlined whole. */
function opening(node: JsonNode): { start: number; end: number } {
  return { start: node.start, end: node.kind === 'scalar' ? node.end : node.start + 1 }
}

/** Offsets to what editors count. Ends of line as they have them: \n, \r\n and \r. */
export function positions(text: string): (offset: number) => Position {
  const starts = [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map(found => found.index + found[0].length)]
  return offset => {
    const line = starts.findLastIndex(start => start <= offset)
    return { line, character: offset - (starts[line] ?? 0) }
  }
}
