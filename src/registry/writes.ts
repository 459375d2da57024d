import { type AnyWrite, type BlobKey, sql, write } from '../kernel/index.ts'
import type { Digest } from '../oci/index.ts'
import { holdReclaim, reclaimBlobs, releaseReclaim, reviewLinks } from './collect.ts'
import { putContent } from './content.ts'
import { deferReview } from './content-blob.ts'
import type { ManifestFacts, RepoRef } from './content-change.ts'
import { pruneTombstones } from './tombstones.ts'

type Here = RepoRef & { region: string }

/** Gives the key under which the blob's bytes are to be found from now on. */
export const pushBlob = write(
  'registry.push-blob',
  async (tx, { region, ...blob }: Here & { digest: Digest; key: BlobKey; size: number; keepFor: number }) =>
    (await putContent(tx, { kind: 'blob', ...blob }, region)).key ?? blob.key,
)

/** False where `from` does not have the blob (any more). */
export const mountBlob = write(
  'registry.mount-blob',
  async (tx, { region, from, ...to }: Here & { from: string; digest: Digest; keepFor: number }) => {
    const held = await tx.one<{ blob_key: BlobKey; size: number }>(sql`select blob_key, size from repository_blob
      where registry_id = ${to.registryId} and repository = ${from} and digest = ${to.digest}`)
    if (!held) return false
    await putContent(tx, { kind: 'blob', ...to, key: held.blob_key, size: held.size }, region)
    return true
  },
)

/** The manifest, what it refers to, and its tags: all of it or nothing. */
export const pushManifest = write(
  'registry.push-manifest',
  async (
    tx,
    push: Here & { digest: Digest; bytes: Uint8Array; facts: ManifestFacts; tags: readonly string[] },
  ): Promise<null> => {
    const { registryId, repository, digest, region, bytes, facts } = push
    await putContent(tx, { kind: 'manifest', registryId, repository, digest, bytes, facts }, region)
    for (const tag of push.tags) await putContent(tx, { kind: 'tag', registryId, repository, tag, digest }, region)
    return null
  },
)

export const deleteBlob = write(
  'registry.delete-blob',
  async (tx, { region, ...blob }: Here & { digest: Digest; keepFor: number }) =>
    (await putContent(tx, { kind: 'blob-deleted', ...blob }, region)).applied,
)

export const deleteManifest = write(
  'registry.delete-manifest',
  async (tx, { region, ...manifest }: Here & { digest: Digest; keepFor: number }) =>
    (await putContent(tx, { kind: 'manifest-deleted', ...manifest }, region)).applied,
)

export const deleteTag = write(
  'registry.delete-tag',
  async (tx, { region, ...tag }: Here & { tag: string }) =>
    (await putContent(tx, { kind: 'tag-deleted', ...tag }, region)).applied,
)

export const keepBlob = write(
  'registry.keep-blob',
  async (tx, blob: RepoRef & { digest: Digest; keepFor: number }): Promise<null> => {
    await deferReview(tx, blob, tx.clock.now() + blob.keepFor)
    return null
  },
)

export const registryWrites: readonly AnyWrite[] = [
  pushBlob,
  mountBlob,
  pushManifest,
  deleteBlob,
  deleteManifest,
  deleteTag,
  keepBlob,
  reviewLinks,
  reclaimBlobs,
  holdReclaim,
  releaseReclaim,
  pruneTombstones,
]
