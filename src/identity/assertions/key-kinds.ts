import type { KeyObject } from 'node:crypto'

const RSA = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
const LEAST_RSA = 2048
/** Checking a signature costs with the square of the length. */
const MOST_RSA = 8192
const LEAST_EXPONENT = 65_537n
const MOST_EXPONENT = 2n ** 32n

/**
 * What signatures by this key are called in a JWT; none where the key is too weak, or too dear to check with. The
 * algorithm follows from the key that is known here and never from the token alone.
 */
export function algorithmsOf(key: KeyObject): readonly string[] {
  const { modulusLength = 0, publicExponent = 0n, namedCurve } = key.asymmetricKeyDetails ?? {}
  switch (key.asymmetricKeyType) {
    case 'rsa': {
      const fits = modulusLength >= LEAST_RSA && modulusLength <= MOST_RSA
      return fits && publicExponent >= LEAST_EXPONENT && publicExponent <= MOST_EXPONENT ? RSA : []
    }
    case 'ec':
      if (namedCurve === 'prime256v1') return ['ES256']
      return namedCurve === 'secp384r1' ? ['ES384'] : []
    case 'ed25519':
      return ['EdDSA', 'Ed25519']
    default:
      return []
  }
}
