import { type Clock, type Log, type Ms, newId, type Store } from '../../kernel/index.ts'
import type { Throttle } from '../throttle/throttle.ts'
import type { Moved } from './moved.ts'
import { INTERVAL_MS, type ServedRow, writeServed } from './rows.ts'
import { isNothing, NOTHING, type Served, since, totalsOf } from './served.ts'

/** What a process that is killed loses. */
const WRITE_MS: Ms = 60_000
/** Of one transaction: one that pushes wait for is short. */
const ROWS_A_WRITE = 100

type Parts = { throttle: Throttle; moved: Moved; store: Store; clock: Clock; node: string }

/**
 * Writes what this process served in the interval at hand, when called; after its end, of the next. Where that fails, the interval
 * stays open until it works, and what was served meanwhile counts in it.
 */
export function createServedWriter({ store, clock, node, ...counted }: Parts): () => Promise<void> {
  const process = `${node}-${newId(clock, 'run')}`
  let from = intervalOf(clock.now())
  let begun: ReadonlyMap<string, Served> = new Map()
  let written: ReadonlyMap<string, Served> = new Map()

  return async () => {
    const now = clock.now()
    const totals = totalsOf(counted)
    const rows: ServedRow[] = []
    for (const [registryId, total] of totals) {
      if (isNothing(since(written.get(registryId) ?? NOTHING, total))) continue
      rows.push({ registryId, from, process, served: since(begun.get(registryId) ?? NOTHING, total) })
    }
    for (let at = 0; at < rows.length; at += ROWS_A_WRITE) {
      await store.write(writeServed, rows.slice(at, at + ROWS_A_WRITE))
    }
    written = totals
    // Never back, whatever the clock says: the rows of an interval that is over stay as they are.
    if (intervalOf(now) <= from) return
    from = intervalOf(now)
    begun = totals
  }
}

/** Each whole minute, and with it at the end of each interval, until the signal, and once more then. */
export async function runServed({ log, ...parts }: Parts & { log: Log }, signal: AbortSignal): Promise<void> {
  const { clock } = parts
  const writeDown = createServedWriter(parts)
  while (!signal.aborted) {
    await clock.sleep(WRITE_MS - (clock.now() % WRITE_MS), signal).catch(() => {})
    try {
      await writeDown()
    } catch (error) {
      log.warn({ err: error }, 'What was served waits to be written for the history; it is tried again')
    }
  }
}

function intervalOf(now: Ms): Ms {
  return now - (now % INTERVAL_MS)
}
