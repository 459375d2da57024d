import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type TestEngine, testEngines } from '../../kernel/store/engines.fixture.ts'
import { findWebhook, readSealedWebhook, readWebhookKeyPage, readWebhooks, webhookConfigs } from './rows.ts'
import { openWebhooks } from './webhooks.fixture.ts'

for (const engine of testEngines()) describe(`webhook rows: ${engine.name}`, () => suite(engine))

const hook = (name: string, registryId = 'reg_1') => ({
  ...{ registryId, id: `whk_${name}`, name, service: 'https://hooks.example', scope: 'a:*', format: 'acr' as const },
  ...{ actions: ['push' as const, 'delete' as const], enabled: true, headerNames: ['x-a', 'x-b'], sealed: 'one' },
})

function suite(engine: TestEngine): void {
  test('made, changed, deleted, and found by name in its registry alone', async () => {
    const { store, clock } = await openWebhooks(engine)
    const made = await store.write(webhookConfigs.create, hook('alpha'))
    assert.deepEqual(await store.write(webhookConfigs.create, hook('alpha')), made, 'the same id again')
    const { sealed: _, ...given } = hook('alpha')
    assert.deepEqual(made, { ...given, keySetAt: made.createdAt, createdAt: made.createdAt })
    const twice = store.write(webhookConfigs.create, { ...hook('alpha'), id: 'whk_other' })
    await assert.rejects(twice, { code: 'WEBHOOK_NAME_TAKEN' })
    await store.write(webhookConfigs.create, hook('alpha', 'reg_2'))
    clock.forward(5)
    const one = { registryId: 'reg_1', name: 'alpha' }
    const disabled = await store.write(webhookConfigs.update, { ...one, enabled: false })
    assert.deepEqual(disabled, { ...made, enabled: false })
    const resealed = { ...one, sealed: 'two', was: 'one', newKey: true, headerNames: [] }
    const changed = await store.write(webhookConfigs.update, resealed)
    assert.deepEqual(changed, { ...made, enabled: false, headerNames: [], keySetAt: made.createdAt + 5 })
    assert.equal(await readSealedWebhook(store.read, changed), 'two')
    await assert.rejects(store.write(webhookConfigs.update, resealed), { code: 'WEBHOOK_CHANGED' })
    const page = await readWebhookKeyPage(store.read, { after: { registryId: '', id: '' }, limit: 10 })
    assert.deepEqual(
      page.map(row => row.registryId),
      ['reg_1', 'reg_2'],
    )
    await store.write(webhookConfigs.delete, one)
    assert.equal(await findWebhook(store.read, 'reg_1', 'alpha'), undefined)
    await assert.rejects(store.write(webhookConfigs.delete, one), { code: 'WEBHOOK_UNKNOWN' })
    await store.write(webhookConfigs.forgetRegistry, { registryId: 'reg_2' })
    assert.deepEqual(await readWebhooks(store.read, 'reg_2'), [])
    await store.close()
  })

  test('a registry has 100 at most', async () => {
    const { store } = await openWebhooks(engine)
    for (let i = 0; i < 100; i++) await store.write(webhookConfigs.create, hook(`hook${i}`))
    await assert.rejects(store.write(webhookConfigs.create, hook('more')), { code: 'WEBHOOK_LIMIT', status: 409 })
    await store.close()
  })
}
