import { type Clock, type Log, type Ms, newId, type Store } from '../../kernel/index.ts'
import { exchange, forgetSilent, readOthers, SILENT_MS } from './exchange.ts'
import type { Throttle } from './throttle.ts'

const EVERY_MS = 1_000
const BEAT_MS: Ms = SILENT_MS / 3
const TIDY_MS = 60_000

type Parts = { store: Store; clock: Clock; throttle: Throttle; node: string }

/**
 * One round of a node: it sees who else is there, takes its part of all buckets, fetches, asks and gives. Idle nodes read
 * three short lists and write once in five seconds.
 */
export function createRebalance({ store, clock, throttle, node }: Parts): () => Promise<void> {
  let beatAt: Ms = Number.NEGATIVE_INFINITY
  let tidiedAt: Ms = Number.NEGATIVE_INFINITY
  let asked = false

  return async () => {
    const { others, wanted, waits } = await readOthers(store.read, node, clock.now())
    throttle.share(1 / (others + 1))
    const now = clock.monotonic()
    throttle.turn(now)
    const asks = throttle.asks(now)
    const offers = wanted.map(one => ({ ...throttle.spare(one, now), node: one.node })).filter(one => one.tokens > 0)
    const beat = now - beatAt >= BEAT_MS
    if (!beat && !waits && !asked && asks.length === 0 && offers.length === 0) return
    // Where it fails, what was offered counts as given: nobody knows whether it was.
    const { gifts, taken } = await store.write(exchange, { node, id: newId(clock, 'exc'), asks, offers })
    beatAt = now
    asked = asks.length > 0
    for (const gift of gifts) throttle.put(gift, clock.monotonic())
    for (const [i, offer] of offers.entries()) {
      throttle.put({ ...offer, tokens: offer.tokens - (taken[i] ?? offer.tokens) }, clock.monotonic())
    }
    if (now - tidiedAt < TIDY_MS) return
    tidiedAt = now
    await store.write(forgetSilent, null)
  }
}

/** A node joins the others, and then makes a round each second until the signal. */
export async function joinThrottle({ log, ...parts }: Parts & { log: Log }) {
  const { clock } = parts
  const makeRound = createRebalance(parts)
  let failed = false

  async function round(signal?: AbortSignal): Promise<void> {
    try {
      await makeRound()
      failed = false
    } catch (err) {
      // Each node goes on with the part that it has.
      if (!failed && !signal?.aborted) log.warn({ err }, 'The limits of requests are not evened out between the nodes')
      failed = true
    }
  }

  // Before the first request: a node that knows of no other takes everything for its own.
  await round()
  return async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await clock.sleep(EVERY_MS, signal).catch(() => {})
      if (!signal.aborted) await round(signal)
    }
  }
}
