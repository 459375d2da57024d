import { list, type ReadTx, sql } from '../../kernel/index.ts'
import type { ContentChange, RepoRef } from '../content/change.ts'
import { Immovable, Locked } from '../failures.ts'
import { type Immutable, immutableAgainst, immutableInside } from '../policies/immutable.ts'
import { type Attribute, REPOSITORY, type Subject } from './attributes.ts'

/** An attribute that is off, or a policy by which tags are immutable. */
type Lock = Subject & ({ field: Attribute } | { policy: string })
type Off = Subject & { field: Attribute }

/**
 * Refuses what somebody does here to what is locked. Changes from elsewhere were allowed where they were made.
 * What is not locked costs one look into an index that only restricted repositories are in.
 */
export async function refuseLocked(tx: ReadTx, change: ContentChange): Promise<void> {
  const lock = await lockAgainst(tx, change)
  if (lock) throw refusal(change, lock)
}

function refusal({ repository }: RepoRef, lock: Lock) {
  if ('policy' in lock) return Immovable(repository, lock.name, lock.policy)
  return Locked(repository, lock.kind, lock.name, lock.field)
}

/** Before the bytes come; the transaction that takes them in asks again. */
export async function refuseLockedPush(read: ReadTx, repo: RepoRef): Promise<void> {
  const lock = await lockOf(read, repo, REPOSITORY, PUT)
  if (lock) throw refusal(repo, lock)
}

/** What forbids the change; undefined where nothing does. */
export async function lockAgainst(tx: ReadTx, change: ContentChange): Promise<Lock | undefined> {
  if (change.kind === 'attributes') return undefined
  return (await immutableAgainst(tx, change)) ?? lockedAgainst(tx, change)
}

async function lockedAgainst(
  tx: ReadTx,
  change: Exclude<ContentChange, { kind: 'attributes' }>,
): Promise<Off | undefined> {
  if (!(await isRestricted(tx, change))) return undefined
  switch (change.kind) {
    case 'blob':
    case 'manifest':
      return lockOf(tx, change, REPOSITORY, PUT)
    case 'tag':
      return (await lockOf(tx, change, REPOSITORY, PUT)) ?? lockOfHeldTag(tx, change, change.tag)
    case 'blob-deleted':
      return lockOf(tx, change, REPOSITORY, REMOVE)
    case 'tag-deleted':
      return (
        (await lockOf(tx, change, REPOSITORY, REMOVE)) ?? lockOf(tx, change, { kind: 'tag', name: change.tag }, REMOVE)
      )
    case 'manifest-deleted':
      return (
        (await lockOf(tx, change, REPOSITORY, REMOVE)) ??
        (await lockOf(tx, change, { kind: 'manifest', name: change.digest }, REMOVE)) ??
        lockOfItsTags(tx, change, change.digest)
      )
  }
}

/** Whatever forbids that all of the repository goes: a lock on it, or on anything in it, or a tag that is to stay. */
export async function refuseLockedInside(tx: ReadTx, repo: RepoRef, immutable: readonly Immutable[]): Promise<void> {
  const { registryId, repository } = repo
  const lock = await tx.one<Off>(sql`select kind, name, field from attribute
    where registry_id = ${registryId} and repository = ${repository} and enabled = 0 and field in (${list(REMOVE)})
    order by case kind when 'repository' then 0 else 1 end, kind, name limit 1`)
  if (lock) throw refusal(repo, lock)
  const stays = await immutableInside(tx, repo, immutable)
  if (stays) throw refusal(repo, stays)
}

const PUT: readonly Attribute[] = ['write']
// As ACR has it: what must not be written must not be deleted either.
const REMOVE: readonly Attribute[] = ['delete', 'write']

async function isRestricted(tx: ReadTx, { registryId, repository }: RepoRef): Promise<boolean> {
  const row = await tx.one(sql`select kind from attribute
    where registry_id = ${registryId} and repository = ${repository} and enabled = 0 limit 1`)
  return row !== undefined
}

async function lockOf(
  tx: ReadTx,
  { registryId, repository }: RepoRef,
  { kind, name }: Subject,
  fields: readonly Attribute[],
): Promise<Off | undefined> {
  return tx.one<Off>(sql`select kind, name, field from attribute where registry_id = ${registryId}
    and repository = ${repository} and kind = ${kind} and name = ${name} and enabled = 0 and field in (${list(fields)})
    order by field limit 1`)
}

/** A lock that came before its tag, or outlived it by a race with another region, does not keep the tag from being made. */
async function lockOfHeldTag(tx: ReadTx, repo: RepoRef, tag: string): Promise<Off | undefined> {
  const lock = await lockOf(tx, repo, { kind: 'tag', name: tag }, PUT)
  if (!lock) return undefined
  const held = await tx.one(sql`select name from tag
    where registry_id = ${repo.registryId} and repository = ${repo.repository} and name = ${tag}`)
  return held && lock
}

/** They would go with the manifest. */
async function lockOfItsTags(tx: ReadTx, { registryId, repository }: RepoRef, digest: string) {
  return tx.one<Off>(sql`select a.kind, a.name, a.field from tag t join attribute a on a.registry_id = t.registry_id
    and a.repository = t.repository and a.kind = 'tag' and a.name = t.name
    where t.registry_id = ${registryId} and t.repository = ${repository} and t.digest = ${digest}
    and a.enabled = 0 and a.field in (${list(REMOVE)}) order by a.name, a.field limit 1`)
}
