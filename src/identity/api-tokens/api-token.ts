import { SignJWT } from 'jose'
import { z } from 'zod'
import type { Clock, Ms } from '../../kernel/index.ts'
import { Unauthorized } from '../authorization-header.ts'
import type { SignedIn } from '../principals/principal.ts'
import type { KeyRing } from '../tokens/key-ring.ts'
import { API_AUDIENCE, ISSUER, readSigned, SKEW } from '../tokens/signed.ts'
import { PROOF_KINDS, type Proof } from './proof.ts'

/** Seconds. Longer than a registry's: the rows behind it are read at each request. */
export const API_TOKEN_LIFE = 15 * 60

export type ApiClaims = {
  readonly tenantId: string
  readonly principalId: string
  readonly proof: Proof
  readonly issuedAt: Ms
  /** When the token does. */
  readonly expiresAt: Ms
  /** When what it stands on does, as far as that was known. */
  readonly ends?: Ms
}

const ID = /^[a-z]{2,8}_[0-9a-z_-]{1,60}$/
const Payload = z.object({
  sub: z
    .string()
    .transform(text => text.split('/'))
    .pipe(z.tuple([z.string().regex(ID), z.string().regex(ID)])),
  iat: z.number(),
  exp: z.number(),
  until: z.number().optional(),
  aud: z.literal(API_AUDIENCE),
  grant_type: z.literal('api_token'),
  proof: z
    .string()
    .transform(text => text.split(':'))
    .pipe(z.tuple([z.enum(PROOF_KINDS), z.string().regex(ID)])),
})

/** A token for the API, for who signed in; it ends no later than that does. */
export async function signApiToken(
  keys: KeyRing,
  clock: Clock,
  { principal, proof, ends = Number.POSITIVE_INFINITY }: SignedIn,
): Promise<{ token: string; expiresIn: number }> {
  const { tenantId, id, kind } = principal
  const key = await keys.signer()
  const issued = Math.floor(clock.now() / 1000)
  const expires = Math.min(issued + API_TOKEN_LIFE, Math.floor(ends / 1000))
  // What a region gives for it ends no later either.
  const until = Number.isFinite(ends) ? { until: Math.floor(ends / 1000) } : {}
  const token = await new SignJWT({ version: '1.0', grant_type: 'api_token', kind, proof, ...until })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'JWT' })
    .setIssuer(ISSUER)
    .setSubject(`${tenantId}/${id}`)
    .setAudience(API_AUDIENCE)
    .setNotBefore(issued - SKEW)
    .setIssuedAt(issued)
    .setExpirationTime(expires)
    .setJti(Buffer.from(clock.bytes(12)).toString('base64url'))
    .sign(key.private)
  return { token, expiresIn: expires - issued }
}

/** As `readSigned` has it, and for the API. Whether what it stands on is still there, `readVouched` says. */
export function verifyApiToken(keys: KeyRing, clock: Clock, token: string): Promise<ApiClaims> {
  return readSigned(keys, clock, token, signed => {
    if (signed.aud !== API_AUDIENCE) throw Unauthorized('The token is for a registry, and this is the API')
    const { sub, iat, exp, until, proof } = Payload.parse(signed)
    const [tenantId, principalId] = sub
    const [kind, id] = proof
    const ends = until === undefined ? {} : { ends: until * 1000 }
    return { tenantId, principalId, proof: { kind, id }, issuedAt: iat * 1000, expiresAt: exp * 1000, ...ends }
  })
}
