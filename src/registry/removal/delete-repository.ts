import {
  addJob,
  type Clock,
  type Hlc,
  JobHopeless,
  type Ms,
  type Store,
  sql,
  type Tx,
  write,
} from '../../kernel/index.ts'
import type { Digest } from '../../oci/index.ts'
import type { ContentChange, RepoRef } from '../content/change.ts'
import { putContent } from '../content/put-content.ts'
import { type ContentFrom, recordContent } from '../content/record-content.ts'
import { isRepositoryHere } from '../content/repository.ts'
import { RepositoryUnknown } from '../failures.ts'
import { REPOSITORY, UNRESTRICTED } from '../locks/attributes.ts'
import { lockAgainst, refuseLockedInside } from '../locks/locks.ts'
import type { Immutable } from '../policies/immutable.ts'

/** Goes on where a process died, or where an answer could not wait any longer. */
export const DELETE_REPOSITORY_JOB = 'registry.delete-repository'

// With a manifest at 22 statements, 28 where it goes to the trash, some 20 ms of the one writer that SQLite has.
const PAGE = 100
// The answer says what is gone by then; the job does the rest.
const PATIENCE_MS: Ms = 5_000

/**
 * `before`, `until`: what is pushed after it was asked for stays. `trashFor`: how long what goes stays in the trash, ms;
 * a job of an earlier version leaves it out, and nothing is kept.
 */
export type Asked = RepoRef & { from: ContentFrom; keepFor: Ms; trashFor?: Ms; before: Hlc; until: Ms }
type First = Omit<Asked, 'before' | 'until'> & { uploadIdle: Ms; immutable: readonly Immutable[] }
export type Gone = { manifests: Digest[]; tags: string[] }
type Page = Gone & { more: boolean }

/**
 * The first page of it: all there is, for nearly every repository. Where there is more a job is added in the same
 * transaction. Refused while anything in it is locked.
 */
export const beginDeletion = write(
  'registry.begin-deletion',
  async (tx, { uploadIdle, immutable, ...first }: First) => {
    const { registryId, repository, from } = first
    if (!(await isRepositoryHere(tx, first))) throw RepositoryUnknown(repository)
    await refuseLockedInside(tx, first, immutable)
    const off = await tx.one(sql`select field from attribute where registry_id = ${registryId}
    and repository = ${repository} and kind = 'repository' and enabled = 0 limit 1`)
    // What comes by this name later is another repository.
    if (off)
      await putContent(
        tx,
        { kind: 'attributes', registryId, repository, of: REPOSITORY, set: UNRESTRICTED },
        from.region,
      )
    const asked: Asked = { ...first, before: tx.clock.tick(), until: tx.clock.now() + uploadIdle }
    const page = await deletePage(tx, asked, true)
    // Not at once: what the job took, the answer would not name.
    const notBefore = tx.clock.now() + 2 * PATIENCE_MS
    const key = `${registryId}/${repository}`
    if (page.more) await addJob(tx, { kind: DELETE_REPOSITORY_JOB, key, input: asked, notBefore })
    return { ...page, asked }
  },
)

export const goOnDeleting = write('registry.go-on-deleting', (tx, asked: Asked) => deletePage(tx, asked, false))

/** Page by page until nothing is left, the time is over, or `signal` ends it. */
export async function deleteRepository({ store, clock }: { store: Store; clock: Clock }, first: First): Promise<Gone> {
  const started = clock.monotonic()
  const { asked, more, manifests, tags } = await store.write(beginDeletion, first)
  for (let left = more; left && clock.monotonic() - started < PATIENCE_MS; ) {
    const page = await store.write(goOnDeleting, asked)
    manifests.push(...page.manifests)
    tags.push(...page.tags)
    left = page.more
  }
  return { manifests, tags }
}

/** The job's part. Nothing is left to do where the request got to the end. */
export async function finishDeletion(store: Store, input: unknown, signal: AbortSignal): Promise<void> {
  if (!isAsked(input)) throw JobHopeless('The job names no repository')
  while (!signal.aborted && (await store.write(goOnDeleting, input)).more);
}

// Tags first: a manifest takes all of its own with it, and those may be any number.
async function deletePage(tx: Tx, asked: Asked, all: boolean): Promise<Page> {
  const { registryId, repository, keepFor, before, from } = asked
  const kept = { deletion: before, trash: { trashFor: asked.trashFor ?? 0, by: from.actor.id } }
  // Stamps of before may lie ahead of a clock that was set back: what is there when the first page is taken is meant.
  const older = all ? 'g' : before
  const tags = await tx.all<{ name: string }>(sql`select name from tag
    where registry_id = ${registryId} and repository = ${repository} and hlc < ${older} and not exists (
      select 1 from attribute where registry_id = ${registryId} and repository = ${repository} and kind = 'tag'
      and attribute.name = tag.name and enabled = 0 and field in ('delete', 'write'))
    order by name limit ${PAGE}`)
  const gone: Gone = { manifests: [], tags: [] }
  for (const { name: tag } of tags) {
    const change = { kind: 'tag-deleted', registryId, repository, tag, ...kept } as const
    if (await take(tx, asked, change)) gone.tags.push(tag)
  }
  const left = PAGE - tags.length
  const manifests = await tx.all<{ digest: Digest }>(sql`select digest from manifest
    where registry_id = ${registryId} and repository = ${repository} and hlc < ${older} and not exists (
      select 1 from tag where registry_id = ${registryId} and repository = ${repository} and tag.digest = manifest.digest)
    and not exists (select 1 from manifest_reference r join manifest m on m.registry_id = r.registry_id
      and m.repository = r.repository and m.digest = r.digest where r.registry_id = ${registryId}
      and r.repository = ${repository} and r.target = manifest.digest and m.hlc >= ${older})
    and not exists (select 1 from attribute where registry_id = ${registryId} and repository = ${repository}
      and kind = 'manifest' and attribute.name = manifest.digest and enabled = 0 and field in ('delete', 'write'))
    order by digest limit ${left}`)
  for (const { digest } of manifests) {
    const change = { kind: 'manifest-deleted', registryId, repository, digest, keepFor, ...kept } as const
    if (await take(tx, asked, change)) gone.manifests.push(digest)
  }
  const blobs = manifests.length < left ? await dropBlobs(tx, asked, left - manifests.length) : 0
  const taken = gone.tags.length + gone.manifests.length + blobs
  if (all || taken > 0) {
    const detail = { what: 'repository', tags: gone.tags.length, manifests: gone.manifests.length, blobs }
    await recordContent(tx, asked.from, asked, { action: 'registry/content/delete', detail })
  }
  return { ...gone, more: taken > 0 && tags.length + manifests.length + blobs >= PAGE }
}

async function dropBlobs(tx: Tx, asked: Asked, most: number): Promise<number> {
  const { registryId, repository, keepFor, until } = asked
  // One that was pushed since waits for its manifest until later than any of before.
  const blobs = await tx.all<{ digest: Digest }>(sql`select digest from repository_blob b
    where registry_id = ${registryId} and repository = ${repository} and review_at <= ${until} and not exists (
      select 1 from manifest_reference where registry_id = ${registryId} and repository = ${repository}
      and target = b.digest)
    order by digest limit ${most}`)
  let dropped = 0
  for (const { digest } of blobs) {
    if (await take(tx, asked, { kind: 'blob-deleted', registryId, repository, digest, keepFor })) dropped++
  }
  return dropped
}

/** What was locked since it was asked for stays. */
async function take(tx: Tx, { from }: Asked, change: ContentChange): Promise<boolean> {
  if (await lockAgainst(tx, change)) return false
  return (await putContent(tx, change, from.region, { request: from.request })).applied
}

function isAsked(input: unknown): input is Asked {
  if (typeof input !== 'object' || input === null) return false
  return ['registryId', 'repository', 'from', 'keepFor', 'before', 'until'].every(name => name in input)
}
