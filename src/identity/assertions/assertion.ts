import type { KeyObject } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import { z } from 'zod'
import type { Ms } from '../../kernel/index.ts'
import { AssertionRefused } from './failures.ts'
import { algorithmsOf } from './key-kinds.ts'

/** RFC 7523 §2.2. */
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
/** GitLab's have 2,000 characters, Kubernetes' 1,200. */
export const MOST_CHARS = 16 * 1024
/** Seconds. Clocks may differ by this much. */
export const SKEW = 60

const short = z.string().min(1).max(500)
const Header = z.object({ kid: short.optional(), 'x5t#S256': short.optional() })
const Claims = z.object({ iss: short })

/** What an assertion says of itself before anything was checked: enough to find the key that checks it. */
export type Unchecked = {
  readonly token: string
  readonly issuer: string
  readonly kid: string | undefined
  readonly thumbprint: string | undefined
}

export function readUnchecked(token: string): Unchecked {
  if (token.length > MOST_CHARS) throw AssertionRefused(`it is longer than ${MOST_CHARS} characters`)
  try {
    const { kid, 'x5t#S256': thumbprint } = Header.parse(decodeProtectedHeader(token))
    return { token, issuer: Claims.parse(decodeJwt(token)).iss, kid, thumbprint }
  } catch (error) {
    throw refusal(error)
  }
}

type Checks = {
  readonly key: KeyObject
  readonly now: Ms
  readonly issuer: string
  /** Seconds since it was made. */
  readonly oldest: number
  readonly required: readonly string[]
}

/** Signature, algorithm, issuer and times; the caller looks at the rest. */
export async function checkAssertion(token: string, checks: Checks): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, checks.key, {
      algorithms: [...algorithmsOf(checks.key)],
      issuer: checks.issuer,
      currentDate: new Date(checks.now),
      clockTolerance: SKEW,
      maxTokenAge: checks.oldest,
      requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat', ...checks.required],
    })
    return payload
  } catch (error) {
    throw refusal(error)
  }
}

const TIMES: Readonly<Record<string, string>> = {
  nbf: 'it is not valid yet: a clock is wrong, or it was made for later',
  iat: 'it comes from the future, or was made too long ago',
}

function refusal(error: unknown): Error {
  if (error instanceof errors.JWTExpired)
    return AssertionRefused(error.claim === 'iat' ? 'it was made too long ago' : 'it has expired').from(error)
  if (error instanceof errors.JWTClaimValidationFailed) {
    // The claim's name is one of ours: what the token has there is not in it.
    const words = error.reason === 'missing' ? `it has no "${error.claim}"` : TIMES[error.claim]
    return AssertionRefused(words ?? `its "${error.claim}" is not what it should be`).from(error)
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return AssertionRefused('its algorithm is not one for the key that it names').from(error)
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return AssertionRefused('its signature is not by the key that it names').from(error)
  if (error instanceof errors.JOSEError || error instanceof z.ZodError || error instanceof TypeError)
    return AssertionRefused('it has not the form of one').from(error)
  return error instanceof Error ? error : new Error('An assertion could not be checked', { cause: error })
}
