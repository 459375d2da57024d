import type { Clock } from '../clock.ts'
import { systemClock } from '../clock.ts'

/** Time that passes only by `advance`, and lots that are always drawn the same. Tests only. */
export function manualClock(random = 0.5): Clock & { advance(ms: number): Promise<void>; slept: number[] } {
  let now = 0
  const sleepers = new Set<{ due: number; wake: () => void }>()
  const slept: number[] = []
  return {
    ...systemClock('test'),
    slept,
    now: () => 1_700_000_000_000 + now,
    monotonic: () => now,
    random: () => random,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        slept.push(ms)
        const sleeper = { due: now + ms, wake: resolve }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(signal.reason)
        })
      }),
    async advance(ms) {
      now += ms
      for (const sleeper of [...sleepers]) {
        if (sleeper.due > now) continue
        sleepers.delete(sleeper)
        sleeper.wake()
      }
      // What the woken do next gets its turn.
      await new Promise(resolve => setImmediate(resolve))
    },
  }
}
