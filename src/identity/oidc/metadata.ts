import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { Clock, HttpClient, Ms } from '../../kernel/index.ts'
import { discover } from './discovery.ts'

/** What a provider says of itself, as far as a sign-in needs it. */
export type Metadata = z.output<typeof shape>

/** Signatures that a public key proves. `none` and HS256, which the client's secret would sign, are never taken. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

const url = z.url({ protocol: /^https?$/ }).max(2000)
const names = z.array(z.string().max(100)).max(100)
const shape = z.object({
  issuer: z.string().max(2000),
  authorization_endpoint: url,
  token_endpoint: url,
  jwks_uri: url,
  userinfo_endpoint: url.optional(),
  end_session_endpoint: url.optional(),
  token_endpoint_auth_methods_supported: names.optional(),
  id_token_signing_alg_values_supported: names
    .default(['RS256'])
    .transform(all => all.filter(name => ALGORITHMS.includes(name))),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
})

/** A change at the provider is seen within this; opening the page of a sign-in often asks it nothing. */
const KEPT_MS: Ms = 5 * 60_000
const KEPT = 500

type Parts = {
  http: HttpClient
  clock: Clock
  allow: readonly string[]
}

export function createMetadata({ http, clock, allow }: Parts) {
  const held = new LRUCache<string, { at: Ms; asked: Promise<Metadata> }>({ max: KEPT })

  return {
    /** Of now, or at most 5 minutes old; throws as `discover` does. */
    async read(issuer: string): Promise<Metadata> {
      const now = clock.monotonic()
      const before = held.get(issuer)
      if (before && now - before.at < KEPT_MS) return before.asked
      const asked = discover({ http, allow }, issuer, shape)
      held.set(issuer, { at: now, asked })
      // What failed is asked again by the next one.
      asked.catch(() => held.delete(issuer))
      return asked
    },
  }
}
