import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { type Hlc, HybridClock } from './hlc.ts'

/** Milliseconds: UTC since 1970 where a time is meant, else a duration. */
export type Ms = number

/**
 * Time and chance. Everything that waits, stamps or draws lots takes one of these, so that the
 * simulation can replay a run from its seed.
 */
export type Clock = {
  /** Wall time, UTC milliseconds. May jump backwards. */
  now(): Ms
  /** Never goes backwards; only differences mean anything. */
  monotonic(): Ms
  /** The next hybrid logical timestamp, later than any that this clock gave and than `seen`. */
  tick(seen?: Hlc): Hlc
  /** Resolves after `ms`; rejects with the signal's reason when aborted. Never keeps the process alive. */
  sleep(ms: Ms, signal?: AbortSignal): Promise<void>
  /** Uniform in [0, 1): for jitter, never for secrets. */
  random(): number
  /** Unpredictable bytes: for ids and secrets. */
  bytes(length: number): Uint8Array
}

/** The machine's own clock. `node` ends up in every hybrid timestamp: unique per process that writes. */
export function systemClock(node: string): Clock {
  const hybrid = new HybridClock(node, () => Date.now())
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    tick: seen => hybrid.tick(seen),
    sleep: (ms, signal) => wait(ms, undefined, { ref: false, ...(signal ? { signal } : {}) }),
    random: () => Math.random(),
    bytes: length => randomBytes(length),
  }
}
