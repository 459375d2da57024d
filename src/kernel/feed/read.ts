import type { Clock, Ms } from '../clock.ts'
import { failure } from '../failure.ts'
import { sql } from '../store/sql.ts'
import type { Store } from '../store/types.ts'
import type { Cursor } from './cursor.ts'
import { FeedUnknown, readFeedState } from './state.ts'

export type FeedEntry = {
  readonly sequence: number
  readonly id: string
  readonly kind: string
  readonly registryId: string
  /** As it was appended; its reader checks it. */
  readonly body: unknown
  readonly createdAt: Ms
}

export type FeedPage = {
  readonly entries: readonly FeedEntry[]
  /** After the last entry of the page, to go on from. */
  readonly cursor: Cursor
  /** Newest number given when the page was read: `last - cursor.sequence` are still to come. */
  readonly last: number
}

export const CursorForeign = failure('FEED_CURSOR_FOREIGN', 410, (region: string) => ({
  says: `The feed of region "${region}" was restored from a backup after this cursor was given`,
  next: 'Read everything again, then go on from a new cursor',
}))

export const CursorPruned = failure('FEED_CURSOR_PRUNED', 410, (region: string, sequence: number, pruned: number) => ({
  says: `The feed of region "${region}" no longer has the entries after ${sequence}; they are gone up to ${pruned}`,
  next: 'Read everything again, then go on from a new cursor',
}))

/** A database that lost what it had numbered without becoming a new incarnation: going on would skip changes. */
export const CursorAhead = failure('FEED_CURSOR_AHEAD', 409, (region: string, sequence: number, last: number) => ({
  says: `This cursor is at ${sequence} of the feed of region "${region}", which ends at ${last}`,
  next: 'The database was put back by other means than "towpath restore"; make it a new incarnation',
}))

const MAX_LIMIT = 1000

/** The entries after a cursor in the order of their numbers, no gaps. Throws where the cursor cannot be gone on from. */
export async function readFeed(store: Store, cursor: Cursor, limit: number): Promise<FeedPage> {
  const { region, incarnation, sequence } = cursor
  const most = Math.min(Math.max(1, limit), MAX_LIMIT)
  type EntryRow = Omit<FeedEntry, 'body'> & { body: string }
  const rows = await store.read.all<EntryRow>(sql`select sequence, id, kind, registry_id as "registryId", body,
      created_at as "createdAt" from feed_entry
    where region_id = ${region} and sequence > ${sequence} and sequence > 0 order by sequence limit ${most}`)
  // After the entries: had some been pruned or renumbered before they were read, it shows here.
  const state = await readFeedState(store.read, region)
  if (state === undefined) throw FeedUnknown(region)
  if (state.incarnation !== incarnation) throw CursorForeign(region)
  if (sequence < state.pruned) throw CursorPruned(region, sequence, state.pruned)
  if (sequence > state.last) throw CursorAhead(region, sequence, state.last)
  const entries = rows.map(row => ({ ...row, body: JSON.parse(row.body) as unknown }))
  return { entries, cursor: { region, incarnation, sequence: entries.at(-1)?.sequence ?? sequence }, last: state.last }
}

type FollowOptions = { store: Store; clock: Clock; cursor: Cursor; signal: AbortSignal; limit?: number; pauseMs?: Ms }

/** Pages as they come, until the signal. Throws as `readFeed` does. */
export async function* followFeed(options: FollowOptions): AsyncGenerator<FeedPage, void, void> {
  const { store, clock, signal, limit = 200, pauseMs = 100 } = options
  let cursor = options.cursor
  while (!signal.aborted) {
    const page = await readFeed(store, cursor, limit)
    cursor = page.cursor
    if (page.entries.length > 0) yield page
    if (page.entries.length < limit) await clock.sleep(pauseMs, signal).catch(() => {})
  }
}
