import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock, type Tx, write } from '../../kernel/index.ts'
import { testEngines, testStore } from '../../kernel/store/engines.fixture.ts'
import { endedMigration, readEnded, recordEnded } from './ended.ts'

const end = write('test.end', async (tx: Tx, { tenantId, proof }: { tenantId: string; proof: string }) => {
  await recordEnded(tx, tenantId, proof, 3)
  return null
})

for (const engine of testEngines()) {
  test(`what ended is told for three hours, and the oldest of too many stand for all of their age, on ${engine.name}`, async t => {
    const state = { now: 1_800_000_000_000 }
    const clock = { ...systemClock('test'), now: () => state.now }
    const store = await testStore(engine, { migrations: [endedMigration], writes: [end], clock })
    t.after(() => store.close())
    const started = state.now
    for (const id of [1, 2, 3]) {
      state.now += 1000
      await store.write(end, { tenantId: 'ten_a', proof: `session:${id}` })
    }
    await store.write(end, { tenantId: 'ten_b', proof: 'certificate:1' })
    const b = { tenantId: 'ten_b', proofs: ['certificate:1'], before: 0 }
    const a = { tenantId: 'ten_a', proofs: ['session:1', 'session:2', 'session:3'], before: 0 }
    assert.deepEqual(await readEnded(store.read), [a, b])

    state.now += 1000
    await store.write(end, { tenantId: 'ten_a', proof: 'session:4' })
    const rest = ['session:2', 'session:3', 'session:4']
    assert.deepEqual(await readEnded(store.read), [{ ...a, proofs: rest, before: started + 61_000 }, b])

    state.now += 3 * 3_600_000 + 120_000
    await store.write(end, { tenantId: 'ten_a', proof: 'session:5' })
    // The mark of the dropped ones is a minute younger than they were.
    assert.deepEqual(await readEnded(store.read), [
      { ...a, proofs: ['session:4', 'session:5'], before: started + 61_000 },
      b,
    ])
    state.now += 3 * 3_600_000 + 240_000
    await store.write(end, { tenantId: 'ten_a', proof: 'session:6' })
    assert.deepEqual(await readEnded(store.read), [{ ...a, proofs: ['session:6'] }, b])
  })
}
