import { list, type ReadTx, sql } from '../../kernel/index.ts'
import type { RepoRef } from '../content/change.ts'
import { attributesOf } from '../locks/attributes.ts'
import { firstOf, type Listed } from '../read/lists.ts'

/** What says something about a manifest: by its subject, or by the tag under which cosign looks for it. */
export type Referring = {
  readonly digest: string
  readonly mediaType: string
  readonly artifactType: string
  readonly size: number
  readonly createdAt: number
  /** '' of what names its subject. */
  readonly tag: string
}

const PAGE = 50

/** In the order of their digests; those with a tag come first, on the first page. */
export async function listReferring(
  read: ReadTx,
  repo: RepoRef,
  subject: string,
  last: string,
): Promise<Listed<Referring>> {
  const { registryId, repository } = repo
  const rows = await read.all<Referring>(sql`select m.digest, m.media_type as "mediaType",
      m.artifact_type as "artifactType", m.size, m.created_at as "createdAt", '' as tag
    from referrer r join manifest m
      on m.registry_id = r.registry_id and m.repository = r.repository and m.digest = r.digest
    where r.registry_id = ${registryId} and r.repository = ${repository} and r.subject = ${subject}
      and r.digest > ${last} order by r.digest limit ${PAGE + 1}`)
  const { rows: page, last: end } = firstOf(rows, PAGE)
  const all = last === '' ? [...(await taggedFor(read, repo, subject)), ...page] : page
  const attributes = await attributesOf(
    read,
    repo,
    'manifest',
    all.map(row => row.digest),
  )
  const items = all.filter(row => attributes.get(row.digest)?.list !== false)
  return end ? { items, next: end.digest } : { items }
}

function taggedFor(read: ReadTx, { registryId, repository }: RepoRef, subject: string) {
  const names = ['sig', 'att', 'sbom'].map(what => `${subject.replace(':', '-')}.${what}`)
  return read.all<Referring>(sql`select m.digest, m.media_type as "mediaType",
      m.artifact_type as "artifactType", m.size, m.created_at as "createdAt", t.name as tag
    from tag t join manifest m
      on m.registry_id = t.registry_id and m.repository = t.repository and m.digest = t.digest
    where t.registry_id = ${registryId} and t.repository = ${repository} and t.name in (${list(names)})
    order by t.name`)
}
