import type { OciClient } from '../client/client.ts'
import type { FetchedManifest } from '../client/manifests.ts'
import type { BlobStart } from '../client/pull-blob.ts'
import type { Repository } from '../client/scope.ts'
import type { Descriptor } from '../descriptor.ts'
import { type Digest, isDigest } from '../digest.ts'

export type Blob = { readonly digest: Digest; readonly size: number }
/** Its bytes from some place on; it throws at the end where they are not the blob's. */
export type OpenBlob = (from: BlobStart) => AsyncIterable<Uint8Array>
export type Outcome = 'present' | 'mounted' | 'sent'
export type NewManifest = {
  readonly bytes: Uint8Array
  readonly mediaType: string
  readonly digest: Digest
  readonly tag?: string
  /** Not only a part of another one. */
  readonly top: boolean
}

/** Where content comes from: a registry's repository or a layout on disk. */
export type Source = {
  readonly repository?: Repository
  /** By tag or digest; undefined is what there is but one of. */
  manifest(name: string | undefined, signal?: AbortSignal): Promise<FetchedManifest>
  blob(blob: Blob, from: BlobStart, signal?: AbortSignal): AsyncIterable<Uint8Array>
  referrers(digest: Digest, signal?: AbortSignal): AsyncIterable<Descriptor>
}

/** Where content goes. */
export type Target = {
  readonly repository?: Repository
  putBlob(blob: Blob, open: OpenBlob, options: PutBlobOptions): Promise<Outcome>
  putManifest(manifest: NewManifest, signal?: AbortSignal): Promise<void>
}

export type PutBlobOptions = {
  readonly mountFrom?: string
  readonly chunkBytes?: number
  /** How much of the blob is there. */
  readonly onBytes?: (at: number) => void
  readonly signal?: AbortSignal | undefined
}

export function registryEnd(client: OciClient, repository: Repository): Source & Target {
  return {
    repository,
    manifest: (name = 'latest', signal) => {
      return client.getManifest({ ...repository, ...(isDigest(name) ? { digest: name } : { tag: name }) }, { signal })
    },
    blob: (blob, from, signal) => client.pullBlob(repository, blob, { from, signal }),
    referrers: (digest, signal) => client.referrers(repository, digest, { signal }),
    putBlob: (blob, open, options) => client.pushBlob(repository, blob, at => open({ at }), options),
    async putManifest({ bytes, mediaType, digest, tag }, signal) {
      await client.pushManifest(
        repository,
        { bytes, mediaType, digest, ...(tag === undefined ? {} : { tag }) },
        { signal },
      )
    },
  }
}
