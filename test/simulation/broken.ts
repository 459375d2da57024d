import { addJob, type BlobKey, sql, type Tx, write } from '../../src/kernel/index.ts'

// Collection as it must not be, each wrong in one way, for the test to show that it would see it.

type Link = { registry_id: string; repository: string; digest: string }
type Due = { registry_id: string; digest: string }

const dueLinks = (tx: Tx) =>
  tx.all<Link>(sql`select registry_id, repository, digest from repository_blob
    where review_at > 0 and review_at <= ${tx.clock.now()}`)

const dueBlobs = (tx: Tx) =>
  tx.all<Due>(sql`select registry_id, digest from blob_review where review_at <= ${tx.clock.now()}`)

async function reclaim(tx: Tx, { registry_id: registryId, digest }: Due): Promise<void> {
  const blob = await tx.one<{ key: BlobKey }>(sql`select blob_key as key from blob
    where registry_id = ${registryId} and digest = ${digest}`)
  if (!blob) return
  await tx.run(sql`delete from blob where registry_id = ${registryId} and digest = ${digest}`)
  await addJob(tx, { kind: 'registry.remove-blob', key: blob.key, input: blob })
}

const forget = (tx: Tx, { registry_id: registryId, digest }: Due) =>
  tx.run(sql`delete from blob_review where registry_id = ${registryId} and digest = ${digest}`)

const isLinked = (tx: Tx, { registry_id: registryId, digest }: Due) =>
  tx.one(sql`select digest from repository_blob where registry_id = ${registryId} and digest = ${digest} limit 1`)

const isTrashed = (tx: Tx, { registry_id: registryId, digest }: Due) =>
  tx.one(sql`select digest from trash_blob where registry_id = ${registryId} and blob = ${digest} limit 1`)

export const BROKEN = {
  'takes blobs without looking whether a mount or a push came first': write('registry.reclaim-blobs', async tx => {
    if (await tx.one(sql`select holder from reclaim_hold where until > ${tx.clock.now()} limit 1`)) return false
    for (const due of await dueBlobs(tx)) {
      await forget(tx, due)
      if (!(await isTrashed(tx, due))) await reclaim(tx, due)
    }
    return false
  }),
  'takes blobs while a backup holds them': write('registry.reclaim-blobs', async tx => {
    for (const due of await dueBlobs(tx)) {
      await forget(tx, due)
      if (!(await isLinked(tx, due)) && !(await isTrashed(tx, due))) await reclaim(tx, due)
    }
    return false
  }),
  'takes blobs that the trash has': write('registry.reclaim-blobs', async tx => {
    if (await tx.one(sql`select holder from reclaim_hold where until > ${tx.clock.now()} limit 1`)) return false
    for (const due of await dueBlobs(tx)) {
      await forget(tx, due)
      if (!(await isLinked(tx, due))) await reclaim(tx, due)
    }
    return false
  }),
  'takes links without looking whether a manifest needs them': write('registry.review-links', async tx => {
    for (const { registry_id: registryId, repository, digest } of await dueLinks(tx)) {
      await tx.run(sql`delete from repository_blob
        where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
      await tx.run(sql`insert into blob_review (registry_id, digest, review_at)
        values (${registryId}, ${digest}, ${tx.clock.now()}) on conflict (registry_id, digest) do nothing`)
    }
    return false
  }),
  'says yes to who asks, and does not wait any longer for the manifest': write('registry.keep-blob', async () => true),
  'keeps links that nothing needs': write('registry.review-links', async tx => {
    for (const { registry_id: registryId, repository, digest } of await dueLinks(tx)) {
      await tx.run(sql`update repository_blob set review_at = 0
        where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
    }
    return false
  }),
}
