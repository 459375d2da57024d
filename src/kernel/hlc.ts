import { failure } from './failure.ts'

/**
 * A hybrid logical timestamp as text that sorts as it orders:
 * 12 hex digits of UTC milliseconds, 4 of a counter, then the node: `0193a1b2c3d4-0001-home.0`.
 * Source: Kulkarni et al., "Logical Physical Clocks", 2014.
 */
export type Hlc = string & { readonly hlc: unique symbol }

/** A remote stamp further ahead than this is refused: one wrong clock must not drag all others along. */
const MAX_SKEW_MS = 5 * 60_000
const COUNTER_END = 0x10000
const FORM = /^[0-9a-f]{12}-[0-9a-f]{4}-[a-z0-9.-]{1,64}$/

export const HlcMalformed = failure('KERNEL_HLC_MALFORMED', 400, (text: string) => ({
  says: `"${text.slice(0, 100)}" is not a hybrid timestamp`,
  next: 'Send it as it was given: 12 hex digits, 4 hex digits and a node, joined by "-"',
}))

export const HlcAhead = failure('KERNEL_HLC_AHEAD', 409, (seen: string, aheadMs: number) => ({
  says: `Timestamp ${seen} is ${Math.round(aheadMs / 1000)} s ahead of this machine's clock`,
  next: 'Check the clocks of both machines (NTP); at most 300 s apart is accepted',
}))

export function parseHlc(text: string): Hlc {
  if (!FORM.test(text)) throw HlcMalformed(text)
  return text as Hlc
}

/** The wall-clock part, UTC milliseconds. */
export function hlcTime(stamp: Hlc): number {
  return Number.parseInt(stamp.slice(0, 12), 16)
}

export class HybridClock {
  #millis = 0
  #counter = 0
  readonly #node: string
  readonly #wall: () => number

  constructor(node: string, wall: () => number) {
    this.#node = node
    this.#wall = wall
  }

  tick(seen?: Hlc): Hlc {
    const wall = this.#wall()
    const seenMillis = seen === undefined ? 0 : hlcTime(seen)
    if (seen !== undefined && seenMillis - wall > MAX_SKEW_MS) throw HlcAhead(seen, seenMillis - wall)
    const seenCounter = seen === undefined ? 0 : Number.parseInt(seen.slice(13, 17), 16)
    const millis = Math.max(wall, this.#millis, seenMillis)
    let counter = 0
    if (millis === this.#millis) counter = this.#counter + 1
    if (millis === seenMillis) counter = Math.max(counter, seenCounter + 1)
    // 65,536 stamps in one millisecond: borrow the next one, order is kept.
    const carry = counter >= COUNTER_END
    this.#millis = carry ? millis + 1 : millis
    this.#counter = carry ? 0 : counter
    return `${hex(this.#millis, 12)}-${hex(this.#counter, 4)}-${this.#node}` as Hlc
  }
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, '0')
}
