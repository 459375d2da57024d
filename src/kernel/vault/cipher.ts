import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Clock } from '../clock.ts'

const ALGORITHM = 'aes-256-gcm'
export const KEY_BYTES = 32
/** What GCM is made for. Drawn at random, so a key may seal 2^32 values: a new data key comes with each rotation. */
export const NONCE_BYTES = 12
const TAG_BYTES = 16

/** `cipher` ends with the tag. */
export type Sealed = { readonly nonce: Uint8Array; readonly cipher: Uint8Array }

/** AES-256-GCM under a fresh nonce; `context` is authenticated and not stored. */
export function encrypt(clock: Clock, key: Uint8Array, plain: Uint8Array, context: string): Sealed {
  const nonce = clock.bytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(context))
  return { nonce, cipher: Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]) }
}

/** undefined where key, context or text are not those of `encrypt`. */
export function decrypt(key: Uint8Array, { nonce, cipher }: Sealed, context: string): Uint8Array | undefined {
  if (nonce.length !== NONCE_BYTES || cipher.length < TAG_BYTES) return undefined
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(cipher.subarray(cipher.length - TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(cipher.subarray(0, cipher.length - TAG_BYTES)), decipher.final()])
  } catch {
    // OpenSSL says no more than that it does not fit.
    return undefined
  }
}
