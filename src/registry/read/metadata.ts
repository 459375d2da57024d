import { list, type ReadTx, type Soon, sql } from '../../kernel/index.ts'
import type { Digest } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'
import { bornAt } from '../content/put-tag.ts'
import { isRepositoryHere } from '../content/repository.ts'
import { type Attributes, attributesOf, repositoryAttributes, UNRESTRICTED } from '../locks/attributes.ts'
import { readSizes } from '../quota/size.ts'
import { firstOf, type Listed, type Part } from './lists.ts'
import {
  type ManifestPage,
  manifestsOf,
  type Order,
  type RepositoryPage,
  repositoriesOf,
  type TagPage,
  tagsOf,
} from './metadata-pages.ts'
import { search } from './search.ts'

/** Times are UTC milliseconds. */
type Known = { created: number; updated: number; attributes: Attributes }
/** `pulledAt`: to a flush of the counter; 0 where nothing was pulled since pulls are counted. */
export type RepositoryMetadata = Known & {
  name: string
  manifests: number
  tags: number
  /** Each blob that it links once, and its manifests. */
  bytes: number
  pulls: number
  pulledAt: number
}
export type TagMetadata = Known & { name: string; digest: string }
export type ManifestFacts = {
  mediaType: string
  /** Missing until it is known; see describe.ts. '' where the manifest has no such thing. */
  described?: { imageSize: number; configMediaType: string; architecture: string; os: string }
}
export type ManifestMetadata = Known &
  ManifestFacts & {
    digest: string
    /** The first ones by name, `TAGS_SHOWN` at most. */
    tags: readonly string[]
  }

type RepositoryPlace = { name: string; updated_at: number }
type RepositoryRow = RepositoryPlace & {
  created_at: number
  manifests: number
  tags: number
  pulls: number
  pulled_at: number
  changed: number
  tagged: number
  pushed: number
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

/** Nobody counts further: it costs a look at each. */
export const COUNTED = 100_000

/** What is known about content beside its bytes. Each answer costs what it shows, however much the registry holds. */
export class Metadata {
  readonly #read: ReadTx

  constructor(read: ReadTx) {
    this.#read = read
  }

  async repository({ registryId, repository }: RepoRef): Promise<RepositoryMetadata | undefined> {
    return (await this.#repositories(registryId, [repository]))[0]
  }

  /** In the order asked for. What listEnabled hides is left out. */
  async repositories(registryId: string, page: RepositoryPage): Promise<Listed<RepositoryMetadata>> {
    const read = (one: RepositoryPage) => this.#read.all<RepositoryPlace>(repositoriesOf(registryId, one))
    const { rows, last } = await partOf(page, { read, nameOf: row => row.name })
    const known = await this.#repositories(
      registryId,
      rows.map(row => row.name),
    )
    const byName = new Map(known.map(one => [one.name, one]))
    const items = rows.flatMap(({ name }) => byName.get(name) ?? []).filter(one => one.attributes.list)
    return last ? { items, next: nextOf(page.order, last, last.name) } : { items }
  }

  /** Those that are hidden too; `COUNTED` where there are as many or more. */
  async countRepositories(registryId: string): Promise<number> {
    const row = await this.#read.one<{ n: number }>(sql`select count(*) as n from (select 1 from repository
      where registry_id = ${registryId} limit ${COUNTED}) x`)
    return row?.n ?? 0
  }

  async #repositories(registryId: string, names: readonly string[]): Promise<RepositoryMetadata[]> {
    // One statement, so one snapshot: a change is in its own row or in the count, never in both.
    const rows =
      await this.#read.all<RepositoryRow>(sql`select r.name, r.created_at, c.updated_at, c.pulls, c.pulled_at,
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
      where r.registry_id = ${registryId} and r.name in (${list(names)})`)
    if (rows.length === 0) return []
    const attributes = await repositoryAttributes(this.#read, registryId, names)
    const sizes = await readSizes(this.#read, registryId, names)
    return rows.map(row => ({
      name: row.name,
      created: row.created_at,
      updated: Math.max(row.created_at, row.updated_at, row.changed, row.tagged, row.pushed),
      manifests: row.manifests,
      tags: row.tags,
      bytes: sizes.get(row.name) ?? 0,
      pulls: row.pulls,
      pulledAt: row.pulled_at,
      attributes: attributes.get(row.name) ?? UNRESTRICTED,
    }))
  }

  async tag({ registryId, repository }: RepoRef, name: string): Promise<TagMetadata | undefined> {
    const row = await this.#read.one<TagRow>(sql`select name, digest, created_at, updated_at from tag
      where registry_id = ${registryId} and repository = ${repository} and name = ${name}`)
    return row && tagOf(row, (await attributesOf(this.#read, { registryId, repository }, 'tag', [name])).get(name))
  }

  /** Undefined where there is no such repository. */
  async tags(repo: RepoRef, page: TagPage): Promise<Listed<TagMetadata> | undefined> {
    const read = (one: TagPage) => this.#read.all<TagRow>(tagsOf(repo, one))
    const { rows, last } = await partOf(page, { read, nameOf: row => row.name })
    if (rows.length === 0 && !(await isRepositoryHere(this.#read, repo))) return undefined
    const names = rows.map(row => row.name)
    const attributes = await attributesOf(this.#read, repo, 'tag', names)
    const items = shown(rows.map(row => tagOf(row, attributes.get(row.name))))
    return last ? { items, next: nextOf(page.order, last, last.name) } : { items }
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
    const { rows, last } = firstOf(await this.#read.all<ManifestRow>(manifestsOf(repo, page)), page.n)
    if (rows.length === 0 && !(await isRepositoryHere(this.#read, repo))) return undefined
    const items = shown(await this.#withTags(repo, rows))
    return last ? { items, next: nextOf(page.order, last, last.digest) } : { items }
  }

  /** What is known of those of these manifests that are here, without their tags. */
  async manifestFacts(
    { registryId, repository }: RepoRef,
    digests: readonly string[],
  ): Promise<Map<string, ManifestFacts>> {
    const rows = await this.#read.all<ManifestRow>(sql`select digest, media_type, created_at, updated_at, described,
      image_size, config_media_type, architecture, os from manifest_detail
      where registry_id = ${registryId} and repository = ${repository} and digest in (${list(digests)})`)
    return new Map(rows.map(row => [row.digest, factsOf(row)]))
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
}

function tagOf({ name, digest, ...times }: TagRow, attributes = UNRESTRICTED): TagMetadata {
  return { name, digest, created: bornAt(times), updated: times.updated_at, attributes }
}

function factsOf(row: ManifestRow): ManifestFacts {
  const { media_type: mediaType, image_size: imageSize, config_media_type: configMediaType, architecture, os } = row
  return row.described === 0
    ? { mediaType }
    : { mediaType, described: { imageSize, configMediaType, architecture, os } }
}

function manifestOf(row: ManifestRow, tags: readonly string[], set: ReadonlyMap<string, Attributes>): ManifestMetadata {
  const { digest, created_at: created, updated_at: updated } = row
  return { digest, created, updated, tags, attributes: set.get(digest) ?? UNRESTRICTED, ...factsOf(row) }
}

type Reading<P, T> = { read: (page: P) => Soon<readonly T[]>; nameOf: (row: T) => string }

async function partOf<P extends TagPage | RepositoryPage, T extends { updated_at: number }>(
  page: P,
  { read, nameOf }: Reading<P, T>,
): Promise<Part<T>> {
  const has = page.has ?? ''
  return has === '' ? firstOf(await read(page), page.n) : search({ page, has, nameOf, read })
}

/** Without what is hidden: a page may be short, or empty, and still have a next. */
function shown<T extends Known>(rows: readonly T[]): T[] {
  return rows.filter(row => row.attributes.list)
}

function nextOf(order: Order, { updated_at }: { updated_at: number }, name: string): string {
  return order === 'name' ? name : `${updated_at}~${name}`
}
