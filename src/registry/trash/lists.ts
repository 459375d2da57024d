import { list, type Ms, type ReadTx, type Sql, sql } from '../../kernel/index.ts'
import type { RepoRef } from '../content/change.ts'
import { firstOf, type Listed } from '../read/lists.ts'

/** Times are UTC milliseconds; `by` is who deleted it, '' where another region did. */
type Known = { deletedAt: Ms; by: string; purgeAt: Ms }
/** `live`: something of that name is here (again). `whole`: it can be restored as a whole. */
export type TrashedRepository = { repository: string; live: boolean; whole: boolean; deletedAt: Ms }
export type TrashedManifest = Known & {
  digest: string
  mediaType: string
  artifactType: string
  subject: string
  size: number
  /** That led to it when it was deleted: the first ones by name, `TAGS_SHOWN` at most. */
  tags: string[]
}
export type TrashedTag = Known & { name: string; digest: string; taggedAt: Ms }

/** `n` entries at most; those of time, the newest first, after `last`, which is the `next` of the page before. */
export type TrashPage = { n: number; last: string }

const TAGS_SHOWN = 20

/** By name: all that have anything in the trash. */
export async function listTrashedRepositories(
  read: ReadTx,
  registryId: string,
  { n, last }: TrashPage,
): Promise<Listed<TrashedRepository>> {
  type Row = { repository: string; live: number; deletion: string; manifest_at: Ms; tag_at: Ms }
  const rows = await read.all<Row>(sql`select t.repository, t.deletion,
      coalesce((select 1 from repository r where r.registry_id = t.registry_id and r.name = t.repository), 0) as live,
      coalesce((select max(m.deleted_at) from trash_manifest m
        where m.registry_id = t.registry_id and m.repository = t.repository), 0) as manifest_at,
      coalesce((select max(x.deleted_at) from trash_tag x
        where x.registry_id = t.registry_id and x.repository = t.repository), 0) as tag_at
    from trash_repository t where t.registry_id = ${registryId} and t.repository > ${last}
    order by t.repository limit ${n + 1}`)
  const { rows: page, last: end } = firstOf(rows, n)
  const items = page.flatMap(({ repository, live, deletion, manifest_at, tag_at }) => {
    const deletedAt = Math.max(manifest_at, tag_at)
    // Empty until the next run of the job.
    return deletedAt === 0 ? [] : [{ repository, live: live === 1, whole: deletion !== '', deletedAt }]
  })
  return end ? { items, next: end.repository } : { items }
}

export async function listTrashedManifests(
  read: ReadTx,
  repo: RepoRef,
  { n, last }: TrashPage,
): Promise<Listed<TrashedManifest>> {
  const { registryId, repository } = repo
  const after = placeOf(last)
  type Row = Omit<TrashedManifest, 'tags' | 'purgeAt'>
  const rows =
    await read.all<Row>(sql`select digest, media_type as "mediaType", artifact_type as "artifactType", subject,
      size, deleted_at as "deletedAt", deleted_by as "by" from trash_manifest
    where registry_id = ${registryId} and repository = ${repository} and (deleted_at, digest) < (${after.at}, ${after.name})
    order by deleted_at desc, digest desc limit ${n + 1}`)
  const { rows: page, last: end } = firstOf(rows, n)
  const keepFor = await keptFor(read, repo)
  const tags = await tagsOf(
    read,
    repo,
    page.map(row => row.digest),
  )
  const items = page.map(row => ({ ...row, purgeAt: row.deletedAt + keepFor, tags: tags.get(row.digest) ?? [] }))
  return end ? { items, next: `${end.deletedAt}~${end.digest}` } : { items }
}

/** `tag`: only those of that name. */
export async function listTrashedTags(
  read: ReadTx,
  repo: RepoRef,
  { tag, ...page }: TrashPage & { tag?: string },
): Promise<Listed<TrashedTag>> {
  const rows = await read.all<Omit<TrashedTag, 'purgeAt'>>(
    tag === undefined ? allTags(repo, page) : tagsNamed(repo, tag, page),
  )
  const { rows: tags, last: end } = firstOf(rows, page.n)
  const keepFor = await keptFor(read, repo)
  const items = tags.map(row => ({ ...row, purgeAt: row.deletedAt + keepFor }))
  return end ? { items, next: `${end.deletedAt}~${end.name}~${end.digest}` } : { items }
}

function allTags({ registryId, repository }: RepoRef, { n, last }: TrashPage): Sql {
  const { at, name } = placeOf(last)
  const [tag = '', digest = ''] = name.split('~')
  return sql`select name, digest, tagged_at as "taggedAt", deleted_at as "deletedAt", deleted_by as "by" from trash_tag
    where registry_id = ${registryId} and repository = ${repository} and (deleted_at, name, digest) < (${at}, ${tag}, ${digest})
    order by deleted_at desc, name desc, digest desc limit ${n + 1}`
}

/** A name led to few manifests: they are sorted as they are found. */
function tagsNamed({ registryId, repository }: RepoRef, tag: string, { n, last }: TrashPage): Sql {
  const { at, name } = placeOf(last)
  const [, digest = ''] = name.split('~')
  return sql`select name, digest, tagged_at as "taggedAt", deleted_at as "deletedAt", deleted_by as "by" from trash_tag
    where registry_id = ${registryId} and repository = ${repository} and name = ${tag}
    and (deleted_at, digest) < (${at}, ${digest}) order by deleted_at desc, digest desc limit ${n + 1}`
}

async function tagsOf(read: ReadTx, { registryId, repository }: RepoRef, digests: readonly string[]) {
  const rows = await read.all<{ digest: string; name: string }>(sql`select t.digest, t.name
    from trash_manifest m join trash_tag t on t.registry_id = m.registry_id and t.repository = m.repository
      and t.digest = m.digest and t.name < coalesce((select x.name from trash_tag x where x.registry_id = m.registry_id
        and x.repository = m.repository and x.digest = m.digest order by x.name limit 1 offset ${TAGS_SHOWN}), '~')
    where m.registry_id = ${registryId} and m.repository = ${repository} and m.digest in (${list(digests)})
    order by t.digest, t.name`)
  const byDigest = Map.groupBy(rows, row => row.digest)
  return new Map([...byDigest].map(([digest, of]) => [digest, of.map(row => row.name)]))
}

async function keptFor(read: ReadTx, { registryId, repository }: RepoRef): Promise<Ms> {
  const row = await read.one<{ keep_for: Ms }>(sql`select keep_for from trash_repository
    where registry_id = ${registryId} and repository = ${repository}`)
  return row?.keep_for ?? 0
}

// Before the first page: later, and of a greater name, than all there are.
function placeOf(last: string): { at: Ms; name: string } {
  const mark = last.indexOf('~')
  return mark < 0
    ? { at: Number.MAX_SAFE_INTEGER, name: '~' }
    : { at: Number(last.slice(0, mark)), name: last.slice(mark + 1) }
}
