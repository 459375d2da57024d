import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type TestEngine, testEngines } from '../kernel/store/engines.fixture.ts'
import { change, entry, openAudit, seal } from './audit.fixture.ts'
import { type AuditFilter, eachRecord, newest, queryAudit } from './query.ts'
import type { AuditRecord } from './row.ts'

for (const engine of testEngines()) describe(`querying: ${engine.name}`, () => suite(engine))

function person(id: string) {
  return { id, kind: 'user', tenantId: 'ten_a' }
}

function suite(engine: TestEngine): void {
  test('pages together are what the filter means, the newest first, nothing twice', async () => {
    const { store, clock } = await openAudit(engine)
    const names = ['x', 'y', 'z']
    const pick = (i: number, by: number) => names[Math.floor(i / by) % 3] ?? ''
    const entries = Array.from({ length: 90 }, (_, i) =>
      entry({
        actor: person(pick(i, 1)),
        resource: pick(i, 3),
        action: pick(i, 9),
        result: i % 2 ? 'done' : 'denied',
        tenantId: i % 10 ? 'ten_a' : 'ten_b',
      }),
    )
    for (let i = 0; i < entries.length; i += 6) {
      await store.write(change, { entries: entries.slice(i, i + 6) })
      // Ids carry the time: some must differ in it.
      await new Promise(done => setTimeout(done, 2))
    }
    await seal({ store, clock })
    const all: AuditRecord[] = []
    for await (const page of eachRecord(store.read, { tenantId: 'ten_a' }, 7)) all.push(...page)
    assert.equal(all.length, 81)
    assert.deepEqual(
      all.map(one => one.resource),
      entries.filter(one => one.tenantId === 'ten_a').map(one => one.resource),
    )

    const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined })
    const name = maybe(fc.constantFrom('x', 'y', 'z', 'nobody'))
    const time = maybe(fc.constantFrom(...all.map(one => one.time), 0, 2 ** 47))
    const filters: fc.Arbitrary<AuditFilter> = fc.record({
      tenantId: fc.constantFrom('ten_a', 'ten_c'),
      resource: name,
      actorId: name,
      action: name,
      result: maybe(fc.constantFrom('done' as const, 'denied' as const)),
      from: time,
      to: time,
    })
    const property = fc.asyncProperty(filters, fc.integer({ min: 1, max: 40 }), async (filter, limit) => {
      const expected = all.filter(one => means(filter, one)).map(one => one.id)
      const forwards: string[] = []
      for await (const page of eachRecord(store.read, filter, limit)) forwards.push(...page.map(one => one.id))
      assert.deepEqual(forwards, expected)
      const backwards: string[] = []
      for (let before: string | undefined; ; ) {
        const page = await queryAudit(store.read, filter, { before, limit })
        assert.ok(page.records.length <= limit)
        backwards.push(...page.records.map(one => one.id))
        if (page.next === undefined) break
        before = page.next
      }
      assert.deepEqual(backwards, expected.toReversed())
    })
    await fc.assert(property, { numRuns: engine.name.includes('memory') ? 150 : 20 })
    await store.close()
  })
}

function means({ tenantId, resource, actorId, action, result, from, to }: AuditFilter, one: AuditRecord): boolean {
  const same = <T>(wanted: T | undefined, is: T) => wanted === undefined || wanted === is
  const [who, what] = [same(actorId, one.actor.id), same(resource, one.resource) && same(action, one.action)]
  const when = one.time >= (from ?? 0) && one.time < (to ?? Number.POSITIVE_INFINITY)
  return one.tenantId === tenantId && who && what && when && same(result, one.result)
}

const [memory] = testEngines()
assert(memory)

test('a page that looks for what is rare reads no more than its bound, and says where to go on', async () => {
  const { store } = await openAudit(memory)
  const entries = Array.from({ length: 2500 }, (_, i) => entry({ action: i === 0 ? 'rare' : 'often' }))
  await store.write(change, { entries })
  const filter = { tenantId: 'ten_a', action: 'rare' }
  const first = await queryAudit(store.read, filter, { limit: 50 })
  assert.deepEqual(first.records, [])
  assert(first.next)
  const second = await queryAudit(store.read, filter, { limit: 50, before: first.next })
  assert.deepEqual(
    second.records.map(one => [one.action, one.sequence, one.hash]),
    [['rare', 0, '']],
  )
  assert.equal(second.next, undefined)
  await store.close()
})

test('a cursor that was not given is refused', async () => {
  const { store } = await openAudit(memory)
  for (const before of ['', 'x', "' or 1=1", '0193a1b2c3d4-0001-home.0']) {
    await assert.rejects(queryAudit(store.read, { tenantId: 'ten_a' }, { before, limit: 1 }), {
      code: 'AUDIT_CURSOR_MALFORMED',
      status: 400,
    })
  }
  await store.close()
})

test('a page by resource or actor is found in its own index, not by reading the tenant', async () => {
  const { store } = await openAudit(memory)
  for (const [filter, index] of [
    [{ tenantId: 'ten_a', resource: 'x' }, 'audit_entry_by_resource'],
    [{ tenantId: 'ten_a', resource: 'x', actorId: 'y', from: 0, to: 5 }, 'audit_entry_by_resource'],
    [{ tenantId: 'ten_a', actorId: 'y' }, 'audit_entry_by_actor'],
  ] as const) {
    const { text, values } = newest(filter, undefined, 50)
    const plan = await store.read.all<{ detail: string }>({ text: `explain query plan ${text}`, values })
    assert.ok(
      plan.some(({ detail }) => detail.includes(`USING INDEX ${index} (tenant_id=? AND (`)),
      JSON.stringify(plan),
    )
  }
  await store.close()
})
