import { type Sql, sql } from '../../kernel/index.ts'
import type { RepoRef } from '../content/change.ts'
import { PlaceMalformed } from '../failures.ts'

export type Order = 'name' | 'oldest' | 'newest'
/** `n` entries at most, after the one named `name`; in an order of time, after that one as it stood at `at`. */
export type ManifestPage = { n: number; order: Order; name: string; at: number }
/** `digest`: only tags of that manifest; '' for all. `has`: only those with that text in them. */
export type TagPage = ManifestPage & { digest: string; has?: string | undefined }
/** In an order of time as of the last fold of the counts: a minute behind at most, new ones at once. */
export type RepositoryPage = { n: number; order: 'name' | 'newest'; name: string; at: number; has?: string | undefined }

/** In an order of time `last` is the time and the name, as a name alone may have moved since; the page before told it. */
export function placeAfter(order: Order, last: string): { name: string; at: number } {
  if (order === 'name') return { name: last, at: 0 }
  if (last === '') return { name: '', at: order === 'oldest' ? -1 : Number.MAX_SAFE_INTEGER }
  const [, at, name] = /^(\d{1,15})~(.+)$/s.exec(last) ?? []
  if (at === undefined || name === undefined) throw PlaceMalformed(last)
  return { name, at: Number(at) }
}

export function repositoriesOf(registryId: string, { n, order, name, at }: RepositoryPage): Sql {
  if (order === 'newest') {
    return sql`select repository as name, updated_at from repository_count
      where registry_id = ${registryId} and (updated_at, repository) < (${at}, ${name})
      order by updated_at desc, repository desc limit ${n + 1}`
  }
  return sql`select name, created_at as updated_at from repository
    where registry_id = ${registryId} and name > ${name} order by name limit ${n + 1}`
}

/** One more than the page: whether there is a next. Every form of it has an index of its own. */
export function tagsOf(repo: RepoRef, page: TagPage): Sql {
  return page.digest === '' ? allTags(repo, page) : tagsOfManifest(repo, page)
}

function allTags({ registryId, repository }: RepoRef, { n, order, name, at }: TagPage): Sql {
  if (order === 'newest') {
    return sql`select name, digest, created_at, updated_at from tag
      where registry_id = ${registryId} and repository = ${repository} and (updated_at, name) < (${at}, ${name})
      order by updated_at desc, name desc limit ${n + 1}`
  }
  if (order === 'oldest') {
    return sql`select name, digest, created_at, updated_at from tag
      where registry_id = ${registryId} and repository = ${repository} and (updated_at, name) > (${at}, ${name})
      order by updated_at, name limit ${n + 1}`
  }
  return sql`select name, digest, created_at, updated_at from tag
    where registry_id = ${registryId} and repository = ${repository} and name > ${name}
    order by name limit ${n + 1}`
}

function tagsOfManifest({ registryId, repository }: RepoRef, { n, order, name, at, digest }: TagPage): Sql {
  if (order === 'newest') {
    return sql`select name, digest, created_at, updated_at from tag
      where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}
      and (updated_at, name) < (${at}, ${name}) order by updated_at desc, name desc limit ${n + 1}`
  }
  if (order === 'oldest') {
    return sql`select name, digest, created_at, updated_at from tag
      where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}
      and (updated_at, name) > (${at}, ${name}) order by updated_at, name limit ${n + 1}`
  }
  return sql`select name, digest, created_at, updated_at from tag
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest} and name > ${name}
    order by name limit ${n + 1}`
}

export function manifestsOf({ registryId, repository }: RepoRef, { n, order, name, at }: ManifestPage): Sql {
  if (order === 'newest') {
    return sql`select digest, media_type, created_at, updated_at, described, image_size, config_media_type,
        architecture, os from manifest_detail
      where registry_id = ${registryId} and repository = ${repository} and (updated_at, digest) < (${at}, ${name})
      order by updated_at desc, digest desc limit ${n + 1}`
  }
  if (order === 'oldest') {
    return sql`select digest, media_type, created_at, updated_at, described, image_size, config_media_type,
        architecture, os from manifest_detail
      where registry_id = ${registryId} and repository = ${repository} and (updated_at, digest) > (${at}, ${name})
      order by updated_at, digest limit ${n + 1}`
  }
  return sql`select digest, media_type, created_at, updated_at, described, image_size, config_media_type,
      architecture, os from manifest_detail
    where registry_id = ${registryId} and repository = ${repository} and digest > ${name}
    order by digest limit ${n + 1}`
}
