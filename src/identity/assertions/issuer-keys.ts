import { createPublicKey, type KeyObject } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { type Clock, Failure, type HttpClient, type Ms } from '../../kernel/index.ts'
import { discover } from '../oidc/discovery.ts'
import { IssuerUnusable } from './failures.ts'
import { algorithmsOf } from './key-kinds.ts'

export type IssuerKeys = {
  /** The key of that name which the issuer publishes; undefined where it has none. Throws `IssuerUnusable`. */
  find(issuer: string, kid: string): Promise<KeyObject | undefined>
}

/** A key that an issuer took back is refused after that. */
const FRESH_MS = 60 * 60_000
/** A name that nobody knows makes us ask again, but no more often than this: names are free to make up. */
const AGAIN_MS = 30_000
/** An issuer that failed is left alone for so long, whoever asks. */
const REST_MS = 10_000
const WHOLE_MS = 8_000
const KEYS_BYTES = 256 * 1024
const MOST_KEYS = 100
const MOST_ISSUERS = 200

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }).max(2000) })
const Jwk = z.looseObject({ kty: z.string() })
const Jwks = z.object({ keys: z.array(Jwk).max(MOST_KEYS) })

type Keys = ReadonlyMap<string, KeyObject>
type Held = {
  readonly keys: Keys
  /** When it published them. */
  readonly at: Ms
  /** Since then it could not be asked: they are good as long as they were. */
  readonly trouble?: { readonly at: Ms; readonly failure: Failure }
}

type Parts = { http: HttpClient; clock: Clock; allow: readonly string[] }

/** By discovery, through the client that keeps away from private addresses. */
export function createIssuerKeys({ http, clock, allow }: Parts): IssuerKeys {
  const held = new LRUCache<string, Held>({ max: MOST_ISSUERS })
  const asking = new Map<string, Promise<Held>>()

  async function fetchKeys(issuer: string): Promise<Keys> {
    const { jwks_uri: url } = await discover({ http, allow }, issuer, Discovery)
    const headers = { accept: 'application/json' }
    const answer = await http.request({ url, headers, repeatable: true, redirects: 0, timeouts: { total: WHOLE_MS } })
    if (answer.status === 200) return new Map((await answer.json(Jwks, KEYS_BYTES)).keys.flatMap(toEntry))
    answer.discard()
    throw IssuerUnusable(answer.url.host, `it answered ${answer.status}`)
  }

  async function ask(issuer: string): Promise<Held> {
    const at = clock.monotonic()
    const got = await fetchKeys(issuer).then(
      (keys): Held => ({ keys, at }),
      (error: unknown): Held => {
        if (!(error instanceof Failure)) throw error
        const failure = error.is(IssuerUnusable)
          ? error
          : IssuerUnusable(new URL(issuer).host, error.message).from(error)
        return { ...(held.get(issuer) ?? { keys: new Map(), at }), trouble: { at: clock.monotonic(), failure } }
      },
    )
    held.set(issuer, got)
    return got
  }

  /** One at a time for each issuer. */
  function askOnce(issuer: string): Promise<Held> {
    const waiting = asking.get(issuer) ?? ask(issuer).finally(() => asking.delete(issuer))
    asking.set(issuer, waiting)
    return waiting
  }

  /** Whether nobody is to ask again yet. */
  function rests({ at, trouble }: Held): boolean {
    return trouble ? clock.monotonic() - trouble.at < REST_MS : clock.monotonic() - at < AGAIN_MS
  }

  return {
    async find(issuer, kid) {
      const known = held.get(issuer)
      const key = known?.keys.get(kid)
      if (known && key && clock.monotonic() - known.at < FRESH_MS) return key
      const now = known && rests(known) ? known : await askOnce(issuer)
      if (now.trouble) throw now.trouble.failure
      return now.keys.get(kid)
    },
  }
}

/** By name. Public keys of the kinds that we check by; a shared secret is no key here. */
function toEntry(jwk: z.output<typeof Jwk>): [string, KeyObject][] {
  const { kty, kid, use } = jwk
  if (typeof kid !== 'string' || use === 'enc' || !['RSA', 'EC', 'OKP'].includes(kty)) return []
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    return algorithmsOf(key).length > 0 ? [[kid, key]] : []
  } catch {
    // A kind that is not known here, or a broken one: the issuer's other keys are good all the same.
    return []
  }
}
