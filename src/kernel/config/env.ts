import { nearest } from './nearest.ts'
import type { Problem } from './problem.ts'
import { type KeyPath, keyText, kindAt, leafPaths } from './walk.ts'

const PREFIX = 'TOWPATH_'
/** Read elsewhere: not keys of the configuration. */
const OTHERS = ['TOWPATH_CONFIG', 'TOWPATH_ADMIN_PASSWORD', 'TOWPATH_SERVER', 'TOWPATH_USERNAME', 'TOWPATH_PASSWORD']
const OTHER_PREFIXES = ['TOWPATH_SOURCE_', 'TOWPATH_TEST_', 'TOWPATH_SIM_', 'TOWPATH_SEED']

export type Environment = Readonly<Record<string, string | undefined>>
export type Override = { name: string; path: KeyPath; value: string | number | boolean }

/** `limits.manifestBytes` → `TOWPATH_LIMITS_MANIFEST_BYTES`. */
export function variableName(path: KeyPath): string {
  const words = path.map(part => String(part).replace(/[A-Z]/g, letter => `_${letter}`))
  return PREFIX + words.join('_').toUpperCase()
}

/** The variables that set keys, and those that look as if they should but set nothing. */
export function readOverrides(env: Environment): { overrides: Override[]; problems: Problem[] } {
  const leaves = leafPaths().map(path => ({ path, name: variableName(path), pattern: pattern(path) }))
  const overrides: Override[] = []
  const problems: Problem[] = []
  for (const [name, text] of Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))) {
    // An empty variable is an unset one: compose files and units write `NAME=` for "none".
    if (!name.startsWith(PREFIX) || text === undefined || text === '' || isOther(name)) continue
    const path = findPath(name, leaves)
    if (path) overrides.push({ name, path, value: readValue(path, text) })
    else problems.push(unknownVariable(name, leaves))
  }
  return { overrides, problems }
}

/**
 * The file's tree with the variables' values put in. Where no file names regions, index 0 is the
 * default region, so that TOWPATH_REGIONS_0_NODES alone works.
 */
export function applyOverrides(file: Readonly<Record<string, unknown>>, overrides: readonly Override[]) {
  const tree: Record<string, unknown> = structuredClone({ ...file })
  const first = overrides.some(({ path }) => path[0] === 'regions' && path[1] === 0)
  if (first && tree.regions === undefined) tree.regions = [{ name: 'home' }]
  for (const { path, value } of overrides) put(tree, path, value)
  const problems = overrides.filter(({ path }) => leavesGap(tree, path)).map(gap)
  return { tree, problems }
}

function put(tree: object, path: KeyPath, value: unknown): void {
  const [part, ...rest] = path
  if (part === undefined) return
  if (rest.length === 0) {
    Reflect.set(tree, part, value)
    return
  }
  const held: unknown = Reflect.get(tree, part)
  const child = typeof held === 'object' && held !== null ? held : typeof rest[0] === 'number' ? [] : {}
  Reflect.set(tree, part, child)
  put(child, rest, value)
}

/** A list index past the end would leave places that nobody described. */
function leavesGap(tree: unknown, path: KeyPath): boolean {
  let node = tree
  for (const part of path) {
    if (typeof node !== 'object' || node === null) return false
    const list: unknown[] | undefined = Array.isArray(node) ? node : undefined
    if (list && Array.from({ length: Number(part) }).some((_, at) => !(at in list))) return true
    node = Reflect.get(node, part)
  }
  return false
}

function gap({ name, path }: Override): Problem {
  const says = 'skips an index: lists count from 0 without gaps'
  return { key: keyText(path), where: `environment ${name}`, says, fix: 'Use the next free index' }
}

type Leaf = { path: KeyPath; name: string; pattern: RegExp }

function pattern(path: KeyPath): RegExp {
  // Any list index where the leaf has its 0.
  return new RegExp(`^${variableName(path).replace(/_0(?=_|$)/g, '_(0|[1-9][0-9]{0,2})')}$`)
}

function findPath(name: string, leaves: readonly Leaf[]): KeyPath | undefined {
  for (const leaf of leaves) {
    const found = leaf.pattern.exec(name)
    if (!found) continue
    const indexes = found.slice(1).map(Number)
    return leaf.path.map(part => (typeof part === 'number' ? (indexes.shift() ?? 0) : part))
  }
  return undefined
}

function isOther(name: string): boolean {
  return OTHERS.includes(name) || OTHER_PREFIXES.some(prefix => name.startsWith(prefix))
}

function readValue(path: KeyPath, text: string): string | number | boolean {
  const kind = kindAt(path)
  if (kind === 'number' && /^-?[0-9]{1,15}$/.test(text)) return Number(text)
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

function unknownVariable(name: string, leaves: readonly Leaf[]): Problem {
  // Without the prefix that all share, or everything would be near everything.
  const rest = (known: string) => known.slice(PREFIX.length)
  const meant = nearest(rest(name), [...OTHERS, ...leaves.map(leaf => leaf.name)].map(rest))
  return {
    key: name,
    where: 'environment',
    says: 'sets no key',
    fix: meant ? `Did you mean ${PREFIX}${meant}?` : 'Unset it, or name a key: towpath config schema lists them',
  }
}
