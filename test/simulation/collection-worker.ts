import { parentPort, workerData } from 'node:worker_threads'
import { SimulationFailed, simulate } from '../../src/kernel/index.ts'
import { BROKEN } from './broken.ts'
import { type Collected, collectAndCheck } from './collection.ts'

export type Task = { seeds: readonly number[]; broken?: keyof typeof BROKEN }
/** `failed`: the first seed that found something, and what. */
export type Result = { total: Collected; trace: string; failed?: { seed: number; says: string; assertion: boolean } }

// A thread of its own: node:test watches every promise of its thread, which makes a simulation take twice as long.
const { seeds, broken } = workerData as Task
const total: Collected = { done: 0, refused: 0, crashes: 0, jumps: 0, backups: 0, restores: 0 }
const result: Result = { total, trace: '' }
for (const seed of seeds) {
  try {
    const { trace } = await simulate(seed, async sim => {
      const tally = await collectAndCheck(sim, broken === undefined ? [] : [BROKEN[broken]])
      for (const key of Object.keys(total) as (keyof Collected)[]) total[key] += tally[key]
    })
    result.trace = trace
  } catch (error) {
    if (!(error instanceof SimulationFailed)) throw error
    const assertion = error.cause instanceof Error && error.cause.name === 'AssertionError'
    result.failed = { seed, says: error.message, assertion }
    break
  }
}
parentPort?.postMessage(result)
