import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Failure } from '../../kernel/index.ts'
import { type TestEngine, testEngines } from '../../kernel/store/engines.fixture.ts'
import { HOME, TESTER } from '../registry.fixture.ts'
import { openImports, TARGET } from './import.fixture.ts'
import { readImports } from './rows.ts'
import { imports, KEPT, MOST_UNENDED } from './writes.ts'

for (const engine of testEngines()) describe(`rows of imports: ${engine.name}`, () => suite(engine))

const id = (n: number) => `imp_${String(n).padStart(6, '0')}`

function suite(engine: TestEngine): void {
  test('the same id is one import; so many may wait, so many are shown, the newest first', async t => {
    const { store, start, audit } = await openImports(t, engine)
    const { registryId } = TARGET
    const cancel = (one: string) => store.write(imports.cancel, { registryId, id: one, region: HOME, by: TESTER })
    await start({ id: id(0) })
    await start({ id: id(0), repository: 'another' })
    assert.equal((await audit()).length, 1)
    for (let n = 1; n < MOST_UNENDED; n++) await start({ id: id(n) })
    await assert.rejects(start({ id: id(MOST_UNENDED) }), (error: Failure) => error.code === 'IMPORT_LIMIT')
    for (let n = 0; n < KEPT + 1; n++) {
      await cancel(id(n))
      if (n + MOST_UNENDED <= KEPT + 1) await start({ id: id(n + MOST_UNENDED) })
    }
    const first = await readImports(store.read, { registryId, limit: 2 })
    assert.deepEqual(
      first.map(one => one.id),
      [id(KEPT + 1), id(KEPT)],
    )
    const next = await readImports(store.read, { registryId, before: first[1]?.id, limit: 1 })
    assert.equal(next[0]?.id, id(KEPT - 1))
    const all = await readImports(store.read, { registryId, limit: 10_000 })
    assert.ok(all.length <= KEPT + MOST_UNENDED + 1)
    await start({ id: id(KEPT + 2) })
    const left = await readImports(store.read, { registryId, limit: 10_000 })
    assert.deepEqual([left.length, left.at(-1)?.id], [KEPT + 2, id(1)])
    assert.deepEqual(await readImports(store.read, { registryId: 'reg_other', limit: 10 }), [])
  })
}
