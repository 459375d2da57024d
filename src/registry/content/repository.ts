import { list, type ReadTx, sql, type Tx } from '../../kernel/index.ts'
import type { RepoRef } from './change.ts'
import { forgetCount, startCount } from './count.ts'

export async function isRepositoryHere(read: ReadTx, { registryId, repository }: RepoRef): Promise<boolean> {
  const row = await read.one(
    sql`select name from repository where registry_id = ${registryId} and name = ${repository}`,
  )
  return row !== undefined
}

export async function keepRepository(tx: Tx, repo: RepoRef): Promise<void> {
  const { registryId, repository } = repo
  const made = await tx.run(sql`insert into repository (registry_id, name, created_at)
    values (${registryId}, ${repository}, ${tx.clock.now()}) on conflict (registry_id, name) do nothing`)
  if (made > 0) await startCount(tx, repo)
}

/** A repository is there while it holds something, or has attributes that are off. */
export async function dropEmptyRepository(tx: Tx, repo: RepoRef): Promise<void> {
  const { registryId, repository } = repo
  const dropped = await tx.run(sql`delete from repository where registry_id = ${registryId} and name = ${repository}
    and not exists (select 1 from manifest where registry_id = ${registryId} and repository = ${repository})
    and not exists (select 1 from repository_blob where registry_id = ${registryId} and repository = ${repository})
    and not exists (select 1 from attribute where registry_id = ${registryId} and repository = ${repository}
      and kind = 'repository' and enabled = 0)`)
  if (dropped > 0) await forgetCount(tx, repo)
}

// SQLite takes 32,766 values a statement; a manifest of 4 MiB may name more.
const IN_LIST = 1000

/** Digests or names in lists that one statement takes. */
export function inLists(values: readonly string[]): ReturnType<typeof list>[] {
  const lists: ReturnType<typeof list>[] = []
  for (let i = 0; i < values.length; i += IN_LIST) lists.push(list(values.slice(i, i + IN_LIST)))
  return lists
}
