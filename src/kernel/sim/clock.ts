import type { Clock, Ms } from '../clock.ts'
import { HybridClock } from '../hlc.ts'
import { Scheduler } from './scheduler.ts'

/** When every simulation begins. */
const SIM_EPOCH: Ms = Date.UTC(2030, 0, 1)

export type SimClock = Clock & {
  readonly scheduler: Scheduler
  /** Lets virtual time pass; what sleeps until then goes on. */
  advance(ms: Ms): Promise<void>
  /** The wall clock is set forward or back; time itself goes on as before. */
  jump(ms: Ms): void
}

/** A clock that stands still until it is told to go on. For a test of one part; a `Simulation` has its own. */
export function simClock(seed: string | number, node = 'sim'): SimClock {
  return clockOf(new Scheduler(seed), node)
}

/** The clock of one node of a simulation: its own wall time and chance, everybody's virtual time. */
export function clockOf(scheduler: Scheduler, node: string): SimClock {
  const random = scheduler.random.fork(`clock ${node}`)
  let offset = 0
  const now = () => Math.floor(SIM_EPOCH + scheduler.time + offset)
  const hybrid = new HybridClock(node, now)
  return {
    scheduler,
    now,
    monotonic: () => scheduler.time,
    tick: seen => hybrid.tick(seen),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const cancel = scheduler.after(ms, `${node} wakes`, () => {
          signal?.removeEventListener('abort', aborted)
          resolve()
        })
        function aborted() {
          cancel()
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', aborted, { once: true })
      }),
    random: () => random.next(),
    bytes: length => random.bytes(length),
    advance: ms => scheduler.advance(ms),
    jump: ms => {
      offset += ms
      scheduler.note(`${node} wall clock jumps ${ms} ms`)
    },
  }
}
