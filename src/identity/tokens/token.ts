import { decodeJwt, type JWTPayload, SignJWT } from 'jose'
import { z } from 'zod'
import { type Clock, failure } from '../../kernel/index.ts'
import type { Access } from '../access.ts'
import { Unauthorized } from '../authorization-header.ts'
import type { KeyRing } from './key-ring.ts'
import { API_AUDIENCE, ISSUER, MAX_CHARS, readSigned, SKEW } from './signed.ts'

/** Seconds. Short: a region that is cut off can't hear of a revocation any sooner than this. */
export const TOKEN_LIFE = 300
/** Seconds; ACR's is 3 h too. It opens nothing by itself: each access token that it buys is checked against the rows of now. */
export const REFRESH_LIFE = 3 * 3600

/** What a token is for; one kind never passes for the other. */
export type TokenKind = 'access_token' | 'refresh_token'

export type TokenClaims = {
  readonly kind: TokenKind
  /** `anonymous`, `user:<name>`, `token:<name>` or `principal:<tenant id>/<id>`. */
  readonly caller: string
  /** The host that the token is for, as it was asked. */
  readonly audience: string
  /** The id of the registry that the host meant. */
  readonly registryId: string
  /** The token serves every host of its registry; whether it may still do so is asked at every host. */
  readonly shared: boolean
  readonly access: readonly Access[]
  /** Which password or sign-in vouched for it: its end is the token's end too. */
  readonly proof: string | undefined
}

/** Where a token is shown: the host, and what that host means now. */
export type ShownAt = { readonly audience: string; readonly registryId: string; readonly shared: boolean }

export const HostOfToken = failure('UNAUTHORIZED', 401, (audience: string) => ({
  says: `The token was made for another host than ${audience}`,
  next: 'Sign in to the host that you call',
}))

const Payload = z.object({
  sub: z.string(),
  iat: z.number(),
  exp: z.number(),
  aud: z.union([z.string(), z.array(z.string())]),
  grant_type: z.enum(['access_token', 'refresh_token']),
  registry: z.string(),
  access: z
    .array(z.object({ type: z.enum(['repository', 'registry']), name: z.string(), actions: z.array(z.string()) }))
    .optional(),
  proof: z.string().optional(),
})

/** Claims have ACR's names where it has one. Times in seconds since 1970, as JWT has them. `until`: ends no later. */
export async function signToken(
  keys: KeyRing,
  clock: Clock,
  claims: TokenClaims,
  until = Number.POSITIVE_INFINITY,
): Promise<{ token: string; issued: number; expires: number }> {
  const key = await keys.signer()
  const issued = Math.floor(clock.now() / 1000)
  const life = claims.kind === 'access_token' ? TOKEN_LIFE : REFRESH_LIFE
  const expires = Math.min(issued + life, Math.floor(until / 1000))
  const token = await new SignJWT({
    version: '1.0',
    grant_type: claims.kind,
    registry: claims.registryId,
    ...(claims.kind === 'access_token' ? { access: claims.access } : {}),
    ...(claims.proof === undefined ? {} : { proof: claims.proof }),
  })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'JWT' })
    .setIssuer(ISSUER)
    .setSubject(claims.caller)
    .setAudience(claims.shared ? [claims.audience, claims.registryId] : claims.audience)
    .setNotBefore(issued - SKEW)
    .setIssuedAt(issued)
    .setExpirationTime(expires)
    .setJti(Buffer.from(clock.bytes(12)).toString('base64url'))
    .sign(key.private)
  return { token, issued, expires }
}

/** As `readSigned` has it, and of this kind and for this host. */
export function verifyToken(
  keys: KeyRing,
  clock: Clock,
  token: string,
  at: ShownAt & { kind: TokenKind },
): Promise<TokenClaims & { kid: string; issued: number; expires: number }> {
  return readSigned(keys, clock, token, (signed, kid) => {
    if (signed.aud === API_AUDIENCE) throw Unauthorized('The token is for the API, and this is a registry')
    const {
      sub,
      iat: issued,
      exp: expires,
      aud,
      grant_type: kind,
      registry,
      access = [],
      proof,
    } = Payload.parse(signed)
    if (kind !== at.kind) throw Unauthorized(`The token is ${words(kind)}, and this needs ${words(at.kind)}`)
    const hosts = [aud].flat()
    const shared = hosts.includes(registry)
    const fits = hosts.includes(at.audience) || (at.shared && shared)
    if (!fits || registry !== at.registryId) throw HostOfToken(at.audience)
    const audience = hosts[0] ?? ''
    return { kind, caller: sub, audience, registryId: registry, shared, access, proof, kid, issued, expires }
  })
}

/** Whether a text claims to be a token of this platform; whether it is one, `verifyToken` says. */
export function claimsOurs(token: string): boolean {
  return claimed(token)?.iss === ISSUER
}

/** Whether it claims to be one for the API; whether it is, `verifyApiToken` says. */
export function isApiToken(token: string): boolean {
  return claimed(token)?.aud === API_AUDIENCE
}

function claimed(token: string): JWTPayload | undefined {
  try {
    return token.length <= MAX_CHARS ? decodeJwt(token) : undefined
  } catch {
    // No JWT at all: then it claims nothing.
    return undefined
  }
}

function words(kind: TokenKind): string {
  return kind === 'access_token' ? 'an access token' : 'a refresh token'
}
