import type { Clock } from '../../kernel/index.ts'
import type { Challenge } from './challenge.ts'
import { basic, type Credentials, fetchToken } from './token.ts'
import type { HttpSend } from './transport.ts'

/** Knows for each registry how it wants to be asked, and keeps its tokens by scope until they end. */
export type Keyring = {
  /** The `Authorization` for a request, from what is known so far; undefined where nothing is. */
  header(registry: URL, scopes: readonly string[]): Promise<string | undefined>
  /** After a 401: the `Authorization` to try again with, or undefined where there is none better. */
  answer(registry: URL, scopes: readonly string[], challenges: readonly Challenge[]): Promise<string | undefined>
  has(registry: URL): Promise<boolean>
}

type Options = { send: HttpSend; clock: Clock; credentials: (host: string) => Promise<Credentials | undefined> }
type Held = { text: Promise<string>; until: number }

// A client that walks a catalog asks for a token per repository; the oldest give way.
const mostTokens = 1000

export function createKeyring({ send, clock, credentials }: Options): Keyring {
  const ways = new Map<string, Challenge>()
  const tokens = new Map<string, Held>()

  const fetchHeld = async (
    key: string,
    registry: URL,
    challenge: Extract<Challenge, { scheme: 'bearer' }>,
    scopes: readonly string[],
  ) => {
    // Kept as a promise at once, so that many transfers that begin together ask for one token.
    const held: Held = { text: Promise.resolve(''), until: Number.POSITIVE_INFINITY }
    held.text = credentials(registry.host)
      .then(known => fetchToken({ send, registry, challenge, scopes, credentials: known }))
      .then(token => {
        // Renewed a little early: a token that ends on its way is a 401 in the middle of an upload.
        held.until = clock.monotonic() + 1000 * (token.seconds - Math.min(10, token.seconds / 4))
        return `Bearer ${token.text}`
      })
    tokens.delete(key)
    tokens.set(key, held)
    const oldest = tokens.size > mostTokens ? tokens.keys().next().value : undefined
    if (oldest !== undefined) tokens.delete(oldest)
    try {
      return await held.text
    } catch (error) {
      if (tokens.get(key) === held) tokens.delete(key)
      throw error
    }
  }

  const basicHeader = async (registry: URL) => {
    const known = await credentials(registry.host)
    return known && 'username' in known ? basic(known) : undefined
  }

  return {
    async header(registry, scopes) {
      const way = ways.get(registry.origin)
      if (!way) return undefined
      if (way.scheme === 'basic') return basicHeader(registry)
      const key = keyOf(registry, scopes)
      const held = tokens.get(key)
      if (held && held.until > clock.monotonic()) return held.text
      return fetchHeld(key, registry, way, scopes)
    },

    async answer(registry, scopes, challenges) {
      const bearer = challenges.find(one => one.scheme === 'bearer')
      if (bearer?.scheme === 'bearer') {
        const key = keyOf(registry, scopes)
        // A token that is good but not enough will not become more by asking again.
        if (bearer.error === 'insufficient_scope' && tokens.has(key)) return undefined
        ways.set(registry.origin, bearer)
        const asked = bearer.scope === undefined ? [] : bearer.scope.split(' ').filter(scope => scope !== '')
        return fetchHeld(key, registry, bearer, mergeScopes([...scopes, ...asked]))
      }
      if (!challenges.some(one => one.scheme === 'basic')) return undefined
      ways.set(registry.origin, { scheme: 'basic' })
      return basicHeader(registry)
    },

    has: async registry => (await credentials(registry.host)) !== undefined,
  }
}

function keyOf(registry: URL, scopes: readonly string[]): string {
  return [registry.origin, ...scopes.toSorted()].join('\n')
}

/** `repository:a:pull` and `repository:a:pull,push` are one scope with both actions. */
export function mergeScopes(scopes: readonly string[]): readonly string[] {
  const merged = new Map<string, Set<string>>()
  for (const scope of scopes) {
    const colon = scope.lastIndexOf(':')
    const actions = merged.get(scope.slice(0, colon)) ?? new Set()
    for (const action of scope.slice(colon + 1).split(',')) actions.add(action)
    merged.set(scope.slice(0, colon), actions)
  }
  return [...merged].map(([name, actions]) => `${name}:${[...actions].join(',')}`)
}
