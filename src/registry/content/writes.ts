import { type AnyWrite, type BlobKey, type Ms, sql, type Tx, write } from '../../kernel/index.ts'
import type { Digest } from '../../oci/index.ts'
import { refuseTaken } from '../import/taken.ts'
import { ATTRIBUTES, type Attributes, type Subject } from '../locks/attributes.ts'
import type { Immutable } from '../policies/immutable.ts'
import { foldSizes } from '../quota/size.ts'
import { holdReclaim, reclaimBlobs, releaseReclaim, reviewLinks } from '../removal/collect.ts'
import { beginDeletion, goOnDeleting } from '../removal/delete-repository.ts'
import { pruneAttributes, pruneTombstones } from '../removal/tombstones.ts'
import { purgeDue, purgeTrash } from '../trash/purge.ts'
import { restoreImage } from '../trash/restore.ts'
import { beginRestore, goOnRestoring } from '../trash/restore-repository.ts'
import type { ContentChange, ManifestFacts, RepoRef } from './change.ts'
import { foldCounts } from './count.ts'
import { describeManifest } from './detail.ts'
import { deferReview, isLinked } from './put-blob.ts'
import { putContent } from './put-content.ts'
import { type ContentFrom, recordContent, tagDetails } from './record-content.ts'

type Here = RepoRef & { region: string }
/** Somebody's own change, which the audit has too. */
type Asked = RepoRef & { from: ContentFrom }
/** With what policies say of it. */
type Ruled = Asked & { immutable: readonly Immutable[] }
/** `trashFor`: how long what goes stays in the trash, ms; 0 is not at all. */
type Removed = Ruled & { trashFor: Ms }

/** Gives the key under which the blob's bytes are to be found from now on. */
export const pushBlob = write(
  'registry.push-blob',
  async (tx, { region, ...blob }: Here & { digest: Digest; key: BlobKey; size: number; keepFor: number }) =>
    (await putContent(tx, { kind: 'blob', ...blob }, region)).key ?? blob.key,
)

/** False where `from` does not have the blob (any more), or may not be pulled from. */
export const mountBlob = write(
  'registry.mount-blob',
  async (tx, { region, from, ...to }: Here & { from: string; digest: Digest; keepFor: number }) => {
    const held = await tx.one<{ blob_key: BlobKey; size: number }>(sql`select blob_key, size from repository_blob
      where registry_id = ${to.registryId} and repository = ${from} and digest = ${to.digest}
      and not exists (select 1 from attribute where registry_id = ${to.registryId} and repository = ${from}
        and kind = 'repository' and name = '' and field = 'read' and enabled = 0)`)
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
    push: Ruled & {
      digest: Digest
      bytes: Uint8Array
      facts: ManifestFacts
      tags: readonly string[]
      newTags?: boolean
    },
  ): Promise<null> => {
    const { registryId, repository, digest, from, bytes, facts, tags, newTags, immutable } = push
    if (newTags) await refuseTaken(tx, push, digest, tags)
    const { region, request } = from
    const tagged = tags.length > 0
    await putContent(tx, { kind: 'manifest', registryId, repository, digest, bytes, facts }, region, {
      request,
      tagged,
    })
    const { mediaType, configMediaType } = facts
    const told = { request, manifest: { size: bytes.length, mediaType, configMediaType } }
    for (const tag of tags) {
      await putContent(tx, { kind: 'tag', registryId, repository, tag, digest, immutable }, region, told)
    }
    const detail = { manifest: digest, mediaType: facts.mediaType, bytes: bytes.length, ...tagDetails(tags) }
    await recordContent(tx, from, push, { action: 'registry/content/write', detail })
    return null
  },
)

export const deleteBlob = write(
  'registry.delete-blob',
  (tx, { from, ...blob }: Asked & { digest: Digest; keepFor: number }) =>
    remove(tx, from, { kind: 'blob-deleted', ...blob }, { blob: blob.digest }),
)

export const deleteManifest = write(
  'registry.delete-manifest',
  (tx, { from, trashFor, ...manifest }: Removed & { digest: Digest; keepFor: number }) => {
    const trash = { trashFor, by: from.actor.id }
    return remove(tx, from, { kind: 'manifest-deleted', ...manifest, trash }, { manifest: manifest.digest })
  },
)

export const deleteTag = write('registry.delete-tag', (tx, { from, trashFor, ...tag }: Removed & { tag: string }) => {
  const trash = { trashFor, by: from.actor.id }
  return remove(tx, from, { kind: 'tag-deleted', ...tag, trash }, { tag: tag.tag })
})

/** Set and recorded under the names that ACR has for them. */
export const setAttributes = write(
  'registry.set-attributes',
  async (tx, { from, of, set, ...repo }: Asked & { of: Subject; set: Partial<Attributes> }): Promise<null> => {
    await putContent(tx, { kind: 'attributes', ...repo, of, set }, from.region)
    const named = of.kind === 'repository' ? {} : { [of.kind]: of.name }
    const fields = ATTRIBUTES.flatMap(field => (set[field] === undefined ? [] : [[`${field}Enabled`, set[field]]]))
    const detail = { ...named, ...Object.fromEntries(fields) }
    await recordContent(tx, from, repo, { action: 'registry/metadata/write', detail })
    return null
  },
)

type Deletion = Extract<ContentChange, { kind: `${string}-deleted` }>

/** False, and nothing to record, where it was not there. */
async function remove(tx: Tx, from: ContentFrom, what: Deletion, detail: Record<string, string>): Promise<boolean> {
  const { applied } = await putContent(tx, what, from.region, { request: from.request })
  if (applied) await recordContent(tx, from, what, { action: 'registry/content/delete', detail })
  return applied
}

/** False where collection took it out of the repository since it was seen there. */
export const keepBlob = write(
  'registry.keep-blob',
  async (tx, blob: RepoRef & { digest: Digest; keepFor: number }): Promise<boolean> => {
    await deferReview(tx, blob, tx.clock.now() + blob.keepFor)
    return isLinked(tx, blob)
  },
)

export const registryWrites: readonly AnyWrite[] = [
  pushBlob,
  mountBlob,
  pushManifest,
  deleteBlob,
  deleteManifest,
  deleteTag,
  setAttributes,
  beginDeletion,
  goOnDeleting,
  restoreImage,
  beginRestore,
  goOnRestoring,
  purgeTrash,
  purgeDue,
  keepBlob,
  reviewLinks,
  reclaimBlobs,
  holdReclaim,
  releaseReclaim,
  pruneTombstones,
  pruneAttributes,
  foldCounts,
  foldSizes,
  describeManifest,
]
