import { type Ms, sql, write } from '../../kernel/index.ts'

// 30 days: a region that was away for longer is filled anew instead of catching up.
export const TOMBSTONE_LIFE: Ms = 30 * 24 * 3600_000
const PAGE = 1000

/** Forgets deletions older than their life, a page at a time; true where more may be left. */
export const pruneTombstones = write('registry.prune-tombstones', async tx => {
  const pruned = await tx.run(sql`delete from tombstone where (registry_id, repository, kind, name) in (
    select registry_id, repository, kind, name from tombstone
    where deleted_at < ${tx.clock.now() - TOMBSTONE_LIFE} order by deleted_at limit ${PAGE})`)
  return pruned === PAGE
})

/** What was unlocked so long ago that no older change to it can come is as if nobody had ever locked it. */
export const pruneAttributes = write('registry.prune-attributes', async tx => {
  const pruned = await tx.run(sql`delete from attribute where (registry_id, repository, kind, name, field) in (
    select registry_id, repository, kind, name, field from attribute
    where enabled = 1 and set_at < ${tx.clock.now() - TOMBSTONE_LIFE} order by set_at limit ${PAGE})`)
  return pruned === PAGE
})
