import { sql, type Tx } from '../../kernel/index.ts'
import type { RepoRef } from './change.ts'
import { inLists } from './repository.ts'

/**
 * What keeps a manifest besides a lock, as columns of its detail: `untagged_at` is 0 while it has a tag, and `held` is
 * 1 while an index that is here lists it or the subject that it names is here. Each region works them out from its own
 * rows, whatever change came first, so policies find in an index what nothing keeps.
 */
export async function keptByTag(tx: Tx, { registryId, repository }: RepoRef, digest: string): Promise<void> {
  await tx.run(sql`update manifest_detail set untagged_at = 0
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest} and untagged_at > 0`)
}

/** A tag of it moved away or was deleted. */
export async function lostTag(tx: Tx, { registryId, repository }: RepoRef, digest: string): Promise<void> {
  await tx.run(sql`update manifest_detail set untagged_at = ${tx.clock.now()}
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest} and untagged_at = 0
    and not exists (select 1 from tag where registry_id = ${registryId} and repository = ${repository}
      and digest = ${digest})`)
}

/** A new manifest: what it lists is held by it, and so is what waited for it as its subject. */
export async function holdBy(tx: Tx, repo: RepoRef, digest: string, listed: readonly string[]): Promise<void> {
  const { registryId, repository } = repo
  await tx.run(sql`update manifest_detail set held = 1
    where registry_id = ${registryId} and repository = ${repository} and held = 0 and digest in (
      select digest from referrer where registry_id = ${registryId} and repository = ${repository}
      and subject = ${digest})`)
  for (const digests of inLists(listed)) {
    await tx.run(sql`update manifest_detail set held = 1 where registry_id = ${registryId}
      and repository = ${repository} and held = 0 and digest in (${digests})`)
  }
}

/** Before its rows go: what the manifest lists, and what has it as its subject. */
export async function heldOnlyMaybe(tx: Tx, { registryId, repository }: RepoRef, digest: string): Promise<string[]> {
  const rows = await tx.all<{ digest: string }>(sql`select d.digest from manifest_reference r join manifest_detail d
      on d.registry_id = r.registry_id and d.repository = r.repository and d.digest = r.target
    where r.registry_id = ${registryId} and r.repository = ${repository} and r.digest = ${digest} and d.held = 1
    union select d.digest from referrer f join manifest_detail d
      on d.registry_id = f.registry_id and d.repository = f.repository and d.digest = f.digest
    where f.registry_id = ${registryId} and f.repository = ${repository} and f.subject = ${digest} and d.held = 1`)
  return rows.map(row => row.digest)
}

/**
 * After the rows of what held them are gone. Looked up one by one, not by `not exists`: PostgreSQL makes that a join,
 * and on tables that it has no statistics of yet one over the whole repository for each of them.
 */
export async function letGo(tx: Tx, { registryId, repository }: RepoRef, digests: readonly string[]): Promise<void> {
  for (const some of inLists(digests)) {
    await tx.run(sql`update manifest_detail set held = 0
      where registry_id = ${registryId} and repository = ${repository} and digest in (${some})
      and (select r.digest from manifest_reference r where r.registry_id = ${registryId}
        and r.repository = ${repository} and r.target = manifest_detail.digest limit 1) is null
      and (select s.digest from manifest m join manifest s on s.registry_id = m.registry_id
        and s.repository = m.repository and s.digest = m.subject where m.registry_id = ${registryId}
        and m.repository = ${repository} and m.digest = manifest_detail.digest limit 1) is null`)
  }
}
