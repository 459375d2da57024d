import { failure } from '../failure.ts'
import { newId } from '../id.ts'
import { sql } from '../store/sql.ts'
import { type ReadTx, type Store, type Tx, write } from '../store/types.ts'
import type { Cursor } from './cursor.ts'

export type FeedState = {
  readonly incarnation: string
  /** The newest number given. */
  readonly last: number
  /** Entries up to this one are gone. */
  readonly pruned: number
}

export const FeedUnknown = failure('FEED_UNKNOWN', 404, (region: string) => ({
  says: `Region "${region}" has no feed here`,
  next: 'Check the name of the region; a new one has its feed once one of its nodes runs',
}))

export async function readFeedState(db: ReadTx, region: string): Promise<FeedState | undefined> {
  return await db.one<FeedState>(sql`select incarnation, last_sequence as last, pruned_sequence as pruned
    from feed_state where region_id = ${region}`)
}

/** Gives a region its first incarnation; nothing happens where it has one. */
export const openFeed = write('feed.open', async (tx, region: string): Promise<void> => {
  await tx.run(sql`insert into feed_state (region_id, incarnation, last_sequence, pruned_sequence)
    values (${region}, ${newId(tx.clock, 'inc')}, 0, 0) on conflict (region_id) do nothing`)
})

/**
 * After a backup was restored: numbers are given anew from here, so cursors from before are refused
 * and their owners read everything again.
 */
export const newIncarnation = write('feed.newIncarnation', async (tx: Tx, region: string): Promise<string> => {
  const incarnation = newId(tx.clock, 'inc')
  await tx.run(sql`insert into feed_state (region_id, incarnation, last_sequence, pruned_sequence)
    values (${region}, ${incarnation}, 0, 0) on conflict (region_id) do update set incarnation = excluded.incarnation`)
  return incarnation
})

/** Before the oldest entry that is still there. */
export async function firstCursor(store: Store, region: string): Promise<Cursor> {
  const { incarnation, pruned } = await stateOf(store, region)
  return { region, incarnation, sequence: pruned }
}

/** After the newest entry: for who takes the present from elsewhere and follows from now on. */
export async function lastCursor(store: Store, region: string): Promise<Cursor> {
  const { incarnation, last } = await stateOf(store, region)
  return { region, incarnation, sequence: last }
}

async function stateOf(store: Store, region: string): Promise<FeedState> {
  const state = await readFeedState(store.read, region)
  if (state === undefined) throw FeedUnknown(region)
  return state
}
