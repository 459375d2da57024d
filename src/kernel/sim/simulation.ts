import type { Ms } from '../clock.ts'
import { clockOf, type SimClock } from './clock.ts'
import { SimDisk } from './disk.ts'
import type { Random } from './random.ts'
import { Scheduler } from './scheduler.ts'

/** One run of one seed: what its parts are made of. */
export type Simulation = {
  readonly seed: number
  readonly scheduler: Scheduler
  readonly random: Random
  clock(node: string): SimClock
  disk(name: string, options?: { capacity?: number; torn?: boolean }): SimDisk
  /** A fact that must come out the same for the same seed. */
  note(fact: string): void
}

export type SimulationResult = { readonly seed: number; readonly trace: string; readonly time: Ms }

/** Fails with the seed and how to run it again; the cause is what went wrong. */
export class SimulationFailed extends Error {
  readonly seed: number

  constructor(seed: number, scheduler: Scheduler, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const recent = scheduler.recent().slice(-40).join('\n  ')
    super(
      `Seed ${seed} failed at ${scheduler.time.toFixed(3)} ms: ${why}\n` +
        `Run it again: TOWPATH_SEED=${seed} node --test <this file>\n  ${recent}`,
      { cause },
    )
    this.name = 'SimulationFailed'
    this.seed = seed
  }
}

/** Runs `body` to its end in virtual time. */
export async function simulate(
  seed: number,
  body: (simulation: Simulation) => Promise<void>,
): Promise<SimulationResult> {
  const scheduler = new Scheduler(seed)
  const random = scheduler.random.fork('body')
  const simulation: Simulation = {
    seed,
    scheduler,
    random,
    clock: node => clockOf(scheduler, node),
    disk: (name, options) => {
      const clock = clockOf(scheduler, `disk ${name}`)
      return new SimDisk({
        random: scheduler.random.fork(`disk ${name}`),
        pause: label => scheduler.pause(`${name} ${label}`),
        now: clock.now,
        ...options,
      })
    },
    note: fact => scheduler.note(fact),
  }
  try {
    await scheduler.run(body(simulation))
  } catch (error) {
    throw new SimulationFailed(seed, scheduler, error)
  }
  return { seed, trace: scheduler.trace(), time: scheduler.time }
}

/** The seeds of a test: the one in `TOWPATH_SEED`, else `count` from `first` on. */
export function seeds(first: number, count: number, env: NodeJS.ProcessEnv = process.env): number[] {
  const replay = env.TOWPATH_SEED
  if (replay === undefined) return Array.from({ length: count }, (_, i) => first + i)
  const seed = Number(replay)
  if (!Number.isSafeInteger(seed)) throw new TypeError(`TOWPATH_SEED is "${replay}": a whole number was expected`)
  return [seed]
}
