import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SimulationFailed, seeds, simulate } from '../../src/kernel/index.ts'
import { CRASHES_A_RUN, crashAndCheck, type Tally } from './run.ts'
import type { Lie } from './world.ts'

// The long form: TOWPATH_SIM_CRASHES=1000 node --test test/simulation/registry.test.ts
const wanted = Number(process.env.TOWPATH_SIM_CRASHES ?? 100)
const FIRST_SEED = Number(process.env.TOWPATH_SIM_FIRST_SEED ?? 1)

async function tallyOf(seed: number, lie?: Lie): Promise<{ tally: Tally; trace: string }> {
  let tally: Tally | undefined
  const { trace } = await simulate(seed, async sim => {
    tally = await crashAndCheck(sim, lie)
  })
  assert.ok(tally)
  return { tally, trace }
}

describe('three regions under crashes that lose what was not synced', () => {
  it(`lose nothing that was acknowledged, serve nothing by halves, leave no orphan: ${wanted} crashes`, async t => {
    const replay = process.env.TOWPATH_SEED !== undefined
    const total = { crashes: 0, done: 0, refused: 0, files: 0, images: 0 }
    for (const seed of seeds(FIRST_SEED, Math.ceil(wanted / CRASHES_A_RUN))) {
      const { tally } = await tallyOf(seed)
      for (const key of Object.keys(total) as (keyof Tally)[]) total[key] += tally[key]
    }
    t.diagnostic(JSON.stringify(total))
    // What never happens proves nothing.
    assert.ok(replay || (total.done > 10 * total.crashes && total.images > total.crashes / 2 && total.files > 0))
  })

  it('come out the same for the same seed', async () => {
    const [first, again] = [await tallyOf(FIRST_SEED), await tallyOf(FIRST_SEED)]
    assert.deepEqual(first, again)
  })

  const lies: [string, Lie][] = [
    [
      'says that data is durable',
      disk => ({ ...disk, open: async (path, mode) => ({ ...(await disk.open(path, mode)), sync: async () => {} }) }),
    ],
    ['says that names are durable', disk => ({ ...disk, syncDir: async () => {} })],
  ]
  for (const [name, lie] of lies) {
    it(`are caught on a disk that ${name} and is wrong`, async t => {
      for (const seed of [1, 2, 3, 4, 5]) {
        try {
          await tallyOf(seed, lie)
        } catch (error) {
          assert.ok(error instanceof SimulationFailed && error.cause instanceof assert.AssertionError)
          assert.match(error.cause.message, / is missing| has other bytes| is nothing, not sha/)
          t.diagnostic(error.message.split('\n', 1)[0] ?? '')
          return
        }
      }
      assert.fail('Five seeds, and nothing was found')
    })
  }
})
