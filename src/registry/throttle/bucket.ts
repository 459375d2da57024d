import type { Ms } from '../../kernel/index.ts'

const MINUTE_MS = 60_000
// Added up from parts, one is not always 1.
const A_TOKEN = 1 - 1e-9

/** How much of a bucket one node has: all of it where it is alone. */
export type Part = number

/**
 * A node's part of a token bucket that holds one minute's requests. A new one is full: it has been filling for ever, so
 * one that has rested until it is full can be forgotten, and nobody gains by it.
 */
export class Bucket {
  tokens = 0
  /** In the list of those that want more. */
  asking = false
  used = 0
  refused = 0
  usedBefore = 0
  refusedBefore = 0
  #usedEarlier = 0
  #refusedEarlier = 0
  #at: Ms = Number.NEGATIVE_INFINITY

  fill(now: Ms, perMinute: number, part: Part): void {
    const room = roomOf(perMinute, part)
    const tokens = this.tokens + ((now - this.#at) * perMinute * part) / MINUTE_MS
    this.tokens = Math.min(tokens, room)
    this.#at = now
  }

  /** Until a token is there; 0 where one is. After `fill`. */
  wait(perMinute: number, part: Part): Ms {
    return this.tokens >= A_TOKEN ? 0 : ((1 - this.tokens) * MINUTE_MS) / (perMinute * part)
  }

  /** A new minute begins. */
  turn(): void {
    this.#usedEarlier += this.used
    this.#refusedEarlier += this.refused
    this.usedBefore = this.used
    this.refusedBefore = this.refused
    this.used = 0
    this.refused = 0
  }

  /** Since there is this bucket. */
  total(): { used: number; refused: number } {
    return { used: this.#usedEarlier + this.used, refused: this.#refusedEarlier + this.refused }
  }
}

/** Never less than one token, or a small limit on many nodes would let nobody through. */
export function roomOf(perMinute: number, part: Part): number {
  return Math.max(1, perMinute * part)
}
