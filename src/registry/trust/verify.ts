import type { KeyObject } from 'node:crypto'
import { toDSSEBundle, toMessageSignatureBundle } from '@sigstore/bundle'
import { toSignedEntity, VerificationError, Verifier } from '@sigstore/verify'
import type { Signed } from './signature.ts'

// A key that somebody put into a policy needs no log that says when it was used. What a bundle brings of logs and
// timestamps is left out of what is verified: without their keys it could only be believed.
const OFFLINE = { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 }

/** `manifest`: the bytes that a message signature without bytes of its own is of. About 0.1 ms. */
export function verifies(signed: Signed, key: KeyObject, manifest?: Uint8Array): boolean {
  const bytes = signed.kind === 'message' ? (signed.bytes ?? (manifest && Buffer.from(manifest))) : undefined
  if (signed.kind === 'message' && bytes === undefined) return false
  const bundle =
    signed.kind === 'envelope'
      ? toDSSEBundle({ artifact: signed.payload, artifactType: signed.payloadType, signature: signed.signature })
      : toMessageSignatureBundle({ digest: signed.digest, signature: signed.signature })
  const publicKey = () => ({ publicKey: key, validFor: () => true })
  const material = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [], publicKey }
  try {
    new Verifier(material, OFFLINE).verify(toSignedEntity(bundle, bytes))
    return true
  } catch (error) {
    if (error instanceof VerificationError) return false
    throw error
  }
}
