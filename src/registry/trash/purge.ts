import { type Clock, type Ms, type ReadTx, type Store, sql, type Tx, write } from '../../kernel/index.ts'
import type { RepoRef } from '../content/change.ts'
import { type ContentFrom, recordContent } from '../content/record-content.ts'
import { forgetReferences } from './take-out.ts'

const PAGE = 100

/** `keepFor`: when the blobs that nothing else refers to are looked at, ms. */
type Place = RepoRef & { keepFor: Ms }
type TagRow = { name: string; digest: string }
/** `more`: the same again goes on. */
export type Purged = { manifests: number; tags: number; more: boolean }

/** By hand, before its days are over: a tag (of one manifest, or of all that it led to), a manifest, or all of a repository. */
type Asked = Place & { from: ContentFrom; tag?: string; digest?: string }

/** A page of it. Takes references away; the bytes go by collection. */
export const purgeTrash = write('registry.purge-trash', async (tx, { from, tag, digest, ...place }: Asked) => {
  const tags = await tagsToPurge(tx, place, tag, digest)
  const manifests = tag === undefined ? await manifestsToPurge(tx, place, digest, PAGE - tags.length) : []
  const more = tags.length + manifests.length >= PAGE
  for (const row of tags) await dropTag(tx, place, row)
  for (const one of manifests) await dropManifest(tx, place, one)
  await dropEmptyTrash(tx, place)
  const what = { ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { manifest: digest }) }
  const detail = { what: 'trash', ...what, manifests: manifests.length, tags: tags.length }
  if (tags.length + manifests.length > 0) {
    await recordContent(tx, from, place, { action: 'registry/content/delete', detail })
  }
  return { manifests: manifests.length, tags: tags.length, more }
})

/**
 * What has been there for its days, a page of it; true where more may be left. `trashFor`: what the policies say of the
 * repository now, ms; where that is nothing (0), what they said before counts.
 */
export const purgeDue = write(
  'registry.purge-due',
  async (tx, { trashFor, ...place }: Place & { trashFor: Ms }): Promise<boolean> => {
    const { registryId, repository } = place
    const known = await tx.one<{ keep_for: Ms }>(sql`select keep_for from trash_repository
      where registry_id = ${registryId} and repository = ${repository}`)
    if (!known) return false
    if (trashFor > 0 && trashFor !== known.keep_for) {
      await tx.run(sql`update trash_repository set keep_for = ${trashFor}
        where registry_id = ${registryId} and repository = ${repository}`)
    }
    const before = tx.clock.now() - (trashFor || known.keep_for)
    const tags = await tx.all<TagRow>(sql`select name, digest from trash_tag
      where registry_id = ${registryId} and repository = ${repository} and deleted_at <= ${before}
      order by deleted_at, name, digest limit ${PAGE}`)
    const manifests = await tx.all<{ digest: string }>(sql`select digest from trash_manifest
      where registry_id = ${registryId} and repository = ${repository} and deleted_at <= ${before}
      order by deleted_at, digest limit ${PAGE - tags.length}`)
    for (const row of tags) await dropTag(tx, place, row)
    for (const { digest } of manifests) await dropManifest(tx, place, digest)
    await dropEmptyTrash(tx, place)
    return tags.length + manifests.length === PAGE
  },
)

type Parts = { store: Store; clock: Clock; keepFor: Ms; trashFor: (repo: RepoRef) => Ms }

/** All repositories with anything in the trash, each by what the policies say of it now. */
export async function emptyTrash({ store, clock, keepFor, trashFor }: Parts, signal?: AbortSignal): Promise<void> {
  let last: RepoRef = { registryId: '', repository: '' }
  for (let left = true; left && !signal?.aborted; ) {
    const page = await store.read.all<RepoRef & { kept: Ms }>(sql`select registry_id as "registryId", repository,
      keep_for as kept from trash_repository where (registry_id, repository) > (${last.registryId}, ${last.repository})
      order by registry_id, repository limit ${PAGE}`)
    for (const { registryId, repository, kept } of page) {
      const repo = { registryId, repository }
      const now = trashFor(repo)
      const isSame = now === 0 || now === kept
      if (isSame && !(await isDue(store.read, repo, clock.now() - kept))) continue
      while (!signal?.aborted && (await store.write(purgeDue, { ...repo, keepFor, trashFor: now })));
    }
    last = page.at(-1) ?? last
    left = page.length === PAGE
  }
}

/** Or where nothing is in it any more, since all was pushed again: then its own row is to go. */
async function isDue(read: ReadTx, { registryId, repository }: RepoRef, before: Ms): Promise<boolean> {
  const due = await read.one(sql`select 1 as due from trash_manifest
      where registry_id = ${registryId} and repository = ${repository} and deleted_at <= ${before}
    union all select 1 as due from trash_tag
      where registry_id = ${registryId} and repository = ${repository} and deleted_at <= ${before}
    union all select 1 as due where not exists (
        select 1 from trash_manifest where registry_id = ${registryId} and repository = ${repository})
      and not exists (select 1 from trash_tag where registry_id = ${registryId} and repository = ${repository}) limit 1`)
  return due !== undefined
}

async function tagsToPurge(tx: Tx, { registryId, repository }: RepoRef, tag?: string, digest?: string) {
  if (tag !== undefined) {
    return tx.all<TagRow>(sql`select name, digest from trash_tag where registry_id = ${registryId}
      and repository = ${repository} and name = ${tag} and (digest = ${digest ?? ''} or cast(${digest ?? ''} as text) = '')
      order by digest limit ${PAGE}`)
  }
  if (digest !== undefined) {
    return tx.all<TagRow>(sql`select name, digest from trash_tag where registry_id = ${registryId}
      and repository = ${repository} and digest = ${digest} order by name limit ${PAGE}`)
  }
  return tx.all<TagRow>(sql`select name, digest from trash_tag
    where registry_id = ${registryId} and repository = ${repository} order by name, digest limit ${PAGE}`)
}

async function manifestsToPurge(tx: Tx, { registryId, repository }: RepoRef, digest: string | undefined, most: number) {
  const rows = await tx.all<{ digest: string }>(
    digest === undefined
      ? sql`select digest from trash_manifest
          where registry_id = ${registryId} and repository = ${repository} order by digest limit ${most}`
      : sql`select digest from trash_manifest
          where registry_id = ${registryId} and repository = ${repository} and digest = ${digest} limit ${most}`,
  )
  return rows.map(row => row.digest)
}

async function dropTag(tx: Tx, { registryId, repository }: RepoRef, { name, digest }: TagRow): Promise<void> {
  await tx.run(sql`delete from trash_tag where registry_id = ${registryId} and repository = ${repository}
    and name = ${name} and digest = ${digest}`)
}

/** With it go the tags that led to it: they could not be restored. */
async function dropManifest(tx: Tx, { registryId, repository, keepFor }: Place, digest: string): Promise<void> {
  await tx.run(sql`insert into blob_review (registry_id, digest, review_at)
    select registry_id, blob, cast(${tx.clock.now() + keepFor} as bigint) from trash_blob
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}
    on conflict (registry_id, digest) do update set review_at = excluded.review_at`)
  await forgetReferences(tx, { registryId, repository, digest })
  await tx.run(sql`delete from trash_tag
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  await tx.run(sql`delete from trash_manifest
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
}

async function dropEmptyTrash(tx: Tx, { registryId, repository }: RepoRef): Promise<void> {
  await tx.run(sql`delete from trash_repository where registry_id = ${registryId} and repository = ${repository}
    and not exists (select 1 from trash_manifest where registry_id = ${registryId} and repository = ${repository})
    and not exists (select 1 from trash_tag where registry_id = ${registryId} and repository = ${repository})`)
}
