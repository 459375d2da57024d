import { type Clock, failure, type Ms } from '../kernel/index.ts'

export const TooManyAttempts = failure('TOOMANYREQUESTS', 429, (waitMs: Ms) => ({
  says: 'Too many sign-ins were tried',
  next: `Try again in ${Math.max(1, Math.ceil(waitMs / 1000))} s; clients that are signed in go on`,
  detail: { retryAfter: Math.max(1, Math.ceil(waitMs / 1000)) },
}))

/**
 * Slows guessing down. Each address has a bucket of wrong guesses that refills by itself, so the
 * longest that an owner behind the same address waits after an attack is one refill. Whoever is
 * already signed in never comes here, and neither does a wrong password that is merely repeated.
 */
export type Throttle = {
  /** Runs `check` (undefined: a wrong guess), or throws `TooManyAttempts` before any work. */
  attempt<T>(from: string, check: () => Promise<T | undefined>): Promise<T | undefined>
  /** Addresses held in memory. */
  readonly size: number
}

type Bucket = { left: number; at: Ms }

// 10 mistakes at once, then one each 2 s: 43,000 guesses a day, hopeless against 130 random bits.
const BURST = 10
const REFILL_MS = 2000
// Oldest out: a botnet of more addresses only forgets its own, and `MAX_WAITING` still bounds the work.
const MAX_ADDRESSES = 4096
// Two derivations at once: each takes 32 MiB and a thread; the other two threads go on serving files.
const MAX_RUNNING = 2
const MAX_WAITING = 64

export function createThrottle(clock: Clock): Throttle {
  const buckets = new Map<string, Bucket>()
  const waiting: (() => void)[] = []
  let running = 0

  function take(from: string): Bucket {
    const now = clock.monotonic()
    const held = buckets.get(from)
    buckets.delete(from)
    const bucket = held ?? { left: BURST, at: now }
    bucket.left = Math.min(BURST, bucket.left + (now - bucket.at) / REFILL_MS)
    bucket.at = now
    buckets.set(from, bucket)
    for (const oldest of buckets.keys()) {
      if (buckets.size <= MAX_ADDRESSES) break
      buckets.delete(oldest)
    }
    if (bucket.left < 1) throw TooManyAttempts((1 - bucket.left) * REFILL_MS)
    // Taken before the work and given back on success: parallel guesses can't outrun the count.
    bucket.left -= 1
    return bucket
  }

  async function slot<T>(work: () => Promise<T>): Promise<T> {
    if (running >= MAX_RUNNING) await new Promise<void>(resolve => waiting.push(resolve))
    else running += 1
    try {
      return await work()
    } finally {
      // The place is handed on, so nobody slips in between.
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }

  return {
    async attempt(from, check) {
      if (waiting.length >= MAX_WAITING) throw TooManyAttempts(REFILL_MS)
      const bucket = take(network(from))
      const found = await slot(check)
      if (found !== undefined) bucket.left = Math.min(BURST, bucket.left + 1)
      return found
    },
    get size() {
      return buckets.size
    },
  }
}

/** One home has one IPv4 address or one IPv6 /64. */
function network(address: string): string {
  // `::ffff:192.0.2.1` is an IPv4 address too.
  if (!address.includes(':') || address.includes('.')) return address
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = new Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  return [...left, ...zeros, ...right].slice(0, 4).join(':')
}
