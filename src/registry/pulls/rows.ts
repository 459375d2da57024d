import { list, type Migration, type Ms, type ReadTx, sql, type Tx, write } from '../../kernel/index.ts'
import type { RepoRef } from '../content/change.ts'

/** Beside the columns of tag, manifest_detail and repository_count. */
export const pullMigrations: readonly Migration[] = [
  {
    id: 'registry-pulls-1',
    statements: [
      // since: from when on pulls of the registry are counted. blurred_at: when more was pulled than is kept by name.
      `create table pull_watch (
        registry_id {text} not null, since {bigint} not null, blurred_at {bigint} not null,
        primary key (registry_id)
      ){strict}`,
    ],
  },
]

/** A tag that is pulled all day is written once an hour; rules go by days. */
const EXACT_MS: Ms = 3_600_000

/** What was pulled of a repository, or a part of it. */
export type Counted = RepoRef & { pulls: number; tags: readonly string[]; digests: readonly string[] }

/** What is not there any more counts for nothing. */
export const countPulls = write('pulls.count', async (tx, counted: readonly Counted[]): Promise<null> => {
  for (const one of counted) await countOne(tx, one)
  return null
})

async function countOne(tx: Tx, { registryId, repository, pulls, tags, digests }: Counted): Promise<void> {
  const now = tx.clock.now()
  await watch(tx, registryId, 0)
  await tx.run(sql`update repository_count set pulls = pulls + ${pulls}, pulled_at = ${now}
    where registry_id = ${registryId} and repository = ${repository}`)
  if (tags.length > 0) {
    await tx.run(sql`update tag set pulled_at = ${now} where registry_id = ${registryId}
      and repository = ${repository} and name in (${list(tags)}) and pulled_at < ${now - EXACT_MS}`)
  }
  if (digests.length > 0) {
    await tx.run(sql`update manifest_detail set pulled_at = ${now} where registry_id = ${registryId}
      and repository = ${repository} and digest in (${list(digests)}) and pulled_at < ${now - EXACT_MS}`)
  }
}

/** From now on at the latest it is known what is pulled of the registry. */
export const watchPulls = write('pulls.watch', async (tx, { registryId }: { registryId: string }): Promise<null> => {
  await watch(tx, registryId, 0)
  return null
})

export const blurPulls = write('pulls.blur', async (tx, { registryId }: { registryId: string }): Promise<null> => {
  await watch(tx, registryId, tx.clock.now())
  return null
})

async function watch(tx: Tx, registryId: string, blurredAt: Ms): Promise<void> {
  await tx.run(sql`insert into pull_watch (registry_id, since, blurred_at)
    values (${registryId}, ${tx.clock.now()}, ${blurredAt})
    on conflict (registry_id) do update set blurred_at = excluded.blurred_at
    where excluded.blurred_at > pull_watch.blurred_at`)
}

export const pullWrites = [countPulls, watchPulls, blurPulls]

/** Since when all pulls of the registry are known by name; undefined where nobody has counted them yet. */
export async function pullsKnownSince(db: ReadTx, registryId: string): Promise<Ms | undefined> {
  const row = await db.one<{ since: Ms; blurred_at: Ms }>(sql`select since, blurred_at from pull_watch
    where registry_id = ${registryId}`)
  return row && Math.max(row.since, row.blurred_at)
}
