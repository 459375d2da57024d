import { basename } from 'node:path'
import { z } from 'zod'
import { keyText, nearest } from '../../kernel/index.ts'
import { type JsonPath, placeOf, plainValue, positions, readJson } from './json.ts'
import { handlerObject, MOST_ENTRIES, muteObject, type Shapes, shapes, sourceObject, sourceText } from './schema.ts'
import type { ConfigProblem } from './types.ts'

type Entry<T> = { value: T; path: JsonPath }
type Repository = z.infer<typeof sourceText> | z.infer<typeof sourceObject>

/** What is right in one file; a wrong key or entry takes nothing else with it. */
export type ParsedFile = Omit<Shapes, 'repositories' | 'mute' | 'handlers'> & {
  repositories: readonly Entry<Repository>[]
  mute: readonly Entry<z.infer<typeof muteObject>>[]
  handlers: readonly Entry<z.infer<typeof handlerObject>>[]
}

type Said = { says: string; fix: string; severity?: 'warning'; waits?: true }
export type Complain = (path: JsonPath, words: Said & { what?: 'key' }) => void

/** More of them help nobody, and a file may have as many as it has letters. */
const MOST_PROBLEMS = 100
const LIST = 'Put it between [ and ]'
const EMPTY: ParsedFile = { repositories: [], mute: [], handlers: [] }
/** Not repeated in a problem: people put the secret where its reference belongs. */
const SECRET = /^(model|embeddings)\.(key|url|proxy|headers)|^repositories/

export function parseConfig(
  file: string,
  text: string,
): { parsed: ParsedFile; problems: ConfigProblem[]; complain: Complain } {
  const problems: ConfigProblem[] = []
  const at = positions(text)
  const add = (span: { start: number; end: number }, said: Said) => {
    if (problems.length >= MOST_PROBLEMS) return
    problems.push({ file, severity: 'error', ...said, start: at(span.start), end: at(span.end) })
  }
  const read = readJson(text)
  if ('broken' in read) {
    const { at: offset, says, fix } = read.broken
    add({ start: offset, end: Math.min(offset + 1, text.length) }, { says: `What stands here ${says}`, fix })
    return { parsed: EMPTY, problems, complain: () => {} }
  }
  const { root } = read
  const complain: Complain = (path, { what, ...words }) => {
    add(placeOf(root, path, what), { ...words, says: `${keyText(path) || basename(file)} ${words.says}` })
  }
  if (root.kind !== 'object') {
    complain([], { says: 'holds no keys', fix: 'Write { "repositories": ["owner/name"] }' })
    return { parsed: EMPTY, problems, complain }
  }
  return { parsed: parseKeys(plainValue(root) as Readonly<Record<string, unknown>>, complain), problems, complain }
}

function parseKeys(raw: Readonly<Record<string, unknown>>, complain: Complain): ParsedFile {
  const known = Object.keys(shapes)
  for (const name of Object.keys(raw).filter(name => name !== '$schema' && !known.includes(name))) {
    const meant = nearest(name, known)
    const fix = meant ? `Did you mean ${meant}?` : `Known here: ${known.join(', ')}`
    complain([name], { says: 'is not a known key', fix, severity: 'warning', what: 'key' })
  }
  const one = <S extends z.ZodType>(name: string, schema: S) => read(schema, raw[name], [name], complain)
  return {
    ...only('name', one('name', shapes.name)),
    ...only('version', one('version', shapes.version)),
    ...only('host', one('host', shapes.host)),
    ...only('norms', one('norms', shapes.norms)),
    ...only('model', one('model', shapes.model)),
    ...only('embeddings', one('embeddings', shapes.embeddings)),
    ...only('privacy', one('privacy', shapes.privacy)),
    ...only('documents', one('documents', shapes.documents)),
    ...only('hints', one('hints', shapes.hints)),
    repositories: entries(raw, 'repositories', complain, value =>
      typeof value === 'object' ? sourceObject : sourceText,
    ),
    mute: entries(raw, 'mute', complain, () => muteObject),
    handlers: entries(raw, 'handlers', complain, () => handlerObject),
  }
}

function only<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [P in K]?: V })
}

function entries<S extends z.ZodType>(
  raw: Readonly<Record<string, unknown>>,
  name: 'repositories' | 'mute' | 'handlers',
  complain: Complain,
  schemaOf: (value: unknown) => S,
): Entry<z.infer<S>>[] {
  const all = raw[name]
  // The length and the kind of the list; its entries follow.
  const list = read(
    z.array(z.unknown(), LIST).max(MOST_ENTRIES[name], `Keep at most ${MOST_ENTRIES[name]}`),
    all,
    [name],
    complain,
  )
  return (list ?? []).flatMap((value, index) => {
    const path = [name, index]
    const found = read(schemaOf(value), value, path, complain)
    return found === undefined ? [] : [{ value: found, path }]
  })
}

/** Undefined where it is missing or wrong. Keys that are not known are said and left out: the file may be of a later version. */
function read<S extends z.ZodType>(
  schema: S,
  raw: unknown,
  path: JsonPath,
  complain: Complain,
): z.infer<S> | undefined {
  if (raw === undefined) return undefined
  const result = schema.safeParse(raw)
  if (result.success) return result.data
  const unknown = result.error.issues.filter(issue => issue.code === 'unrecognized_keys')
  for (const issue of unknown) {
    for (const name of issue.keys) {
      const where = [...path, ...keys(issue.path), name]
      complain(where, { says: 'is not a known key', fix: issue.message, severity: 'warning', what: 'key' })
    }
  }
  if (unknown.length === result.error.issues.length) return read(schema, without(raw, unknown), path, complain)
  for (const issue of result.error.issues.filter(one => one.code !== 'unrecognized_keys')) {
    const where = [...path, ...keys(issue.path)]
    complain(where, { says: describe(raw, keys(issue.path), where), fix: issue.message })
  }
  return undefined
}

function keys(path: readonly PropertyKey[]): (string | number)[] {
  return path.filter(part => typeof part !== 'symbol')
}

function without(raw: unknown, issues: readonly { path: PropertyKey[]; keys: string[] }[]): unknown {
  const copy = structuredClone(raw)
  for (const issue of issues) {
    const holder = valueAt(copy, keys(issue.path))
    if (typeof holder === 'object' && holder !== null)
      for (const name of issue.keys) Reflect.deleteProperty(holder, name)
  }
  return copy
}

function describe(raw: unknown, path: readonly (string | number)[], where: JsonPath): string {
  const value = valueAt(raw, path)
  if (value === undefined) return 'is missing'
  if (value === null) return 'has no value'
  if (Array.isArray(value)) return 'is a list that is not taken'
  if (typeof value === 'object') return 'is not what is taken here'
  if (SECRET.test(keyText(where)) || String(value).length > 60) return 'is not taken'
  return `is ${JSON.stringify(value)}`
}

function valueAt(raw: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined),
    raw,
  )
}
