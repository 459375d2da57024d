import type { Clock, Ms } from '../../kernel/index.ts'
import { SourceSlow } from './failures.ts'
import type { Tally } from './tally.ts'

const REPORT_MS = 1_000
/** A source that brings neither a thing nor a MiB in this time is left for a while. */
const STALL_MS = 10 * 60_000

/** Canceled, or taken over by another process. */
export const OVER = Symbol('over')

/** Writes down how far it is. False where it is over. */
export type Report = (moved: boolean) => Promise<boolean>

type Watched = { host: string; tally: Pick<Tally, 'steps' | 'brought'>; report: Report }

/** Runs `work`, tells how far it is, and stops it where nobody wants it any more or nothing moves: that is thrown then. */
export async function watch(
  { clock }: { clock: Clock },
  watched: Watched,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const done = new AbortController()
  const stop = new AbortController()
  const look = lookAfter(clock, watched, AbortSignal.any([signal, done.signal])).catch(error => stop.abort(error))
  try {
    await work(AbortSignal.any([signal, stop.signal]))
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error
  } finally {
    done.abort()
    await look
  }
}

/** Until the signal; throws why the work is to stop. */
async function lookAfter(clock: Clock, { host, tally, report }: Watched, signal: AbortSignal): Promise<void> {
  let seen = { steps: tally.steps(), brought: tally.brought(), at: clock.monotonic() as Ms }
  for (;;) {
    await clock.sleep(REPORT_MS, signal).catch(() => {})
    if (signal.aborted) return
    const now = { steps: tally.steps(), brought: tally.brought(), at: clock.monotonic() }
    if (!(await report(now.brought > seen.brought))) throw OVER
    if (now.steps > seen.steps || now.brought > seen.brought) seen = now
    if (now.at - seen.at > STALL_MS) throw SourceSlow(host, STALL_MS)
  }
}
