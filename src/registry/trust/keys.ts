import { createHash, createPublicKey, type KeyObject } from 'node:crypto'

export type TrustKey = {
  readonly name: string
  readonly key: KeyObject
  /** The same for the same key, however it is written. */
  readonly id: string
}

/** A key of a policy: it was checked when the policy was made. */
export function trustKey({ name, pem }: { name: string; pem: string }): TrustKey {
  const key = createPublicKey(pem)
  const id = createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64')
  return { name, key, id }
}

/** For the audit, where the key itself is too long: half of its SHA-256. */
export function keyText(given: { name: string; pem: string }): string {
  return `${given.name}=sha256:${Buffer.from(trustKey(given).id, 'base64').toString('hex', 0, 16)}`
}

/** Why no signature can be verified by it; undefined where it is a key that can. */
export function whyNoKey(pem: string): string | undefined {
  // From a private key Node would make the public one, and the private one would stay in the row.
  if (!/^\s*-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/.test(pem)) {
    return 'it is not one PEM block "PUBLIC KEY", as cosign.pub has it'
  }
  let key: KeyObject
  try {
    key = createPublicKey(pem)
  } catch {
    return 'there is no public key in it'
  }
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  const type = key.asymmetricKeyType
  if (type === 'ed25519' || (type === 'ec' && namedCurve === 'prime256v1')) return undefined
  if (type === 'rsa' && modulusLength >= 2048 && modulusLength <= 4096) return undefined
  return 'it is none of ECDSA P-256, RSA of 2048 to 4096 bits, and Ed25519'
}
