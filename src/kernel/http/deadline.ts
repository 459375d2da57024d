import type { Clock, Ms } from '../clock.ts'

const HOUR = 3_600_000

export type Deadline = {
  /** From now on this is waited for, at most so long. */
  expect(what: string, ms: Ms): void
  /** The same wait begins again; cheap enough for each chunk. */
  progress(): void
  /** Somebody else is waited for. */
  pause(): void
  stop(): void
}

type Options = {
  clock: Clock
  /** At most so long in all; none where undefined. */
  total: Ms | undefined
  expired: (what: string, ms: Ms) => void
}

/** Watches the steps of one exchange, one after the other. Calls `expired` at most once. */
export function createDeadline({ clock, total, expired }: Options): Deadline {
  const ends = total === undefined ? Number.POSITIVE_INFINITY : clock.monotonic() + total
  let step = { what: 'answer', ms: Number.POSITIVE_INFINITY, due: Number.POSITIVE_INFINITY }
  let stopped = false
  let restart = new AbortController()
  void watch()

  async function watch(): Promise<void> {
    while (!stopped) {
      const now = clock.monotonic()
      if (now >= ends) return expire('whole answer', total ?? 0)
      if (now >= step.due) return expire(step.what, step.ms)
      restart = new AbortController()
      const left = Math.min(ends, step.due) - now
      // A new step wakes it; progress, which is cheap, doesn't: looking once a wait finds the end of
      // one between `ms` and twice that. (A timer takes no more than 24 days, a pause is without end.)
      await clock.sleep(Math.min(left, step.ms, HOUR), restart.signal).catch(() => {})
    }
  }

  function expire(what: string, ms: Ms): void {
    stopped = true
    expired(what, ms)
  }

  return {
    expect: (what, ms) => {
      step = { what, ms, due: clock.monotonic() + ms }
      restart.abort()
    },
    progress: () => {
      step.due = clock.monotonic() + step.ms
    },
    pause: () => {
      step.due = Number.POSITIVE_INFINITY
    },
    stop: () => {
      stopped = true
      restart.abort()
    },
  }
}
