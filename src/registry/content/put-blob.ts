import { type BlobKey, type Ms, type ReadTx, sql, type Tx } from '../../kernel/index.ts'
import { BlobInUse } from '../failures.ts'
import { countSize } from '../quota/size.ts'
import type { BlobChange, BlobDeletion, Merged, RepoRef } from './change.ts'
import { dropEmptyRepository, keepRepository } from './repository.ts'

/**
 * Links the blob into the repository. Where the registry holds these bytes already, its copy is linked and its key
 * returned: the caller then removes the copy that it brought.
 */
export async function putBlob(tx: Tx, change: BlobChange): Promise<Merged> {
  const { registryId, repository, digest, size } = change
  const reviewAt = tx.clock.now() + change.keepFor
  const linked = await tx.one<{ blob_key: BlobKey }>(sql`select blob_key from repository_blob
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  if (linked) {
    await deferReview(tx, change, reviewAt)
    return { applied: false, key: linked.blob_key }
  }
  await keepRepository(tx, change)
  const made = await tx.run(sql`insert into blob (registry_id, digest, blob_key, size, created_at)
    values (${registryId}, ${digest}, ${change.key}, ${size}, ${tx.clock.now()})
    on conflict (registry_id, digest) do nothing`)
  const held = await tx.one<{ blob_key: BlobKey }>(sql`select blob_key from blob
    where registry_id = ${registryId} and digest = ${digest}`)
  const key = held?.blob_key ?? change.key
  await tx.run(sql`insert into repository_blob (registry_id, repository, digest, blob_key, size, review_at)
    values (${registryId}, ${repository}, ${digest}, ${key}, ${size}, ${reviewAt})`)
  await countSize(tx, change, { linked: size, held: made > 0 ? size : 0 })
  return { applied: true, key, size }
}

/** Refused while a manifest of the repository needs it: an acknowledged image stays whole. */
export async function dropBlob(tx: Tx, change: BlobDeletion): Promise<Merged> {
  const { registryId, repository, digest } = change
  const user = await tx.one<{ digest: string }>(sql`select digest from manifest_reference
    where registry_id = ${registryId} and repository = ${repository} and target = ${digest} limit 1`)
  if (user) {
    if (await isLinked(tx, change)) throw BlobInUse(digest, user.digest)
    return { applied: false }
  }
  return { applied: await unlinkBlob(tx, change) }
}

/** Takes the blob out of the repository; its bytes are looked at again after `keepFor`. */
export async function unlinkBlob(tx: Tx, blob: RepoRef & { digest: string; keepFor: Ms }): Promise<boolean> {
  const { registryId, repository, digest } = blob
  const link = await tx.one<{ size: number }>(sql`select size from repository_blob
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  if (!link) return false
  await tx.run(sql`delete from repository_blob
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  await countSize(tx, blob, { linked: -link.size, held: 0 })
  await tx.run(sql`insert into blob_review (registry_id, digest, review_at)
    values (${registryId}, ${digest}, ${tx.clock.now() + blob.keepFor})
    on conflict (registry_id, digest) do update set review_at = excluded.review_at`)
  await dropEmptyRepository(tx, blob)
  return true
}

/** Whoever asks for a blob that waits for a manifest may skip pushing it: it has to wait as long again. */
export async function deferReview(
  tx: Tx,
  blob: { registryId: string; repository: string; digest: string },
  reviewAt: number,
): Promise<void> {
  await tx.run(sql`update repository_blob set review_at = ${reviewAt}
    where registry_id = ${blob.registryId} and repository = ${blob.repository} and digest = ${blob.digest}
    and review_at > 0 and review_at < ${reviewAt}`)
}

export async function isLinked(read: ReadTx, blob: RepoRef & { digest: string }): Promise<boolean> {
  const { registryId, repository, digest } = blob
  const link = await read.one(sql`select 1 as linked from repository_blob
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  return link !== undefined
}
