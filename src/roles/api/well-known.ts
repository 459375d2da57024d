import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { readSigningKeys } from '../../identity/index.ts'
import type { Clock, Store } from '../../kernel/index.ts'
import { GRANT_TYPES } from './oauth.ts'
import { type Route, route } from './route.ts'

const key = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  kid: z.string(),
  alg: z.literal('EdDSA'),
  use: z.literal('sig'),
})

type Parts = {
  store: Store
  clock: Clock
  /** What the client calls this host: it compares (RFC 8414 §3.3). */
  originOf: (request: FastifyRequest) => string
}

/** What programs look up before they sign in. */
export function wellKnownRoutes({ store, clock, originOf }: Parts): Route[] {
  return [
    route({
      method: 'GET',
      url: '/.well-known/oauth-authorization-server',
      action: 'sign-in.describe',
      allow: 'anyone',
      summary: 'Where and how to sign in (RFC 8414)',
      answers: { 200: z.record(z.string(), z.union([z.string(), z.array(z.string())])) },
      run: async ({ raw }) => {
        const issuer = originOf(raw)
        return {
          issuer,
          token_endpoint: `${issuer}/oauth2/token`,
          device_authorization_endpoint: `${issuer}/oauth2/device_authorization`,
          jwks_uri: `${issuer}/.well-known/jwks.json`,
          grant_types_supported: [...GRANT_TYPES],
          token_endpoint_auth_methods_supported: [
            'client_secret_basic',
            'client_secret_post',
            'private_key_jwt',
            'none',
          ],
          token_endpoint_auth_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'],
          response_types_supported: [],
        }
      },
    }),
    route({
      method: 'GET',
      url: '/.well-known/jwks.json',
      action: 'sign-in.keys',
      allow: 'anyone',
      summary: 'The public keys of tokens that are signed here (RFC 7517)',
      answers: { 200: z.object({ keys: z.array(key) }) },
      run: async () => {
        const now = clock.now()
        const held = await readSigningKeys(store.read)
        const good = held.filter(({ endsAt }) => endsAt === null || endsAt > now)
        const rest = { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' } as const
        return { keys: good.map(({ kid, x }) => ({ ...rest, kid, x })) }
      },
    }),
  ]
}
