import { failure } from '../../kernel/index.ts'
import type { Access } from '../access.ts'

// 64 and 8 KiB: what is asked comes back inside the token, and the token must fit a request header of 16 KiB.
const MAX_SCOPES = 64
const MAX_CHARS = 8192
const MAX_NAME = 255

const ENTRY = /^[a-z0-9-]+(?:\([a-z0-9-]+\))?:[^\s"\\:][^\s"\\]*:(?:[a-z_]*|\*)(?:,(?:[a-z_]*|\*))*$/
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const ACTIONS: Record<Access['type'], ReadonlySet<string>> = {
  repository: new Set(['pull', 'push', 'delete', 'metadata_read', 'metadata_write', '*']),
  registry: new Set(['*']),
}

export const ScopeMalformed = failure('UNSUPPORTED', 400, (why: string) => ({
  says: `The scope can't be read: ${why}`,
  next: 'Send scopes as repository:<name>:pull,push or registry:catalog:*, separated by spaces',
}))

export function isRepositoryName(text: string): boolean {
  return text.length <= MAX_NAME && REPOSITORY.test(text)
}

/**
 * The `scope` parameters of a token request. What has the form of a scope but names a type, a
 * repository name or an action that doesn't exist here is left out, so it is not granted; that is
 * how clients probe. What has no form of a scope is a mistake and throws `ScopeMalformed`.
 *
 * Source: distribution/docs/content/spec/auth/scope.md.
 */
export function parseScope(texts: readonly string[]): Access[] {
  const entries = texts.flatMap(text => text.split(' ')).filter(entry => entry !== '')
  if (entries.length > MAX_SCOPES) throw ScopeMalformed(`${entries.length} entries, at most ${MAX_SCOPES}`)
  const chars = entries.reduce((sum, entry) => sum + entry.length, 0)
  if (chars > MAX_CHARS) throw ScopeMalformed(`${chars} characters, at most ${MAX_CHARS}`)
  const merged = new Map<string, { type: Access['type']; name: string; actions: Set<string> }>()
  for (const entry of entries) {
    if (!ENTRY.test(entry)) throw ScopeMalformed(`"${entry.slice(0, 100)}" is not <type>:<name>:<actions>`)
    const known = parseEntry(entry)
    if (known === undefined) continue
    const key = `${known.type}:${known.name}`
    const seen = merged.get(key) ?? { ...known, actions: new Set<string>() }
    for (const action of known.actions) seen.actions.add(action)
    merged.set(key, seen)
  }
  return [...merged.values()].map(({ type, name, actions }) => ({ type, name, actions: [...actions] }))
}

/** The text of one scope, as it stands in a challenge. */
export function formatScope(access: Access): string {
  return `${access.type}:${access.name}:${access.actions.join(',')}`
}

function parseEntry(entry: string): Access | undefined {
  // A name may hold a colon (a host's port), a type and an action can't.
  const first = entry.indexOf(':')
  const last = entry.lastIndexOf(':')
  const type = entry.slice(0, first)
  const name = entry.slice(first + 1, last)
  if (type !== 'repository' && type !== 'registry') return undefined
  const named = type === 'registry' ? name === 'catalog' : isRepositoryName(name)
  if (!named) return undefined
  const actions = entry
    .slice(last + 1)
    .split(',')
    .filter(action => ACTIONS[type].has(action))
  return actions.length === 0 ? undefined : { type, name, actions }
}
