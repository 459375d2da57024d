import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { z } from 'zod'
import { canonical } from './canonical.ts'
import { AuditKeysUnreadable } from './failures.ts'

/** Name and key (the 32 bytes of Ed25519 in base64url, as `x` of a JWK). */
export type PublicKey = { readonly keyId: string; readonly publicKey: string }

export type AuditKeys = {
  /** Signs from now on. */
  readonly current: PublicKey
  sign(text: string): string
  /** Whether one of these keys, the one that signs or one from before, made this signature. */
  verify(keyId: string, text: string, signature: string): boolean
  has(keyId: string): boolean
}

const base64url = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
const okp = { kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: base64url }
const file = z.object({ keys: z.tuple([z.object({ ...okp, d: base64url })], z.object(okp)) })

/** The text of a key file: a new pair that signs, and public keys from before, whose signatures keep counting. */
export function newAuditKeys(before: readonly PublicKey[]): string {
  const { kty, crv, x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  return JSON.stringify({ keys: [{ kty, crv, x, d }, ...before.map(({ publicKey }) => ({ kty, crv, x: publicKey }))] })
}

/** Reads a key file: a JSON Web Key Set whose first key signs. `name` stands for the text in errors. */
export function parseAuditKeys(text: string, name: string): AuditKeys {
  try {
    const { keys } = file.parse(JSON.parse(text))
    const [first] = keys
    const privateKey = createPrivateKey({ key: first, format: 'jwk' })
    const byId = new Map<string, KeyObject>()
    for (const { kty, crv, x } of keys) byId.set(idOf(x), createPublicKey({ key: { kty, crv, x }, format: 'jwk' }))
    return {
      current: { keyId: idOf(first.x), publicKey: first.x },
      sign: words => sign(null, Buffer.from(words), privateKey).toString('base64url'),
      verify: (keyId, words, signature) => {
        const key = byId.get(keyId)
        return key !== undefined && verify(null, Buffer.from(words), key, Buffer.from(signature, 'base64url'))
      },
      has: keyId => byId.has(keyId),
    }
  } catch {
    // No cause: a parser's message may quote what it read, and this is a private key.
    throw AuditKeysUnreadable(name)
  }
}

/** RFC 7638. */
function idOf(x: string): string {
  return createHash('sha256')
    .update(canonical({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url')
}
