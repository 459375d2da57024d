import { list, type ReadTx, sql } from '../../kernel/index.ts'
import type { Digest } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'
import { bornAt } from '../content/put-tag.ts'
import { type Attributes, attributesOf, UNRESTRICTED } from '../locks/attributes.ts'
import { isRepositoryHere, type Listed } from './lists.ts'
import { type ManifestPage, manifestsOf, type Order, type TagPage, tagsOf } from './metadata-pages.ts'

/** Times are UTC milliseconds. */
type Known = { created: number; updated: number; attributes: Attributes }
export type RepositoryMetadata = Known & { manifests: number; tags: number }
export type TagMetadata = Known & { name: string; digest: string }
export type ManifestMetadata = Known & {
  digest: string
  mediaType: string
  /** The first ones by name, `TAGS_SHOWN` at most. */
  tags: readonly string[]
  /** Missing until it is known; see describe.ts. '' where the manifest has no such thing. */
  described?: { imageSize: number; configMediaType: string; architecture: string; os: string }
}

type TagRow = { name: string; digest: string; created_at: number; updated_at: number }
type ManifestRow = {
  digest: string
  media_type: string
  created_at: number
  updated_at: number
  described: number
  image_size: number
  config_media_type: string
  architecture: string
  os: string
}

// A page of 1,000 manifests with as many tags each is the most that one answer holds.
export const TAGS_SHOWN = 1000

/** What is known about content beside its bytes. Each answer costs what it shows, however much the registry holds. */
export class Metadata {
  readonly #read: ReadTx

  constructor(read: ReadTx) {
    this.#read = read
  }

  async repository({ registryId, repository }: RepoRef): Promise<RepositoryMetadata | undefined> {
    type Row = { created_at: number; updated_at: number; manifests: number; tags: number; changed: number }
    // One statement, so one snapshot: a change is in its own row or in the count, never in both.
    const row = await this.#read.one<Row & { tagged: number; pushed: number }>(sql`select r.created_at, c.updated_at,
      c.manifests + (select cast(coalesce(sum(x.manifests), 0) as bigint) from count_change x
        where x.registry_id = r.registry_id and x.repository = r.name) as manifests,
      c.tags + (select cast(coalesce(sum(x.tags), 0) as bigint) from count_change x
        where x.registry_id = r.registry_id and x.repository = r.name) as tags,
      (select coalesce(max(x.made_at), 0) from count_change x
        where x.registry_id = r.registry_id and x.repository = r.name) as changed,
      coalesce((select t.updated_at from tag t where t.registry_id = r.registry_id and t.repository = r.name
        order by t.updated_at desc limit 1), 0) as tagged,
      coalesce((select d.updated_at from manifest_detail d where d.registry_id = r.registry_id
        and d.repository = r.name order by d.updated_at desc limit 1), 0) as pushed
      from repository r join repository_count c on c.registry_id = r.registry_id and c.repository = r.name
      where r.registry_id = ${registryId} and r.name = ${repository}`)
    if (!row) return undefined
    const updated = Math.max(row.created_at, row.updated_at, row.changed, row.tagged, row.pushed)
    const attributes = await this.#attributes({ registryId, repository }, 'repository', '')
    return {
      created: row.created_at,
      updated,
      manifests: row.manifests,
      tags: row.tags,
      attributes: attributes ?? UNRESTRICTED,
    }
  }

  async tag({ registryId, repository }: RepoRef, name: string): Promise<TagMetadata | undefined> {
    const row = await this.#read.one<TagRow>(sql`select name, digest, created_at, updated_at from tag
      where registry_id = ${registryId} and repository = ${repository} and name = ${name}`)
    return row && tagOf(row, await this.#attributes({ registryId, repository }, 'tag', name))
  }

  /** Undefined where there is no such repository. */
  async tags(repo: RepoRef, page: TagPage): Promise<Listed<TagMetadata> | undefined> {
    const rows = await this.#read.all<TagRow>(tagsOf(repo, page))
    if (rows.length === 0 && !(await isRepositoryHere(this.#read, repo))) return undefined
    const names = rows.map(row => row.name)
    const attributes = await attributesOf(this.#read, repo, 'tag', names)
    const tags = rows.map(row => tagOf(row, attributes.get(row.name)))
    return cut(tags, page, tag => tag.name)
  }

  async manifest(repo: RepoRef, digest: Digest): Promise<ManifestMetadata | undefined> {
    const { registryId, repository } = repo
    const row = await this.#read.one<ManifestRow>(sql`select digest, media_type, created_at, updated_at, described,
      image_size, config_media_type, architecture, os from manifest_detail
      where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
    return row && (await this.#withTags(repo, [row]))[0]
  }

  /** Undefined where there is no such repository. */
  async manifests(repo: RepoRef, page: ManifestPage): Promise<Listed<ManifestMetadata> | undefined> {
    const rows = await this.#read.all<ManifestRow>(manifestsOf(repo, page))
    if (rows.length === 0 && !(await isRepositoryHere(this.#read, repo))) return undefined
    return cut(await this.#withTags(repo, rows), page, manifest => manifest.digest)
  }

  async #withTags({ registryId, repository }: RepoRef, rows: readonly ManifestRow[]): Promise<ManifestMetadata[]> {
    const digests = list(rows.map(row => row.digest))
    // The tag that is one too many ends the range, so a manifest with a million tags costs no more than what it shows.
    const tags = await this.#read.all<{ digest: string; name: string }>(sql`select t.digest, t.name
      from manifest_detail d join tag t on t.registry_id = d.registry_id and t.repository = d.repository
        and t.digest = d.digest and not exists (select 1 from attribute a where a.registry_id = t.registry_id
          and a.repository = t.repository and a.kind = 'tag' and a.name = t.name and a.field = 'list' and a.enabled = 0)
        and t.name < coalesce((select x.name from tag x where x.registry_id = d.registry_id
          and x.repository = d.repository and x.digest = d.digest order by x.name limit 1 offset ${TAGS_SHOWN}), '~')
      where d.registry_id = ${registryId} and d.repository = ${repository} and d.digest in (${digests})
      order by t.digest, t.name`)
    const byDigest = Map.groupBy(tags, tag => tag.digest)
    const attributes = await attributesOf(
      this.#read,
      { registryId, repository },
      'manifest',
      rows.map(row => row.digest),
    )
    return rows.map(row => manifestOf(row, byDigest.get(row.digest)?.map(tag => tag.name) ?? [], attributes))
  }

  async #attributes(repo: RepoRef, kind: 'repository' | 'tag', name: string): Promise<Attributes | undefined> {
    return (await attributesOf(this.#read, repo, kind, [name])).get(name)
  }
}

function tagOf({ name, digest, ...times }: TagRow, attributes = UNRESTRICTED): TagMetadata {
  return { name, digest, created: bornAt(times), updated: times.updated_at, attributes }
}

function manifestOf(row: ManifestRow, tags: readonly string[], set: ReadonlyMap<string, Attributes>): ManifestMetadata {
  const { digest, media_type: mediaType, created_at: created, updated_at: updated, architecture, os } = row
  const { image_size: imageSize, config_media_type: configMediaType } = row
  const attributes = set.get(digest) ?? UNRESTRICTED
  const known = { digest, mediaType, created, updated, tags, attributes }
  return row.described === 0 ? known : { ...known, described: { imageSize, configMediaType, architecture, os } }
}

/** Without what is hidden: a page may be short, or empty, and still have a next. */
function cut<T extends Known>(
  rows: readonly T[],
  { n, order }: { n: number; order: Order },
  nameOf: (row: T) => string,
): Listed<T> {
  const page = rows.slice(0, n)
  const items = page.filter(row => row.attributes.list)
  const last = page.at(-1)
  if (rows.length <= n || !last) return { items }
  return { items, next: order === 'name' ? nameOf(last) : `${last.updated}~${nameOf(last)}` }
}
