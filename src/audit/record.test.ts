import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Store, sql } from '../kernel/index.ts'
import { testEngines } from '../kernel/store/engines.fixture.ts'
import { change, entry, openAudit } from './audit.fixture.ts'

const rows = (store: Store) =>
  store.read.all<Record<string, string | number>>(sql`select * from audit_entry order by tenant_id, id`)

for (const engine of testEngines()) {
  describe(`recording: ${engine.name}`, () => {
    test('an entry is a row of its change, unsealed, and goes with it where that fails', async () => {
      const { store, clock } = await openAudit(engine)
      await assert.rejects(store.write(change, { entries: [entry()], fail: true }))
      assert.deepEqual(await rows(store), [])
      const behalf = [{ id: 'user:bo', kind: 'user', tenantId: 'ten_b' }]
      const detail = { size: 3, name: 'ä', anonymous: false }
      const all = entry({ onBehalfOf: behalf, managingTenantId: 'ten_b', policyId: 'p1', requestId: 'r1', detail })
      await store.write(change, { entries: [all] })
      const [{ id, ...row } = { id: '' }] = await rows(store)
      assert.equal(Number.parseInt(String(id).slice(0, 12), 16) >= clock.now() - 60_000, true)
      assert.deepEqual(
        { ...row },
        {
          tenant_id: 'ten_a',
          region_id: 'home',
          sequence: 0,
          hash: '',
          actor_id: 'user:ann',
          actor_kind: 'user',
          actor_tenant_id: 'ten_a',
          on_behalf_of: '[{"id":"user:bo","kind":"user","tenantId":"ten_b"}]',
          managing_tenant_id: 'ten_b',
          action: 'thing.create',
          resource: 'thing_1',
          result: 'done',
          policy_id: 'p1',
          request_id: 'r1',
          detail: '{"anonymous":false,"name":"ä","size":3}',
        },
      )
      await store.close()
    })
  })
}

const [memory] = testEngines()
assert(memory)

test('never a secret: a key that is named like one is refused, credentials in text are taken out', async () => {
  const { store } = await openAudit(memory)
  for (const key of ['password', 'clientSecret', 'refreshToken', 'apiKey', 'authorization']) {
    const refused = store.write(change, { entries: [entry({ detail: { [key]: 'hunter2' } })] })
    await assert.rejects(refused, { code: 'AUDIT_ENTRY_UNFIT' }, key)
  }
  await store.write(change, { entries: [entry({ detail: { url: 'https://ann:hunter2@example', password: true } })] })
  const [row] = await rows(store)
  assert.equal(row?.detail, '{"password":true,"url":"https://ann:[hidden]@example"}')
  await store.close()
})

test('sizes are bounded: names are refused, texts of detail are cut', async () => {
  const { store } = await openAudit(memory)
  const many = Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`k${i}`, i]))
  const actor = { id: 'user:ann', kind: 'user', tenantId: 'ten_a' }
  const unfit = [
    entry({ resource: '' }),
    entry({ resource: 'x'.repeat(2049) }),
    entry({ requestId: 'x'.repeat(513) }),
    entry({ actor: { ...actor, kind: '' } }),
    entry({ onBehalfOf: new Array(9).fill(actor) }),
    entry({ detail: many }),
    entry({ detail: { part: 0.5 } }),
    entry({ detail: { 'a b': 1 } }),
  ]
  for (const one of unfit) {
    await assert.rejects(store.write(change, { entries: [one] }), { code: 'AUDIT_ENTRY_UNFIT' })
  }
  await store.write(change, { entries: [entry({ detail: { name: '😀'.repeat(600) } })] })
  const [row] = await rows(store)
  const { name } = JSON.parse(String(row?.detail)) as { name: string }
  assert.equal(name.length, 1024)
  assert.ok(name.endsWith('…') && name.isWellFormed())
  await store.close()
})
