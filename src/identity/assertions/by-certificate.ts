import { createPublicKey } from 'node:crypto'
import { z } from 'zod'
import type { Clock, Store } from '../../kernel/index.ts'
import type { SignedIn } from '../principals/principal.ts'
import { findAbled } from '../principals/principals.ts'
import { checkAssertion, SKEW, type Unchecked } from './assertion.ts'
import { readCertificates, type ServiceCertificate } from './certificates.ts'
import { AssertionRefused } from './failures.ts'
import { useAssertion } from './used.ts'

/** Seconds. A client makes one for each sign-in. */
const OLDEST = 5 * 60

const Claims = z.object({ sub: z.string(), iat: z.number(), jti: z.string().min(1).max(200), aud: z.unknown() })

type Parts = {
  store: Store
  clock: Clock
  /** The URLs of our token endpoint. */
  audiences: readonly string[]
}

/** A client that shows by its signature that it has the key of a certificate of its (RFC 7523 §3, `private_key_jwt`). */
export async function signInByCertificate({ store, clock, audiences }: Parts, given: Unchecked): Promise<SignedIn> {
  const now = clock.now()
  const principal = await findAbled(store.read, given.issuer)
  const held = principal ? await readCertificates(store.read, principal.tenantId, principal.id) : []
  const certificate = held.find(one => names(given, one))
  // The same words for all: nobody learns here which clients there are.
  if (!principal || !certificate)
    throw AssertionRefused('no certificate of this client is named by its x5t#S256 or kid')
  if (certificate.notAfter <= now) throw AssertionRefused('the certificate has expired')
  const key = createPublicKey(certificate.publicKey)
  const payload = await checkAssertion(given.token, {
    ...{ key, now, issuer: principal.id, oldest: OLDEST },
    required: ['jti'],
  })
  const { sub, iat, jti, aud } = readClaims(payload)
  if (sub !== principal.id) throw AssertionRefused('its "sub" is not its "iss"')
  const audience = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud
  if (!audiences.some(url => url === audience))
    throw AssertionRefused(`its "aud" is not this token endpoint alone: ${audiences[0]}`)
  const { tenantId, id: principalId } = principal
  const endsAt = Math.ceil(iat + OLDEST + SKEW + 1) * 1000
  if (!(await store.write(useAssertion, { tenantId, principalId, jti, endsAt })))
    throw AssertionRefused('it was used before; sign a new one for each request')
  return { principal, proof: `certificate:${certificate.id}`, ends: certificate.notAfter }
}

function names({ thumbprint, kid }: Unchecked, certificate: ServiceCertificate): boolean {
  if (thumbprint !== undefined) return thumbprint === certificate.thumbprint
  return kid === certificate.thumbprint || kid === certificate.id
}

function readClaims(payload: unknown): z.output<typeof Claims> {
  const claims = Claims.safeParse(payload)
  if (!claims.success) throw AssertionRefused('a claim has the wrong type, or is too long')
  return claims.data
}
