import { createHash, type Hash } from 'node:crypto'
import { failure } from '../kernel/index.ts'

/** `sha256:<64 hex>` or `sha512:<128 hex>`, checked. */
export type Digest = string & { readonly digest: unique symbol }
export type DigestAlgorithm = 'sha256' | 'sha512'

export const DigestInvalid = failure('DIGEST_INVALID', 400, (text: string, why: string) => ({
  says: `${quote(text)} is not a digest that can be checked: ${why}`,
  next: 'Give sha256:<64 lower-case hex characters> or sha512:<128 lower-case hex characters>',
}))

// The grammar of the image specification (descriptor.md); one form per algorithm follows.
const grammar = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/
const forms = { sha256: /^sha256:[a-f0-9]{64}$/, sha512: /^sha512:[a-f0-9]{128}$/ } as const

/**
 * Throws `DigestInvalid`. An algorithm that nobody here can compute is refused as well: bytes under
 * such a digest could never be verified.
 */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text
  // Longest well-formed digest is 135 characters; the bound keeps the grammar's work small.
  if (text.length > 255 || !grammar.test(text)) throw DigestInvalid(text, 'it is not <algorithm>:<encoded>')
  const algorithm = text.slice(0, text.indexOf(':'))
  if (algorithm === 'sha256' || algorithm === 'sha512') {
    const length = algorithm === 'sha256' ? 64 : 128
    throw DigestInvalid(text, `${algorithm} has ${length} lower-case hex characters`)
  }
  throw DigestInvalid(text, `the algorithm ${quote(algorithm)} is not supported`)
}

export function isDigest(text: string): text is Digest {
  return forms.sha256.test(text) || forms.sha512.test(text)
}

export function digestAlgorithm(digest: Digest): DigestAlgorithm {
  return digest.startsWith('sha512:') ? 'sha512' : 'sha256'
}

export function digestHex(digest: Digest): string {
  return digest.slice(7)
}

export function digestOf(bytes: Uint8Array | string, algorithm: DigestAlgorithm = 'sha256'): Digest {
  return hasher(algorithm).update(bytes).digest()
}

export type Hasher = { update(bytes: Uint8Array | string): Hasher; digest(): Digest }

/** A hash that ends in a digest, for bytes that come in pieces. */
export function hasher(algorithm: DigestAlgorithm = 'sha256'): Hasher {
  const hash: Hash = createHash(algorithm)
  const self: Hasher = {
    update(bytes) {
      hash.update(bytes)
      return self
    },
    digest: () => parseDigest(`${algorithm}:${hash.digest('hex')}`),
  }
  return self
}

/** Input of strangers in a message: short, and without control characters. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)
}
