import { list, type ReadTx, sql } from '../../kernel/index.ts'
import type { RepoRef } from '../content/change.ts'
import { isRepositoryHere } from '../content/repository.ts'
import { attributesOf, hiddenRepositories } from '../locks/attributes.ts'

/** `n` entries at most, after `last` in byte order. */
export type Page = { n: number; last: string }
/** `next`: the `last` of the page that follows, where there is one. */
export type Listed<T> = { items: T[]; next?: string }
/** `last`: the last one looked at, where there are more. */
export type Part<T> = { readonly rows: readonly T[]; readonly last?: T }

// What a client takes in as one index: the specification asks for 4 MB.
const REFERRERS_BYTES = 4 * 1024 * 1024

/**
 * Undefined where there is no such repository. What listEnabled hides is taken out of its page: a page may be short, or
 * empty, and still have a next.
 */
export async function listTags(read: ReadTx, repo: RepoRef, page: Page): Promise<Listed<string> | undefined> {
  const { registryId, repository } = repo
  const rows = await read.all<{ name: string }>(sql`select name from tag
    where registry_id = ${registryId} and repository = ${repository} and name > ${page.last}
    order by name limit ${page.n + 1}`)
  if (rows.length === 0 && !(await isRepositoryHere(read, repo))) return undefined
  const listed = cut(rows, page.n)
  const attributes = await attributesOf(read, repo, 'tag', listed.items)
  return { ...listed, items: listed.items.filter(name => attributes.get(name)?.list !== false) }
}

export async function listRepositories(read: ReadTx, registryId: string, page: Page): Promise<Listed<string>> {
  const rows = await read.all<{ name: string }>(sql`select name from repository
    where registry_id = ${registryId} and name > ${page.last} order by name limit ${page.n + 1}`)
  const listed = cut(rows, page.n)
  const hidden = await hiddenRepositories(read, registryId, listed.items)
  return { ...listed, items: listed.items.filter(name => !hidden.has(name)) }
}

/** Descriptors as JSON text, in the order of their digests. A page also ends before it outgrows a manifest. */
export async function listReferrers(
  read: ReadTx,
  repo: RepoRef,
  subject: string,
  page: Page & { artifactType: string },
): Promise<Listed<string>> {
  const { registryId, repository } = repo
  type Entry = { digest: string; length: number }
  // Lengths first: a page of annotations of 4 MiB each must not come into memory at once.
  const entries = await read.all<Entry>(
    page.artifactType === ''
      ? sql`select digest, length from referrer where registry_id = ${registryId} and repository = ${repository}
          and subject = ${subject} and digest > ${page.last} order by digest limit ${page.n + 1}`
      : sql`select digest, length from referrer where registry_id = ${registryId} and repository = ${repository}
          and subject = ${subject} and artifact_type = ${page.artifactType} and digest > ${page.last}
          order by digest limit ${page.n + 1}`,
  )
  let bytes = 0
  const fitting = entries.slice(0, page.n).filter(({ length }, i) => {
    bytes += length
    return i === 0 || bytes <= REFERRERS_BYTES
  })
  if (fitting.length === 0) return { items: [] }
  const rows = await read.all<{ digest: string; descriptor: string }>(sql`select digest, descriptor from referrer
    where registry_id = ${registryId} and repository = ${repository} and subject = ${subject}
    and digest in (${list(fitting.map(entry => entry.digest))}) order by digest`)
  const attributes = await attributesOf(
    read,
    repo,
    'manifest',
    rows.map(row => row.digest),
  )
  const items = rows.filter(row => attributes.get(row.digest)?.list !== false).map(row => row.descriptor)
  const last = fitting.at(-1)
  return entries.length > fitting.length && last ? { items, next: last.digest } : { items }
}

/** Out of one row more than was asked for. */
export function firstOf<T>(rows: readonly T[], n: number): Part<T> {
  const page = rows.slice(0, n)
  const last = page.at(-1)
  return rows.length > n && last !== undefined ? { rows: page, last } : { rows: page }
}

function cut(rows: { name: string }[], n: number): Listed<string> {
  const { rows: page, last } = firstOf(rows, n)
  const items = page.map(row => row.name)
  return last ? { items, next: last.name } : { items }
}
