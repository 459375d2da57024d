import type { Clock } from '../../kernel/index.ts'

/** The longest that a registry can make us wait at once: past it the caller is told. */
export const longestWait = 60_000

/** Whether the same request may do better later. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 429 || status === 500 || status === 502 || status === 503 || status === 504
}

/**
 * How long to wait before try number `attempt` + 1: what the registry asks for, else 0.2 s doubled each time up
 * to 10 s, and any share of it, so that clients that were cut together do not come back together. Undefined
 * where the registry asks for longer than is worth waiting.
 */
export function waitBefore(clock: Clock, attempt: number, retryAfter?: string): number | undefined {
  const asked = retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, clock.now())
  if (asked !== undefined) return asked > longestWait ? undefined : asked + clock.random() * 250
  return clock.random() * Math.min(10_000, 200 * 2 ** attempt)
}

/** Seconds, or a date (RFC 9110, section 10.2.3), in milliseconds from `now`. */
export function parseRetryAfter(text: string, now: number): number | undefined {
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
