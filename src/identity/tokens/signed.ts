import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import { z } from 'zod'
import type { Clock } from '../../kernel/index.ts'
import { Unauthorized } from '../authorization-header.ts'
import type { KeyRing } from './key-ring.ts'

/** A request's headers have 16 KiB in all. */
export const MAX_CHARS = 14 * 1024
/** Seconds. Machines of one platform may differ by this much. */
export const SKEW = 60

export const ISSUER = 'towpath'
/** Of tokens for control's API; a registry's name a host. */
export const API_AUDIENCE = 'towpath-api'

/**
 * What `read` makes of a token that a key of ours signed: EdDSA only, by a key that is not over, our issuer, a time
 * that is now. Whatever is wrong with it is said without a letter of it.
 */
export async function readSigned<T>(
  keys: KeyRing,
  clock: Clock,
  token: string,
  read: (payload: JWTPayload, kid: string) => T,
): Promise<T> {
  if (token.length > MAX_CHARS) throw Unauthorized(`The token is longer than ${MAX_CHARS} characters`)
  const now = clock.now()
  try {
    const kid = keyOf(token)
    const key = keys.find(kid)
    if (!key) throw Unauthorized('The token was signed with a key that is not in use')
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['EdDSA'],
      issuer: ISSUER,
      currentDate: new Date(now),
      requiredClaims: ['sub', 'aud', 'exp', 'iat', 'jti'],
    })
    if ((payload.iat ?? 0) > now / 1000 + SKEW) throw Unauthorized('The token comes from the future: a clock is wrong')
    return read(payload, kid)
  } catch (error) {
    throw refusal(error)
  }
}

/** Read before the signature is checked: it only chooses which of our own keys may check it. */
function keyOf(token: string): string {
  const { kid } = decodeProtectedHeader(token)
  if (kid === undefined) throw Unauthorized('The token names no key')
  return kid
}

function refusal(error: unknown): Error {
  if (error instanceof errors.JWTExpired) return Unauthorized('The token has expired').from(error)
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf') {
    return Unauthorized('The token comes from the future: a clock is wrong').from(error)
  }
  // TypeError: jose's word for a header that is no JSON.
  if (error instanceof errors.JOSEError || error instanceof z.ZodError || error instanceof TypeError) {
    return Unauthorized('The token is not one of this platform').from(error)
  }
  return error instanceof Error ? error : new Error('A token could not be checked', { cause: error })
}
