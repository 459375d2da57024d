/**
 * Errors as data: a code that never changes, an HTTP status, a sentence that says what happened to
 * what, and the next step. The cause is kept. Made once per kind, thrown anywhere:
 *
 *   export const BlobMissing = failure('BLOB_UNKNOWN', 404, (d: Digest) => ({ says: `Blob ${d} is not here`, next: 'Push it, or check the digest' }))
 *   throw BlobMissing(digest)
 *   throw BlobMissing(digest).from(error)
 */
export class Failure extends Error {
  readonly code: string
  readonly status: number
  /** What the user can do now. */
  readonly next: string
  /** Extra facts for machines; never a secret. */
  readonly detail: Readonly<Record<string, unknown>>

  constructor(code: string, status: number, words: Words) {
    super(words.says)
    this.name = 'Failure'
    this.code = code
    this.status = status
    this.next = words.next
    this.detail = words.detail ?? {}
  }

  /** Keeps what caused it. */
  from(cause: unknown): this {
    this.cause = cause
    return this
  }

  /** Whether this failure is of that kind. */
  is(kind: { readonly code: string }): boolean {
    return this.code === kind.code
  }
}

type Words = { says: string; next: string; detail?: Record<string, unknown> }

export type FailureKind<Args extends unknown[]> = ((...args: Args) => Failure) & {
  readonly code: string
  readonly status: number
}

export function failure<Args extends unknown[]>(
  code: string,
  status: number,
  words: (...args: Args) => Words,
): FailureKind<Args> {
  const make = (...args: Args) => new Failure(code, status, words(...args))
  return Object.assign(make, { code, status })
}
