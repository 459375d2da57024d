import { list, newId, type ReadTx, sql, type Tx, write } from '../../kernel/index.ts'
import type { RepoRef } from '../content/change.ts'

const PAGE = 1000

/** `linked`: so many bytes more in the repository; `held`: in the registry. Fewer where negative. A row of its own each. */
export async function countSize(tx: Tx, repo: RepoRef, by: { linked: number; held: number }): Promise<void> {
  if (by.linked === 0 && by.held === 0) return
  await tx.run(sql`insert into size_change (registry_id, repository, id, linked, held)
    values (${repo.registryId}, ${repo.repository}, ${newId(tx.clock, 'siz')}, ${by.linked}, ${by.held})`)
}

/** As of now, exactly. Of the registry, where `repository` is left out. */
export async function readSize(db: ReadTx, registryId: string, repository?: string): Promise<number> {
  const row = await (repository === undefined
    ? db.one<{ bytes: number }>(sql`select cast(
        coalesce((select bytes from size_count where registry_id = ${registryId} and repository = ''), 0)
        + coalesce((select sum(held) from size_change where registry_id = ${registryId}), 0) as bigint) as bytes`)
    : db.one<{ bytes: number }>(sql`select cast(
        coalesce((select bytes from size_count where registry_id = ${registryId} and repository = ${repository}), 0)
        + coalesce((select sum(linked) from size_change
          where registry_id = ${registryId} and repository = ${repository}), 0) as bigint) as bytes`))
  return row?.bytes ?? 0
}

/** Of a page of repositories at once, as of now. */
export async function readSizes(
  db: ReadTx,
  registryId: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.all<{ name: string; bytes: number }>(sql`select r.name, cast(
      coalesce((select c.bytes from size_count c where c.registry_id = r.registry_id and c.repository = r.name), 0)
      + coalesce((select sum(x.linked) from size_change x
        where x.registry_id = r.registry_id and x.repository = r.name), 0) as bigint) as bytes
    from repository r where r.registry_id = ${registryId} and r.name in (${list(names)})`)
  return new Map(rows.map(row => [row.name, row.bytes]))
}

type Change = RepoRef & { id: string; linked: number; held: number }

/** Adds the oldest changes to what was counted; true where more may be left. What a reader sums stays. */
export const foldSizes = write('registry.fold-sizes', async tx => {
  const changes = await tx.all<Change>(sql`select registry_id as "registryId", repository, id, linked, held
    from size_change order by registry_id, repository, id limit ${PAGE}`)
  for (const group of Map.groupBy(changes, one => `${one.registryId} ${one.repository}`).values()) await fold(tx, group)
  return changes.length === PAGE
})

async function fold(tx: Tx, changes: readonly Change[]): Promise<void> {
  const last = changes.at(-1)
  if (!last) return
  const { registryId, repository, id } = last
  const sum = (of: 'linked' | 'held') => changes.reduce((total, change) => total + change[of], 0)
  await add(tx, registryId, repository, sum('linked'))
  await add(tx, registryId, '', sum('held'))
  await tx.run(sql`delete from size_change
    where registry_id = ${registryId} and repository = ${repository} and id <= ${id}`)
}

async function add(tx: Tx, registryId: string, repository: string, bytes: number): Promise<void> {
  if (bytes === 0) return
  await tx.run(sql`insert into size_count (registry_id, repository, bytes) values (${registryId}, ${repository}, ${bytes})
    on conflict (registry_id, repository) do update set bytes = size_count.bytes + excluded.bytes`)
  // A repository that holds nothing leaves nothing.
  await tx.run(sql`delete from size_count
    where registry_id = ${registryId} and repository = ${repository} and bytes = 0`)
}
