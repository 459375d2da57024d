/** What a key is tried on. */
export type Signed =
  /** DSSE: the signature is of type and payload. */
  | { readonly kind: 'envelope'; readonly payloadType: string; readonly payload: Buffer; readonly signature: Buffer }
  /** Of the SHA-256 of a message: that of `bytes`, or of the manifest itself. */
  | {
      readonly kind: 'message'
      readonly bytes: Buffer | undefined
      readonly digest: Buffer
      readonly signature: Buffer
    }

/** A signature as somebody pushed it: what it says, which is worth nothing until a key verifies it. */
export type Signature = {
  /** Undefined where it could not be read. */
  readonly signed: Signed | undefined
  /** Digests of what it says it signs. */
  readonly subjects: readonly string[]
  /** `APPROVES` of a signature; what an attestation says is of another type. */
  readonly predicateType: string
  /** Whom the certificate names that came with it. */
  readonly signer: Signer | undefined
  /** Why it could not be read; ''. */
  readonly why: string
}

export type Signer = { readonly subject: string; readonly issuer: string }

/**
 * The predicate of `cosign sign`. An attestation by the same key is no approval: it may say that the image is full of
 * holes.
 */
export const APPROVES = 'https://sigstore.dev/cosign/sign/v1'

/** cosign's of an image have 1 KiB; an attestation with an SBOM in it may have more, and is shown unread. */
export const SIGNATURE_BYTES = 1024 * 1024
export const SIGNATURE_LIMITS = { bytes: SIGNATURE_BYTES, depth: 64 }

export function unreadable(why: string): Signature {
  return { signed: undefined, subjects: [], predicateType: '', signer: undefined, why }
}

/** Says yes of this digest, if a key verifies it. */
export function approves(signature: Signature, digest: string): boolean {
  return signature.predicateType === APPROVES && signature.subjects.includes(digest)
}
