import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { link, open, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { failure } from '../../kernel/index.ts'

/** An Ed25519 pair that signs the platform's own tokens, and its name (RFC 7638). */
export type SigningKey = {
  readonly kid: string
  /** The public half, as JWK has it. */
  readonly x: string
  readonly private: KeyObject
  readonly public: KeyObject
}

export const SigningKeyUnreadable = failure('IDENTITY_SIGNING_KEY', 500, (path: string) => ({
  says: `${path} is not an Ed25519 private key in JWK form`,
  next: 'Restore the file, or remove it and start again: a new key is made, and clients sign in anew',
}))

const Jwk = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() })

/** Reads the key, or makes one where there is none (mode 0600). Two starts at once end with one key. */
export async function ensureSigningKey(path: string): Promise<SigningKey> {
  try {
    return await loadSigningKey(path)
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
  }
  await createOnce(path, `${newJwk()}\n`)
  return loadSigningKey(path)
}

/** Makes one more key in the folder of secrets, in a file named by its kid. Durable on return. */
export async function addSigningKey(dir: string): Promise<SigningKey> {
  const text = newJwk()
  const key = parse(text, 'a new key')
  await createOnce(laterPath(dir, key.kid), `${text}\n`)
  return key
}

/** Finds the private half of a key that `addSigningKey` made, where this machine has it. Nothing is awaited: files are read once. */
export function laterSigningKeys(dir: string): (kid: string) => SigningKey | undefined {
  const known = new Map<string, SigningKey>()
  return kid => {
    const held = known.get(kid)
    const path = laterPath(dir, kid)
    if (held || !KID.test(kid) || !existsSync(path)) return held
    const key = parse(readFileSync(path, 'utf8'), path)
    known.set(kid, key)
    return key
  }
}

/** A key that lives in memory only: for tests and the simulation. */
export async function newSigningKey(): Promise<SigningKey> {
  return parse(newJwk(), 'a new key')
}

/** Throws the system's ENOENT where there is no file, `SigningKeyUnreadable` where it holds anything else. */
export async function loadSigningKey(path: string): Promise<SigningKey> {
  return parse(await readFile(path, 'utf8'), path)
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

/** One line of base64url: what a kid is, and safe in a path. */
const KID = /^[A-Za-z0-9_-]{43}$/

function laterPath(dir: string, kid: string): string {
  return join(dir, `token-signing-${kid}.jwk`)
}

function newJwk(): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  return JSON.stringify({ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'EdDSA' })
}

/** Whole or not at all, also through a power cut; an existing file stays. */
async function createOnce(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(draft, path)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    await unlink(draft)
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
