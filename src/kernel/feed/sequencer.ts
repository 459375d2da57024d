import type { Clock } from '../clock.ts'
import { Failure } from '../failure.ts'
import { checkLease, dropLease, type Lease, LeaseLost, takeLease } from '../lease/lease.ts'
import { sql } from '../store/sql.ts'
import { type Store, write } from '../store/types.ts'
import { openFeed } from './state.ts'

/** One transaction numbers so many; a backlog takes several. */
const MAX_NUMBERED = 256
const LEASE_MS = 10_000
const RENEW_MS = 3_000
/** How soon a change can be followed, against what looking costs: one indexed read. */
const BUSY_PAUSE_MS = 20
const IDLE_PAUSE_MS = 200
const RETRY_PAUSE_MS = 1_000

type Numbering = { region: string; ids: readonly string[]; lease: Pick<Lease, 'name' | 'fence'> }

/**
 * Numbers entries that were seen committed. The lease's number is checked in the same transaction, so
 * of two sequencers that both believe they hold it only one has any effect.
 */
export const numberFeed = write('feed.number', async (tx, { region, ids, lease }: Numbering): Promise<number> => {
  await checkLease(tx, lease)
  const state = await tx.one<{ last: number }>(sql`select last_sequence as last from feed_state
    where region_id = ${region}`)
  if (state === undefined) return 0
  let last = state.last
  for (const id of ids) {
    last += await tx.run(sql`update feed_entry set sequence = ${last + 1}
      where region_id = ${region} and id = ${id} and sequence = 0`)
  }
  await tx.run(sql`update feed_state set last_sequence = ${last} where region_id = ${region}`)
  return last - state.last
})

export type SequencerOptions = {
  store: Store
  clock: Clock
  region: string
  /** Unique per process. */
  holder: string
  signal: AbortSignal
  /** Told of what goes wrong; it is tried again. */
  onError: (error: unknown) => void
}

/** Numbers a region's feed until the signal; of several processes one does, the others wait for its lease. */
export async function runSequencer(options: SequencerOptions): Promise<void> {
  const { clock, signal, onError } = options
  while (!signal.aborted) {
    const pause = await holdOnce(options).catch(error => {
      if (!(error instanceof Failure && error.is(LeaseLost))) onError(error)
      return RETRY_PAUSE_MS
    })
    await clock.sleep(pause * (0.75 + clock.random() / 2), signal).catch(() => {})
  }
}

/** One term as the holder, or a look at whether there could be one. Returns how long to wait for the next. */
async function holdOnce({ store, clock, region, holder, signal }: SequencerOptions): Promise<number> {
  const name = `feed/${region}`
  let lease = await store.write(takeLease, { name, holder, ms: LEASE_MS })
  if (lease === undefined) return RETRY_PAUSE_MS
  await store.write(openFeed, region)
  let renewAt = clock.monotonic() + RENEW_MS
  while (!signal.aborted) {
    if (clock.monotonic() >= renewAt) {
      lease = await store.write(takeLease, { name, holder, ms: LEASE_MS })
      if (lease === undefined) return RETRY_PAUSE_MS
      renewAt = clock.monotonic() + RENEW_MS
    }
    const numbered = await sequenceOnce(store, region, lease)
    if (numbered < MAX_NUMBERED) {
      const pause = numbered > 0 ? BUSY_PAUSE_MS : IDLE_PAUSE_MS
      await clock.sleep(pause, signal).catch(() => {})
    }
  }
  await store.write(dropLease, lease)
  return 0
}

/** Numbers what is committed and has no number yet, at most 256 entries; returns how many. */
export async function sequenceOnce(store: Store, region: string, lease: Lease): Promise<number> {
  // Outside the transaction: reading this range inside would conflict with every push that appends.
  const rows = await store.read.all<{ id: string }>(sql`select id from feed_entry
    where region_id = ${region} and sequence = 0 order by id limit ${MAX_NUMBERED}`)
  if (rows.length === 0) return 0
  return store.write(numberFeed, { region, ids: rows.map(row => row.id), lease })
}
