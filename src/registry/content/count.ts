import { newId, sql, type Tx, write } from '../../kernel/index.ts'
import type { RepoRef } from './change.ts'

const PAGE = 1000

/** So many more, or fewer where negative. A row of its own: two pushes to one repository must not wait for each other. */
export async function countChange(tx: Tx, repo: RepoRef, by: { manifests: number; tags: number }): Promise<void> {
  const { registryId, repository } = repo
  await tx.run(sql`insert into count_change (registry_id, repository, id, manifests, tags, made_at)
    values (${registryId}, ${repository}, ${newId(tx.clock, 'cnt')}, ${by.manifests}, ${by.tags}, ${tx.clock.now()})`)
}

/** Of a repository that holds nothing yet. */
export async function startCount(tx: Tx, { registryId, repository }: RepoRef): Promise<void> {
  await tx.run(sql`insert into repository_count (registry_id, repository, manifests, tags, updated_at)
    values (${registryId}, ${repository}, 0, 0, ${tx.clock.now()})`)
}

/** Goes with the repository. */
export async function forgetCount(tx: Tx, { registryId, repository }: RepoRef): Promise<void> {
  await tx.run(sql`delete from repository_count where registry_id = ${registryId} and repository = ${repository}`)
  await tx.run(sql`delete from count_change where registry_id = ${registryId} and repository = ${repository}`)
}

type Change = RepoRef & { id: string; manifests: number; tags: number; made_at: number }

/** Adds the oldest changes of each repository to its count; true where more may be left. What a reader sums stays. */
export const foldCounts = write('registry.fold-counts', async tx => {
  const changes = await tx.all<Change>(sql`select registry_id as "registryId", repository, id, manifests, tags, made_at
    from count_change order by registry_id, repository, id limit ${PAGE}`)
  for (const group of Map.groupBy(changes, one => `${one.registryId} ${one.repository}`).values()) await fold(tx, group)
  return changes.length === PAGE
})

async function fold(tx: Tx, changes: readonly Change[]): Promise<void> {
  const last = changes.at(-1)
  if (!last) return
  const { registryId, repository, id } = last
  const sum = (of: 'manifests' | 'tags') => changes.reduce((total, change) => total + change[of], 0)
  const newest = Math.max(...changes.map(change => change.made_at))
  await tx.run(sql`update repository_count set manifests = manifests + ${sum('manifests')}, tags = tags + ${sum('tags')},
    updated_at = case when updated_at < ${newest} then ${newest} else updated_at end
    where registry_id = ${registryId} and repository = ${repository}`)
  await tx.run(sql`delete from count_change
    where registry_id = ${registryId} and repository = ${repository} and id <= ${id}`)
}
