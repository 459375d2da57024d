import type { Clock, Ms } from '../kernel/index.ts'

/** Whether one more denial from an address is recorded, and how many before it were not; undefined: it is not. */
export type DenialBound = { admit(address: string): { suppressed: number } | undefined }

type Bucket = { left: number; at: Ms; suppressed: number }

// Ten at once and then six a minute tell all there is to tell of somebody who knocks.
const BURST = 10
const REFILL_MS = 10_000
// And for all addresses together: a thousand of them must not fill the disk either.
const BURST_ALL = 200
const REFILL_ALL_MS = 500
const MAX_ADDRESSES = 4096

/** Bounds how many denials become rows: anyone can cause them. */
export function createDenialBound(clock: Pick<Clock, 'monotonic'>): DenialBound {
  const buckets = new Map<string, Bucket>()
  const all: Bucket = { left: BURST_ALL, at: clock.monotonic(), suppressed: 0 }

  function refill(bucket: Bucket, burst: number, everyMs: Ms): void {
    const now = clock.monotonic()
    bucket.left = Math.min(burst, bucket.left + (now - bucket.at) / everyMs)
    bucket.at = now
  }

  return {
    admit(address) {
      const bucket = buckets.get(address) ?? { left: BURST, at: clock.monotonic(), suppressed: 0 }
      // Set anew, so that the first key is who was silent the longest.
      buckets.delete(address)
      buckets.set(address, bucket)
      for (const oldest of buckets.keys()) {
        if (buckets.size <= MAX_ADDRESSES) break
        buckets.delete(oldest)
      }
      refill(bucket, BURST, REFILL_MS)
      refill(all, BURST_ALL, REFILL_ALL_MS)
      if (bucket.left < 1 || all.left < 1) {
        bucket.suppressed += 1
        return undefined
      }
      bucket.left -= 1
      all.left -= 1
      const { suppressed } = bucket
      bucket.suppressed = 0
      return { suppressed }
    },
  }
}
