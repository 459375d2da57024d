import { addJob, type Clock, JobHopeless, type Ms, type Store, sql, type Tx, write } from '../../kernel/index.ts'
import type { Digest } from '../../oci/index.ts'
import { recordContent } from '../content/record-content.ts'
import { RepositoryNotDeleted } from './failures.ts'
import { planRestore } from './plan.ts'
import { pushAgain, type Restoring, tagAgain } from './push-again.ts'
import { LISTED, type Restored } from './restore.ts'

/** Goes on where a process died, or where an answer could not wait any longer. */
export const RESTORE_REPOSITORY_JOB = 'registry.restore-repository'

// With a manifest and its two blobs at 24 statements, some 40 ms of the one writer that SQLite has.
const PAGE = 100
const PATIENCE_MS: Ms = 5_000

/** `deletion`: the stamp of what took the repository: what went with that comes back. */
type Asked = Restoring & { deletion: string }
/** How far it got: manifests by digest, then tags by name. */
type Place = { digest: string; tag: string }
type Page = Restored & { place: Place; more: boolean }
/** `more`: the rest comes back in the background. */
export type RestoredRepository = Restored & { more: boolean }

/**
 * The first page of what went with the last deletion of the whole repository. Where there is more a job is added in the
 * same transaction.
 */
export const beginRestore = write('registry.begin-restore', async (tx, restoring: Restoring) => {
  const { registryId, repository } = restoring
  const row = await tx.one<{ deletion: string }>(sql`select deletion from trash_repository
    where registry_id = ${registryId} and repository = ${repository}`)
  if (!row || row.deletion === '') throw RepositoryNotDeleted(repository)
  const asked: Asked = { ...restoring, deletion: row.deletion }
  const page = await restorePage(tx, asked, { digest: '', tag: '' })
  const notBefore = tx.clock.now() + 2 * PATIENCE_MS
  const key = `${registryId}/${repository}`
  if (page.more) await addJob(tx, { kind: RESTORE_REPOSITORY_JOB, key, input: asked, notBefore })
  return { ...page, asked }
})

export const goOnRestoring = write('registry.go-on-restoring', (tx, { asked, place }: { asked: Asked; place: Place }) =>
  restorePage(tx, asked, place),
)

/** Page by page until all is back or the time is over. */
export async function restoreRepository(
  { store, clock }: { store: Store; clock: Clock },
  restoring: Restoring,
): Promise<RestoredRepository> {
  const started = clock.monotonic()
  const { asked, ...first } = await store.write(beginRestore, restoring)
  let page: Page = first
  const sum: Restored = { manifests: 0, tags: 0, inUse: [], incomplete: [] }
  for (;;) {
    sum.manifests += page.manifests
    sum.tags += page.tags
    sum.inUse = [...sum.inUse, ...page.inUse].slice(0, LISTED)
    sum.incomplete = [...new Set([...sum.incomplete, ...page.incomplete])].slice(0, LISTED)
    if (!page.more || clock.monotonic() - started >= PATIENCE_MS) return { ...sum, more: page.more }
    page = await store.write(goOnRestoring, { asked, place: page.place })
  }
}

/** The job's part, from the beginning: what is back already is not in the trash. */
export async function finishRestore(store: Store, input: unknown, signal: AbortSignal): Promise<void> {
  if (!isAsked(input)) throw JobHopeless('The job names no repository')
  let place: Place = { digest: '', tag: '' }
  for (let more = true; more && !signal.aborted; )
    ({ more, place } = await store.write(goOnRestoring, { asked: input, place }))
}

async function restorePage(tx: Tx, asked: Asked, from: Place): Promise<Page> {
  const page: Page = { manifests: 0, tags: 0, inUse: [], incomplete: [], place: { ...from }, more: true }
  const done = await restoreManifests(tx, asked, page)
  // Tags last, when all that they may lead to is back.
  if (done && page.manifests < PAGE) page.more = await restoreTags(tx, asked, page, PAGE - page.manifests)
  const { manifests, tags } = page
  if (manifests + tags > 0) {
    const detail = { restored: 'repository', manifests, tags }
    await recordContent(tx, asked.from, asked, { action: 'registry/content/write', detail })
  }
  return page
}

/** True where no manifest is left. */
async function restoreManifests(tx: Tx, asked: Asked, page: Page): Promise<boolean> {
  const { registryId, repository, deletion } = asked
  const roots = await tx.all<{ digest: Digest }>(sql`select digest from trash_manifest
    where registry_id = ${registryId} and repository = ${repository} and deletion = ${deletion}
    and digest > ${page.place.digest} order by digest limit ${PAGE}`)
  for (const { digest } of roots) {
    if (page.manifests >= PAGE) return false
    page.place.digest = digest
    const { parts, missing, incomplete } = await planRestore(tx, asked, digest, deletion)
    page.incomplete.push(...(missing.length > 0 ? [digest] : []), ...incomplete)
    if (missing.length > 0) continue
    // One that came back with another is here by now.
    const trashed = parts.filter(part => part.trashed)
    await pushAgain(tx, asked, trashed)
    page.manifests += trashed.length
  }
  return roots.length < PAGE
}

/** True where more may be left. */
async function restoreTags(tx: Tx, asked: Asked, page: Page, most: number): Promise<boolean> {
  const { registryId, repository, deletion } = asked
  type Row = { name: string; digest: Digest; here: number }
  const rows = await tx.all<Row>(sql`select t.name, t.digest, coalesce((select 1 from manifest m
      where m.registry_id = t.registry_id and m.repository = t.repository and m.digest = t.digest), 0) as here
    from trash_tag t where t.registry_id = ${registryId} and t.repository = ${repository} and t.deletion = ${deletion}
    and t.name > ${page.place.tag} order by t.name limit ${most}`)
  for (const { name, digest, here } of rows) {
    page.place.tag = name
    // What it led to could not be brought back, and is told as incomplete.
    if (here === 0) continue
    if (await tagAgain(tx, asked, name, digest)) page.tags++
    else page.inUse.push(name)
  }
  return rows.length === most
}

function isAsked(input: unknown): input is Asked {
  if (typeof input !== 'object' || input === null) return false
  return ['registryId', 'repository', 'from', 'keepFor', 'force', 'immutable', 'deletion'].every(name => name in input)
}
