import { type Bundle, bundleFromJSON, type Envelope, envelopeFromJSON } from '@sigstore/bundle'
import { type Fields, readFields } from '../../oci/index.ts'
import { readCertificate } from './certificate.ts'
import { DocumentUnreadable } from './failures.ts'
import { readStatement } from './read-statement.ts'
import { APPROVES, SIGNATURE_LIMITS, type Signature, type Signer, unreadable } from './signature.ts'

// HashAlgorithm.SHA2_256 of Sigstore's protobuf.
const SHA256 = 1

/** A Sigstore bundle, as cosign attaches it since 2.4. */
export function readBundle(bytes: Uint8Array): Signature {
  const bundle = attempt(bytes, fields => bundleFromJSON(fields as object))
  if (typeof bundle === 'string') return unreadable(bundle)
  const { content } = bundle
  const signer = signerOf(bundle)
  if (content.$case === 'dsseEnvelope') return envelope(content.dsseEnvelope, signer)
  const { messageDigest, signature } = content.messageSignature
  if (messageDigest.algorithm !== SHA256) return unreadable('it signs a digest other than SHA-256')
  const signed = { kind: 'message', bytes: undefined, digest: messageDigest.digest, signature } as const
  const subjects = [`sha256:${messageDigest.digest.toString('hex')}`]
  return { signed, subjects, predicateType: APPROVES, signer, why: '' }
}

/** cosign's first form of attestations: the envelope alone. */
export function readEnvelope(bytes: Uint8Array): Signature {
  const read = attempt(bytes, envelopeFromJSON)
  return typeof read === 'string' ? unreadable(read) : envelope(read, undefined)
}

function envelope({ payloadType, payload, signatures }: Envelope, signer: Signer | undefined): Signature {
  const [first, ...others] = signatures
  // Sigstore's library looks at the first alone.
  if (!first || first.sig.length === 0 || others.length > 0) return unreadable('its envelope has not one signature')
  return readStatement({ payloadType, payload, signature: first.sig }, signer)
}

function signerOf({ verificationMaterial: { content } }: Bundle): Signer | undefined {
  if (content.$case === 'certificate') return readCertificate(content.certificate.rawBytes)
  if (content.$case === 'publicKey') return undefined
  return readCertificate(content.x509CertificateChain.certificates[0]?.rawBytes)
}

function attempt<T>(bytes: Uint8Array, read: (fields: Fields) => T): T | string {
  try {
    return read(readFields(bytes, SIGNATURE_LIMITS, DocumentUnreadable))
  } catch (error) {
    // The library checks some fields and throws TypeErrors at others: all of it says that this is no bundle.
    return error instanceof Error ? error.message.slice(0, 200) : 'it is no bundle'
  }
}
