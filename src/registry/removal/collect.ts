import { addJob, type BlobKey, type Ms, sql, type Tx, write } from '../../kernel/index.ts'
import { unlinkBlob } from '../content/put-blob.ts'
import { countSize } from '../quota/size.ts'

/** Removes the bytes of a blob whose row is gone. */
export const REMOVE_BLOB_JOB = 'registry.remove-blob'

const PAGE = 100

type Link = { registry_id: string; repository: string; digest: string }

/**
 * Links whose time has come: kept where a manifest refers to them, else taken out of their repository. A manifest
 * pushed meanwhile either sees the link and keeps it, or is refused. True where more may be left.
 */
export const reviewLinks = write('registry.review-links', async (tx, { keepFor }: { keepFor: Ms }) => {
  const due = await tx.all<Link>(sql`select registry_id, repository, digest from repository_blob
    where review_at > 0 and review_at <= ${tx.clock.now()} order by review_at limit ${PAGE}`)
  for (const link of due) await reviewLink(tx, link, keepFor)
  return due.length === PAGE
})

async function reviewLink(tx: Tx, link: Link, keepFor: Ms): Promise<void> {
  const { registry_id: registryId, repository, digest } = link
  const user = await tx.one(sql`select digest from manifest_reference
    where registry_id = ${registryId} and repository = ${repository} and target = ${digest} limit 1`)
  if (!user) {
    await unlinkBlob(tx, { registryId, repository, digest, keepFor })
    return
  }
  await tx.run(sql`update repository_blob set review_at = 0
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
}

/**
 * Blobs that no repository links, nor anything in the trash, and whose time has come: their row goes, and a job removes
 * their bytes. Nothing happens while somebody holds reclaiming. A mount or push that comes first keeps the row; one that
 * comes later brings bytes of its own. True where more may be left.
 */
export const reclaimBlobs = write('registry.reclaim-blobs', async tx => {
  const now = tx.clock.now()
  if (await tx.one(sql`select holder from reclaim_hold where until > ${now} limit 1`)) return false
  const due = await tx.all<{ registry_id: string; digest: string }>(sql`select registry_id, digest from blob_review
    where review_at <= ${now} order by review_at limit ${PAGE}`)
  for (const { registry_id: registryId, digest } of due) {
    await tx.run(sql`delete from blob_review where registry_id = ${registryId} and digest = ${digest}`)
    const link = await tx.one(sql`select repository from repository_blob
      where registry_id = ${registryId} and digest = ${digest} limit 1`)
    if (link || (await isTrashed(tx, registryId, digest))) continue
    const blob = await tx.one<{ blob_key: BlobKey; size: number }>(sql`select blob_key, size from blob
      where registry_id = ${registryId} and digest = ${digest}`)
    if (!blob) continue
    await tx.run(sql`delete from blob where registry_id = ${registryId} and digest = ${digest}`)
    await countSize(tx, { registryId, repository: '' }, { linked: 0, held: -blob.size })
    await addJob(tx, { kind: REMOVE_BLOB_JOB, key: blob.blob_key, input: { key: blob.blob_key } })
  }
  return due.length === PAGE
})

/** Whoever takes the last of it out of the trash has the blob looked at again. */
async function isTrashed(tx: Tx, registryId: string, digest: string): Promise<boolean> {
  const user = await tx.one(sql`select digest from trash_blob
    where registry_id = ${registryId} and blob = ${digest} limit 1`)
  return user !== undefined
}

/** A backup that copies blobs by an older snapshot holds reclaiming, and renews the hold while it runs. */
export const holdReclaim = write(
  'registry.hold-reclaim',
  async (tx, { holder, forMs }: { holder: string; forMs: Ms }): Promise<null> => {
    await tx.run(sql`insert into reclaim_hold (holder, until) values (${holder}, ${tx.clock.now() + forMs})
      on conflict (holder) do update set until = excluded.until`)
    return null
  },
)

export const releaseReclaim = write(
  'registry.release-reclaim',
  async (tx, { holder }: { holder: string }): Promise<null> => {
    await tx.run(sql`delete from reclaim_hold where holder = ${holder}`)
    return null
  },
)
