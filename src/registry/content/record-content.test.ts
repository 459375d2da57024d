import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { queryAudit } from '../../audit/index.ts'
import { type Store, sql } from '../../kernel/index.ts'
import { type TestEngine, testEngines } from '../../kernel/store/engines.fixture.ts'
import { digestOf } from '../../oci/index.ts'
import { HOME, imageBytes, openTestRegistry, pushBlob, repo, TESTER } from '../registry.fixture.ts'
import { tagDetails } from './record-content.ts'

for (const engine of testEngines()) describe(`content in the audit: ${engine.name}`, () => suite(engine))

async function entries(store: Store) {
  const { records } = await queryAudit(store.read, { tenantId: TESTER.tenantId }, { limit: 100 })
  return records.toReversed()
}

function suite(engine: TestEngine): void {
  const app = repo('team/app')

  test('each change that somebody makes is there, with who made it, by what, and where', async t => {
    const { registry, store } = await openTestRegistry(t, { engine })
    const config = await pushBlob(registry, app, '{}')
    const layer = await pushBlob(registry, app, 'a layer')
    assert.deepEqual(await entries(store), [], 'blobs alone are not')
    const bytes = imageBytes({ config })
    const by = { ...TESTER, requestId: 'request-1', proof: '1.1000' }
    const { digest } = await registry.putManifest(app, { bytes, tags: ['v1', 'v2'] }, by)
    await registry.deleteTag(app, 'v1', TESTER)
    await registry.deleteManifest(app, digest, TESTER)
    await registry.deleteBlob(app, layer, TESTER)

    const found = await entries(store)
    const [pushed] = found
    assert.deepEqual(
      found.map(one => [one.action, one.detail]),
      [
        [
          'registry/content/write',
          {
            ...{ manifest: digest, tags: 'v1 v2', bytes: bytes.length, proof: '1.1000' },
            mediaType: 'application/vnd.oci.image.manifest.v1+json',
          },
        ],
        ['registry/content/delete', { tag: 'v1' }],
        ['registry/content/delete', { manifest: digest }],
        ['registry/content/delete', { blob: layer }],
      ],
    )
    assert.deepEqual(
      [pushed?.region, pushed?.actor, pushed?.requestId, pushed?.result],
      [HOME, TESTER.actor, 'request-1', 'done'],
    )
    assert.deepEqual(
      new Set(found.map(one => one.resource)),
      new Set(['/tenants/ten_test/resources/reg_default/repositories/team/app']),
    )
  })

  test('what changed nothing is not there: refused, or of what was not here', async t => {
    const { registry, store } = await openTestRegistry(t, { engine })
    const bytes = imageBytes({ config: digestOf('nobody pushed this') })
    await assert.rejects(registry.putManifest(app, { bytes, tags: ['v1'] }, TESTER), { code: 'MANIFEST_BLOB_UNKNOWN' })
    assert.equal(await registry.deleteTag(app, 'v1', TESTER), false)
    assert.equal(await registry.deleteManifest(app, digestOf(bytes), TESTER), false)
    assert.equal(await registry.deleteBlob(app, digestOf('{}'), TESTER), false)
    assert.deepEqual(await entries(store), [])
  })

  test('an entry that can not be recorded takes its change along', async t => {
    const { registry, store } = await openTestRegistry(t, { engine })
    const config = await pushBlob(registry, app, '{}')
    const nobody = { ...TESTER, actor: { ...TESTER.actor, id: '' } }
    const push = { bytes: imageBytes({ config }), tags: ['v1'] }
    await assert.rejects(registry.putManifest(app, push, nobody), { code: 'AUDIT_ENTRY_UNFIT' })
    assert.equal(await registry.getManifest(app, 'v1'), undefined)
    assert.deepEqual(await store.read.all(sql`select kind from feed_entry where kind = 'manifest.put'`), [])
  })
}

test('a hundred of the longest tags fit, and none is lost', () => {
  const tags = Array.from({ length: 100 }, (_, i) => `t${i}`.padEnd(128, 'x'))
  const details = tagDetails(tags)
  assert.ok(Object.values(details).every(part => part.length <= 1024))
  assert.ok(Object.keys(details).length <= 20)
  assert.deepEqual(Object.values(details).join(' ').split(' '), tags)
  assert.deepEqual(tagDetails([]), {})
})
