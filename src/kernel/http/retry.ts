import type { Clock, Ms } from '../clock.ts'

export type RetryPolicy = {
  /** Tries in all. */
  attempts: number
  /** The wait before try n+1 is drawn evenly from 0 to min(maxMs, baseMs × 2ⁿ). */
  baseMs: Ms
  maxMs: Ms
  /** A host that asks for more patience than this is not waited for. */
  retryAfterMaxMs: Ms
  /** Answers that say "not now", not "not so". */
  statuses: readonly number[]
}

export const RETRY: RetryPolicy = {
  attempts: 4,
  baseMs: 200,
  maxMs: 10_000,
  retryAfterMaxMs: 30_000,
  statuses: [408, 429, 502, 503, 504],
}

/** How long to wait before the next try; undefined = no more tries. `failed` counts the tries so far. */
export function retryDelay(policy: RetryPolicy, clock: Clock, failed: number, retryAfter?: string): Ms | undefined {
  if (failed >= policy.attempts) return undefined
  const jittered = clock.random() * Math.min(policy.maxMs, policy.baseMs * 2 ** (failed - 1))
  const asked = retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, clock.now())
  if (asked === undefined) return jittered
  // On top, not instead: everybody was told the same moment.
  return asked > policy.retryAfterMaxMs ? undefined : asked + jittered
}

/** Seconds or an HTTP date (RFC 9110), as milliseconds from now; undefined where it is neither. */
export function parseRetryAfter(text: string, now: Ms): Ms | undefined {
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  const date = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
