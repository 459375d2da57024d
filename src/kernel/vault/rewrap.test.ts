import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { testEngines, testStore } from '../store/engines.fixture.ts'
import { dataKeys, readDataKeys, vaultMigrations, vaultWrites } from './data-keys.ts'
import { MasterKeyMissing } from './failures.ts'
import { localKey } from './local-key.ts'
import { prepareRewrap } from './rewrap.ts'
import { createVault } from './vault.ts'

const clock = systemClock('test')
const newKey = () => localKey(clock.bytes(32), clock)

for (const engine of testEngines()) {
  test(`a new master key wraps what is here, and new values get a new data key, on ${engine.name}`, async t => {
    const store = await testStore(engine, { migrations: vaultMigrations, writes: vaultWrites })
    t.after(() => store.close())
    const [lost, old, next] = [newKey(), newKey(), newKey()]
    const vaultWith = (...keys: [typeof old, ...(typeof old)[]]) =>
      createVault({ store, clock, masterKeys: async () => keys })
    const gone = await vaultWith(lost).seal('gone', 'a')
    const running = vaultWith(old)
    const before = await running.seal('kept', 'a')
    assert.notEqual(keyOf(gone), keyOf(before), 'a key that nobody can open seals nothing more')

    const parts = { store, clock, masterKeys: async () => [next, old] as const }
    const { left, ...rewrap } = await prepareRewrap(parts)
    assert.deepEqual([left, rewrap.keys.map(key => key.id)], [1, [keyOf(before)]])
    await store.write(dataKeys.rewrap, rewrap)
    // A write may run twice.
    await store.write(dataKeys.rewrap, rewrap)

    const alone = vaultWith(next)
    assert.equal(await alone.open(before, 'a'), 'kept')
    assert.equal(await running.open(before, 'a'), 'kept', 'who has it unwrapped notices nothing')
    await assert.rejects(alone.open(gone, 'a'), { code: MasterKeyMissing.code })
    const after = await alone.seal('new', 'a')
    assert.equal(keyOf(after), rewrap.next.id)
    const rows = await readDataKeys(store.read)
    assert.deepEqual(
      rows.map(row => [row.id, row.masterKeyId]),
      [
        [keyOf(gone), lost.id],
        [keyOf(before), next.id],
        [rewrap.next.id, next.id],
      ],
    )
    assert.ok((rows[2]?.createdAt ?? 0) > (rows[1]?.createdAt ?? 0))
    const again = await prepareRewrap({ ...parts, masterKeys: async () => [next] as const })
    assert.deepEqual([again.keys, again.left], [[], 1])
  })
}

function keyOf(sealed: string): string {
  return sealed.split('.')[1] ?? ''
}
