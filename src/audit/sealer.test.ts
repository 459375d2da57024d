import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Failure, sql, takeLease } from '../kernel/index.ts'
import { type TestEngine, testEngines } from '../kernel/store/engines.fixture.ts'
import { change, entry, openAudit, seal, tamper, testKeys } from './audit.fixture.ts'
import { runSealer, sealOnce } from './sealer.ts'
import { verifyAudit } from './verify.ts'

for (const engine of testEngines()) describe(`sealing: ${engine.name}`, () => suite(engine))

function suite(engine: TestEngine): void {
  test('however changes and sealing interleave, each committed entry is sealed once, and only those', async () => {
    const step = fc.oneof(
      fc.record({
        tenants: fc.array(fc.constantFrom('ten_a', 'ten_b', 'ten_c'), { minLength: 1, maxLength: 4 }),
        fail: fc.boolean(),
      }),
      fc.constant('seal' as const),
    )
    const property = fc.asyncProperty(fc.array(step, { maxLength: 20 }), async steps => {
      const { store, clock } = await openAudit(engine)
      const expected: string[] = []
      const writes: Promise<unknown>[] = []
      for (const [i, action] of steps.entries()) {
        if (action === 'seal') await seal({ store, clock })
        else {
          const entries = action.tenants.map((tenantId, n) => entry({ tenantId, resource: `${i}.${n}` }))
          if (!action.fail) expected.push(...entries.map(one => `${one.tenantId} ${one.resource}`))
          writes.push(store.write(change, { entries, fail: action.fail }).catch(() => {}))
        }
      }
      await Promise.all(writes)
      while ((await seal({ store, clock })) > 0);
      const rows = await store.read.all<{ tenant_id: string; resource: string; sequence: number }>(
        sql`select tenant_id, resource, sequence from audit_entry order by tenant_id, sequence`,
      )
      assert.deepEqual(rows.map(row => `${row.tenant_id} ${row.resource}`).sort(), expected.sort())
      for (const tenantId of ['ten_a', 'ten_b', 'ten_c']) {
        const numbers = rows.filter(row => row.tenant_id === tenantId).map(row => row.sequence)
        assert.deepEqual(
          numbers,
          Array.from(numbers, (_, i) => i + 1),
          'no gaps',
        )
        const check = await verifyAudit({ store, clock, keys: testKeys, tenantId, region: 'home' })
        assert.deepEqual([check.problems, check.checked, check.unsealed], [[], numbers.length, 0])
      }
      await store.close()
    })
    await fc.assert(property, { numRuns: engine.name.includes('memory') ? 40 : 3 })
  })

  test('until it is stopped it seals what comes, at the stop what is left, and gives its lease back', async () => {
    const { store, clock } = await openAudit(engine)
    const stop = new AbortController()
    const errors: unknown[] = []
    const parts = { store, clock, keys: testKeys, region: 'home', onError: (error: unknown) => errors.push(error) }
    const running = runSealer({ ...parts, holder: 'a', signal: stop.signal })
    for (let i = 0; i < 3; i++) await store.write(change, { entries: [entry(), entry()] })
    await clock.sleep(5_000)
    const unsealed = async () =>
      (await store.read.one<{ n: number }>(sql`select count(*) as n from audit_entry where sequence = 0`))?.n
    assert.equal(await unsealed(), 0)
    assert.equal(await store.write(takeLease, { name: 'audit/home', holder: 'b', ms: 1 }), undefined)
    await store.write(change, { entries: [entry()] })
    stop.abort()
    await running
    assert.equal(await unsealed(), 0)
    assert.ok(await store.write(takeLease, { name: 'audit/home', holder: 'b', ms: 1 }))
    assert.deepEqual(errors, [])
    await store.close()
  })

  test('a sealer that lost its lease seals nothing', async () => {
    const { store, clock } = await openAudit(engine)
    const lease = await store.write(takeLease, { name: 'audit/home', holder: 'a', ms: 1000 })
    assert(lease)
    clock.forward(1000)
    await store.write(takeLease, { name: 'audit/home', holder: 'b', ms: 1000 })
    await store.write(change, { entries: [entry()] })
    const parts = { store, clock, keys: testKeys, region: 'home', onError: () => {} }
    await assert.rejects(sealOnce(parts, lease), { code: 'LEASE_LOST' })
    await store.close()
  })

  test('a broken chain is told once a minute and keeps no other tenant from being sealed', async () => {
    const { store, clock } = await openAudit(engine)
    await store.write(change, { entries: [entry(), entry({ tenantId: 'ten_b' })] })
    await seal({ store, clock })
    await store.write(tamper, [sql`update audit_entry set hash = 'x' where tenant_id = 'ten_a'`])
    await store.write(change, { entries: [entry(), entry({ tenantId: 'ten_b' })] })
    const lease = await store.write(takeLease, { name: 'audit/home', holder: 'test', ms: 3_600_000 })
    assert(lease)
    const told: string[] = []
    const onError = (error: unknown) => told.push((error as Failure).code)
    const parts = { store, clock, keys: testKeys, region: 'home', onError }
    const broken = new Map<string, number>()
    assert.equal(await sealOnce(parts, lease, broken), 1)
    assert.equal(await sealOnce(parts, lease, broken), 0)
    assert.deepEqual(told, ['AUDIT_CHAIN_BROKEN'])
    clock.forward(61_000)
    await sealOnce(parts, lease, broken)
    assert.equal(told.length, 2)
    const rows = await store.read.all(sql`select tenant_id, sequence from audit_entry where sequence = 0`)
    assert.deepEqual(
      rows.map(row => ({ ...row })),
      [{ tenant_id: 'ten_a', sequence: 0 }],
    )
    await store.close()
  })
}
