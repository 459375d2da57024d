import { LRUCache } from 'lru-cache'
import { Failure } from '../../kernel/index.ts'
import { isImageConfig, type Manifest, readFields } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'
import type { StoredManifest } from '../read/manifests.ts'
import { parseStored } from '../read/stored.ts'
import { DocumentUnreadable } from './failures.ts'
import { GONE, type Reach, readBlob } from './read-blob.ts'

// An attestation may carry an SBOM; what is larger has to be signed.
const DOCUMENT_BYTES = 4 * 1024 * 1024

/**
 * Whether a manifest is about another and can't be deployed itself: signatures, SBOMs and reports stay open where a
 * policy refuses what is unsigned, since clients verify by them. Its name proves nothing: whoever may push could call an
 * image a referrer. So its layers must be documents, and where its config is an image's, as that of cosign's first form
 * is, they must be JSON in truth: some clients unpack a layer whatever type it says.
 */
export class Evidence {
  readonly #reach: Reach
  readonly #known = new LRUCache<string, boolean>({ max: 10_000 })

  constructor(reach: Reach) {
    this.#reach = reach
  }

  async is(repo: RepoRef, stored: StoredManifest): Promise<boolean> {
    const { digest } = stored
    const known = this.#known.get(digest)
    if (known !== undefined) return known
    const verdict = await this.#judge(repo, parseStored(stored))
    if (verdict !== undefined) this.#known.set(digest, verdict)
    return verdict ?? false
  }

  /** Undefined while some of its bytes are not here. */
  async #judge(repo: RepoRef, { kind, config, layers, subject }: Manifest): Promise<boolean | undefined> {
    if (kind !== 'image' && kind !== 'artifact') return false
    if (!layers.every(layer => isDocument(layer.mediaType))) return false
    if (!config || !isImageConfig(config.mediaType)) return subject !== undefined
    for (const layer of layers) {
      const verdict = await this.#isJson(repo, layer.digest)
      if (verdict !== true) return verdict
    }
    return layers.length > 0
  }

  async #isJson(repo: RepoRef, digest: string): Promise<boolean | undefined> {
    const bytes = await readBlob(this.#reach, repo, digest, DOCUMENT_BYTES)
    if (typeof bytes === 'string') return bytes === GONE ? undefined : false
    try {
      readFields(bytes, { bytes: DOCUMENT_BYTES, depth: 256 }, DocumentUnreadable)
      return true
    } catch (error) {
      if (error instanceof Failure && error.is(DocumentUnreadable)) return false
      throw error
    }
  }
}

/** JSON, XML, text, and the envelopes of notation; no archive, chart or module. */
function isDocument(mediaType: string): boolean {
  const type = mediaType.split(';', 1)[0] ?? ''
  return /^text\/|[/+](?:json|xml|jose|cose)$/.test(type)
}
