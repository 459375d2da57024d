import { Failure } from '../../kernel/index.ts'
import { isDigest, isFields, readFields } from '../../oci/index.ts'
import { DocumentUnreadable } from './failures.ts'
import { SIGNATURE_LIMITS, type Signature, type Signer, unreadable } from './signature.ts'

const IN_TOTO = 'application/vnd.in-toto+json'
// cosign writes one. Others may list files, of which each is looked through at each pull.
const SUBJECTS = 1000

export type Envelope = { readonly payloadType: string; readonly payload: Buffer; readonly signature: Buffer }

/** An in-toto statement in its envelope: what it says of which digests. */
export function readStatement(envelope: Envelope, signer: Signer | undefined): Signature {
  const { payloadType, payload } = envelope
  if (payloadType !== IN_TOTO) return unreadable(`it signs ${JSON.stringify(payloadType.slice(0, 100))}, no statement`)
  try {
    const { _type, predicateType, subject } = readFields(payload, SIGNATURE_LIMITS, DocumentUnreadable)
    if (typeof _type !== 'string' || !_type.startsWith('https://in-toto.io/Statement/')) {
      return unreadable('it signs JSON that is no in-toto statement')
    }
    if (typeof predicateType !== 'string' || predicateType.length > 500) return unreadable('it has no predicateType')
    const subjects = Array.isArray(subject) ? subject.slice(0, SUBJECTS).flatMap(digestsOf) : []
    return { signed: { kind: 'envelope', ...envelope }, subjects, predicateType, signer, why: '' }
  } catch (error) {
    if (error instanceof Failure && error.is(DocumentUnreadable)) return unreadable(error.message)
    throw error
  }
}

function digestsOf(subject: unknown): string[] {
  if (!isFields(subject) || !isFields(subject.digest)) return []
  const { sha256, sha512 } = subject.digest
  return [`sha256:${sha256}`, `sha512:${sha512}`].filter(isDigest)
}
