import assert from 'node:assert/strict'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { describe, it } from 'node:test'
import { Worker } from 'node:worker_threads'
import { seeds } from '../../src/kernel/index.ts'
import { BROKEN } from './broken.ts'
import type { Collected } from './collection.ts'
import type { Result, Task } from './collection-worker.ts'

// The long form, 10,000 of them: npm run test:collection. TOWPATH_SEED runs one of them again.
const wanted = Number(process.env.TOWPATH_SIM_COLLECTIONS ?? 30)
const FIRST_SEED = Number(process.env.TOWPATH_SIM_FIRST_SEED ?? 1)
const REPLAY = process.env.TOWPATH_SEED !== undefined
/** Enough for each of the bugs below, a few times over. */
const TRIES = 300

async function collected(task: Task): Promise<Result> {
  const worker = new Worker(new URL('./collection-worker.ts', import.meta.url), { workerData: task })
  const [result] = (await once(worker, 'message')) as [Result]
  return result
}

/** On every core. */
async function inParts(all: readonly number[]): Promise<Result[]> {
  const parts = Map.groupBy(all, seed => seed % availableParallelism())
  return Promise.all(Array.from(parts.values(), part => collected({ seeds: part })))
}

describe('collection beside all else', () => {
  it(`takes nothing that is needed and leaves nothing that is not: ${wanted} interleavings`, async t => {
    const results = await inParts(seeds(FIRST_SEED, wanted))
    for (const { failed } of results) if (failed) assert.fail(failed.says)
    const sum = (key: keyof Collected) => results.reduce((total, result) => total + result.total[key], 0)
    const total: Collected = {
      ...{ done: sum('done'), refused: sum('refused'), crashes: sum('crashes') },
      ...{ jumps: sum('jumps'), backups: sum('backups'), restores: sum('restores') },
    }
    t.diagnostic(JSON.stringify(total))
    const { done, crashes, jumps, backups, restores } = total
    // What never happens proves nothing.
    const enough = done > 20 * wanted && [crashes, jumps, backups, restores].every(count => count > wanted / 2)
    assert.ok(REPLAY || enough, JSON.stringify(total))
  })

  it('comes out the same for the same seed', async () => {
    const task = { seeds: [FIRST_SEED] }
    assert.deepEqual(await collected(task), await collected(task))
  })

  for (const broken of Object.keys(BROKEN) as (keyof typeof BROKEN)[]) {
    it(`is caught where it ${broken}`, async t => {
      const { failed } = await collected({ seeds: Array.from({ length: TRIES }, (_, i) => 1 + i), broken })
      assert.ok(failed?.assertion, failed?.says ?? `${TRIES} seeds, and nothing was found`)
      t.diagnostic(failed.says.split('\n', 1)[0] ?? '')
    })
  }
})
