import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { failure, type SecretFiles } from '../../kernel/index.ts'

/** An Ed25519 pair that signs the platform's own tokens, and its name (RFC 7638). */
export type SigningKey = {
  readonly kid: string
  /** The public half, as JWK has it. */
  readonly x: string
  readonly private: KeyObject
  readonly public: KeyObject
}

export const SigningKeyUnreadable = failure('IDENTITY_SIGNING_KEY', 500, (name: string) => ({
  says: `secrets/${name} is not an Ed25519 private key in JWK form`,
  next: 'Restore the file, or remove it and start again: a new key is made, and clients sign in anew',
}))

const Jwk = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() })

type Files = Pick<SecretFiles, 'ensure' | 'find'>

/** The key that a platform starts with. */
const FIRST = 'token-signing.jwk'

/** Reads the key, or makes one where there is none. Two starts at once end with one key. */
export async function ensureSigningKey(files: Files): Promise<SigningKey> {
  return parse((await files.ensure(FIRST, newJwk)).value, FIRST)
}

/** Makes one more key, in a file named by its kid. Durable on return. */
export async function addSigningKey(files: Files): Promise<SigningKey> {
  const text = newJwk()
  const key = parse(text, 'a new key')
  await files.ensure(laterName(key.kid), () => text)
  return key
}

/** Finds the private half of a key by its kid, where this machine has it. Files are read once. */
export function ownSigningKeys(files: Files): (kid: string) => Promise<SigningKey | undefined> {
  const known = new Map<string, SigningKey>()
  return async kid => {
    const held = known.get(kid)
    if (held || !KID.test(kid)) return held
    for (const name of [laterName(kid), FIRST]) {
      const file = await files.find(name)
      const key = file && parse(file.value, name)
      if (key) known.set(key.kid, key)
    }
    return known.get(kid)
  }
}

/** A key that lives in memory only: for tests and the simulation. */
export async function newSigningKey(): Promise<SigningKey> {
  return parse(newJwk(), 'a new key')
}

/** `name` stands for the text in errors; the text itself never does. */
function parse(text: string, name: string): SigningKey {
  try {
    const { crv, kty, x, d } = Jwk.parse(JSON.parse(text))
    const key = createPrivateKey({ key: { crv, kty, x, d }, format: 'jwk' })
    // RFC 7638: these members, in this order.
    const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url')
    return { kid, x, private: key, public: createPublicKey(key) }
  } catch {
    // No cause: a parser's message may quote what it read, and this is a private key.
    throw SigningKeyUnreadable(name)
  }
}

/** What a kid is; anything else is no name of a file. */
const KID = /^[A-Za-z0-9_-]{43}$/

function laterName(kid: string): string {
  return `token-signing-${kid}.jwk`
}

function newJwk(): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  return JSON.stringify({ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'EdDSA' })
}
