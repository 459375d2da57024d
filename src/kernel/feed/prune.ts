import type { Ms } from '../clock.ts'
import { sql } from '../store/sql.ts'
import { type Store, write } from '../store/types.ts'

/** Rows removed in one transaction: short enough for a push to wait for. */
const MAX_PRUNED = 500

type Prune = { region: string; before: Ms }

/** Removes the oldest numbered entries, if they are older than `before`; returns how many. */
export const pruneFeedOnce = write('feed.prune', async (tx, { region, before }: Prune): Promise<number> => {
  const rows = await tx.all<{ sequence: number; createdAt: Ms }>(sql`select sequence, created_at as "createdAt"
    from feed_entry where region_id = ${region} and sequence > 0 order by sequence limit ${MAX_PRUNED}`)
  // Only from the start and up to the first that stays: the floor is one number.
  const stays = rows.findIndex(row => row.createdAt >= before)
  const old = stays < 0 ? rows : rows.slice(0, stays)
  const floor = old.at(-1)?.sequence
  if (floor === undefined) return 0
  await tx.run(sql`update feed_state set pruned_sequence = ${floor} where region_id = ${region}`)
  return tx.run(sql`delete from feed_entry where region_id = ${region} and sequence > 0 and sequence <= ${floor}`)
})

/** Forgets entries older than `before` (UTC ms), bit by bit; returns how many. Cursors before them are refused from then on. */
export async function pruneFeed(store: Store, prune: Prune): Promise<number> {
  for (let total = 0; ; ) {
    const pruned = await store.write(pruneFeedOnce, prune)
    total += pruned
    if (pruned < MAX_PRUNED) return total
  }
}
