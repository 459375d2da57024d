import { createHash } from 'node:crypto'
import { Failure } from '../../kernel/index.ts'
import { isDigest, isFields, readFields } from '../../oci/index.ts'
import { readCertificate } from './certificate.ts'
import { DocumentUnreadable } from './failures.ts'
import { APPROVES, SIGNATURE_LIMITS, type Signature, unreadable } from './signature.ts'

const SIGNATURE = 'dev.cosignproject.cosign/signature'
const CERTIFICATE = 'dev.sigstore.cosign/certificate'
const TYPE = 'cosign container image signature'

/** cosign's first form: a layer is the payload that was signed, its annotation the signature. */
export function readSimpleSigning(payload: Buffer, annotations: Readonly<Record<string, string>>): Signature {
  try {
    const { critical, optional: _, ...rest } = readFields(payload, SIGNATURE_LIMITS, DocumentUnreadable)
    // Only what cosign writes: another signed document that happens to have these fields must not pass for one.
    if (Object.keys(rest).length > 0 || !isFields(critical) || critical.type !== TYPE || !isFields(critical.image)) {
      return unreadable('its payload is not one of cosign sign')
    }
    const subject = critical.image['docker-manifest-digest']
    if (typeof subject !== 'string' || !isDigest(subject)) return unreadable('its payload names no digest')
    const signature = Buffer.from(annotations[SIGNATURE] ?? '', 'base64')
    if (signature.length === 0) return unreadable(`its layer has no annotation ${SIGNATURE}`)
    const digest = createHash('sha256').update(payload).digest()
    const signed = { kind: 'message', bytes: payload, digest, signature } as const
    const signer = readCertificate(annotations[CERTIFICATE])
    return { signed, subjects: [subject], predicateType: APPROVES, signer, why: '' }
  } catch (error) {
    if (error instanceof Failure && error.is(DocumentUnreadable)) return unreadable(error.message)
    throw error
  }
}
