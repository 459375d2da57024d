import { LRUCache } from 'lru-cache'
import type { Descriptor } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'
import { findStored, parseStored } from '../read/stored.ts'
import type { TrustKey } from './keys.ts'
import { isBundle, layerTypes } from './media-types.ts'
import { type Reach, readBlob } from './read-blob.ts'
import { SIGNATURE_BYTES, type Signature, unreadable } from './signature.ts'

/** Of one manifest: cosign's first form keeps all signatures of an image in one. */
const SIGNATURES_A_MANIFEST = 16
const CACHE_BYTES = 16 * 1024 * 1024
// Beside the payload: what was parsed of it, and a verdict a key.
const OVERHEAD_BYTES = 2048

/** `verdicts` by the id of a key. */
export type Held = { readonly signature: Signature; readonly bytes: number; readonly verdicts: Map<string, boolean> }

/** The signatures that manifests carry, and which keys verify them: neither ever changes under a digest. */
export class Signatures {
  readonly #reach: Reach
  readonly #cache = new LRUCache<string, readonly Held[]>({
    maxSize: CACHE_BYTES,
    sizeCalculation: held => OVERHEAD_BYTES + held.reduce((sum, one) => sum + one.bytes + OVERHEAD_BYTES, 0),
  })

  constructor(reach: Reach) {
    this.#reach = reach
  }

  /** None where the manifest is gone. */
  async of(repo: RepoRef, digest: string): Promise<readonly Held[]> {
    const held = this.#cache.get(digest)
    if (held) return held
    const stored = await findStored(this.#reach.read, repo, digest)
    if (!stored) return []
    const { layers } = parseStored(stored)
    const signed = layers.filter(({ mediaType }) => isSigned(mediaType)).slice(0, SIGNATURES_A_MANIFEST)
    const found: Held[] = []
    let whole = true
    for (const layer of signed) {
      const bytes = await readBlob(this.#reach, repo, layer.digest, SIGNATURE_BYTES)
      whole &&= typeof bytes !== 'string'
      const signature = typeof bytes === 'string' ? unreadable(bytes) : await read(layer, bytes)
      found.push({ signature, bytes: bytes.length, verdicts: new Map() })
    }
    // Bytes that are not here yet may come: peers fill them in.
    if (whole) this.#cache.set(digest, found)
    return found
  }

  /** Whether the key made this signature of the manifest `subject`. */
  async verifies({ signature, verdicts }: Held, key: TrustKey, repo: RepoRef, subject: string): Promise<boolean> {
    const { signed, subjects } = signature
    if (!signed || !subjects.includes(subject)) return false
    const known = verdicts.get(key.id)
    if (known !== undefined) return known
    const { verifies } = await import('./verify.ts')
    const own = signed.kind === 'message' && signed.bytes === undefined
    const manifest = own ? (await findStored(this.#reach.read, repo, subject))?.bytes : undefined
    const verdict = verifies(signed, key.key, manifest)
    // Once its manifest is here this may be true.
    if (verdict || !own || manifest) verdicts.set(key.id, verdict)
    return verdict
  }
}

function isSigned(mediaType: string): boolean {
  return mediaType === layerTypes.simpleSigning || mediaType === layerTypes.envelope || isBundle(mediaType)
}

// Sigstore's library is 1 MB of code: loaded where there is a signature to read.
async function read({ mediaType, annotations = {} }: Descriptor, bytes: Uint8Array): Promise<Signature> {
  if (mediaType === layerTypes.simpleSigning) {
    const { readSimpleSigning } = await import('./read-simple-signing.ts')
    return readSimpleSigning(Buffer.from(bytes), annotations)
  }
  const { readBundle, readEnvelope } = await import('./read-bundle.ts')
  return mediaType === layerTypes.envelope ? readEnvelope(bytes) : readBundle(bytes)
}
