import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { sql } from '../../kernel/index.ts'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { type Digest, digestOf } from '../../oci/index.ts'
import { REPOSITORY } from '../locks/attributes.ts'
import { HOME, imageBytes, openTestRegistry, pushBlob, repo, TESTER, type TestRegistry } from '../registry.fixture.ts'
import { type Asked, beginDeletion, finishDeletion } from './delete-repository.ts'
import { collectGarbage } from './jobs.ts'

const app = repo('team/app')
const beside = repo('team/app/beside')
const MANIFESTS = 130
const TAGS = 150

/** More than one transaction takes: manifests with a tag or two each, and one that is in two repositories. */
async function fill({ registry }: TestRegistry): Promise<void> {
  for (const to of [app, beside]) {
    const config = await pushBlob(registry, to, '{}')
    for (let i = 0; i < (to === app ? MANIFESTS : 1); i++) {
      const tags = i < TAGS - MANIFESTS ? [`t${i}`, `again${i}`] : [`t${i}`]
      await registry.putManifest(to, { bytes: imageBytes({ config, note: `${i}` }), tags }, TESTER)
    }
  }
}

/** As a process that dies after the first transaction leaves it. */
async function begin({ store, limits }: TestRegistry): Promise<void> {
  const { reclaimDelay: keepFor, uploadIdle } = limits
  await store.write(beginDeletion, { ...app, keepFor, uploadIdle, immutable: [], from: { ...TESTER, region: HOME } })
}

async function job({ store }: TestRegistry): Promise<Asked | undefined> {
  const row = await store.read.one<{ input: string }>(
    sql`select input from job where kind = 'registry.delete-repository'`,
  )
  return row && JSON.parse(row.input)
}

for (const engine of testEngines()) {
  suite(`deleting a repository on ${engine.name}`, () => {
    test('all of it goes, others stay, and the answer says what went', async t => {
      const real = await openTestRegistry(t, { engine })
      const { registry, store, clock, limits } = real
      await fill(real)
      const { manifests, tags } = await registry.deleteRepository(app, TESTER)
      assert.deepEqual([new Set(manifests).size, new Set(tags).size], [MANIFESTS, TAGS])
      assert.equal(await registry.metadata.repository(app), undefined)
      assert.deepEqual((await registry.listRepositories('reg_default', { n: 9, last: '' })).items, ['team/app/beside'])
      assert.ok(await registry.getManifest(beside, 't0'))
      assert.equal((await registry.metadata.repository(beside))?.manifests, 1)
      await assert.rejects(registry.deleteRepository(app, TESTER), { code: 'NAME_UNKNOWN' })
      // The job finds nothing left to do.
      await finishDeletion(store, await job(real), t.signal)
      clock.skip(limits.reclaimDelay + 1)
      await collectGarbage(store, limits)
      assert.ok(await registry.statBlob(beside, digestOf('{}')))
    })

    test('one transaction takes a page; a crash after it is made good by the job, and what was pushed since stays', async t => {
      const real = await openTestRegistry(t, { engine })
      const { registry, store, clock } = real
      await fill(real)
      await begin(real)
      const due = await store.read.one<{ due_at: number }>(sql`select due_at from job`)
      assert.ok((due?.due_at ?? 0) > clock.now() + 5_000, 'after the request that goes on with it meanwhile')
      const left = await registry.metadata.repository(app)
      assert.deepEqual([left?.manifests, left?.tags], [MANIFESTS, TAGS - 100])
      const page = { n: 99, order: 'name', name: '', at: 0 } as const
      const kept = (await registry.metadata.tags(app, { ...page, digest: '' }))?.items[0]?.digest as Digest
      const config = digestOf('{}')
      const since = await registry.putManifest(
        app,
        { bytes: imageBytes({ config, note: 'new' }), tags: ['new'] },
        TESTER,
      )
      await registry.putManifest(app, { bytes: await bytesOf(real, kept), tags: ['kept'] }, TESTER)
      const waiting = await pushBlob(registry, app, 'a layer that waits for its manifest')
      for (let run = 0; run < 2; run++) await finishDeletion(store, await job(real), t.signal)
      assert.deepEqual((await registry.listTags(app, { n: 99, last: '' }))?.items, ['kept', 'new'])
      const found = await registry.metadata.manifests(app, page)
      assert.deepEqual(found?.items.map(one => one.digest).toSorted(), [kept, since.digest].toSorted())
      for (const digest of [config, waiting]) assert.ok(await registry.statBlob(app, digest))
    })

    test('a lock on it or in it refuses all of it; one that comes while it goes on keeps what it is on', async t => {
      const real = await openTestRegistry(t, { engine })
      const { registry, store } = real
      await fill(real)
      const digest = (await registry.getManifest(app, 't0'))?.digest
      assert.ok(digest)
      for (const what of [REPOSITORY, { kind: 'tag', name: 't9' }, { kind: 'manifest', name: digest }] as const) {
        await registry.setAttributes(app, what, { delete: false }, TESTER)
        await assert.rejects(registry.deleteRepository(app, TESTER), { code: 'REGISTRY_DISALLOWED_OPERATION' })
        await registry.setAttributes(app, what, { delete: true }, TESTER)
      }
      assert.equal((await registry.metadata.repository(app))?.tags, TAGS)
      await begin(real)
      const asked = await job(real)
      await registry.setAttributes(app, { kind: 'tag', name: 't99' }, { write: false }, TESTER)
      await registry.setAttributes(app, { kind: 'manifest', name: digest }, { delete: false }, TESTER)
      await finishDeletion(store, asked, t.signal)
      const held = (await registry.getManifest(app, 't99'))?.digest
      const page = await registry.metadata.manifests(app, { n: 99, order: 'name', name: '', at: 0 })
      assert.deepEqual(page?.items.map(one => one.digest).toSorted(), [held, digest].toSorted())
      await registry.setAttributes(app, REPOSITORY, { write: false }, TESTER)
      await registry.setAttributes(app, { kind: 'tag', name: 't99' }, { write: true }, TESTER)
      await finishDeletion(store, asked, t.signal)
      assert.ok(await registry.getManifest(app, 't99'), 'a locked repository stays as it is, and the job ends')
    })

    test('hidden or unreadable it goes too, and what comes by its name later is neither', async t => {
      const real = await openTestRegistry(t, { engine })
      const { registry } = real
      await fill(real)
      await registry.setAttributes(app, REPOSITORY, { list: false, read: false }, TESTER)
      await registry.deleteRepository(app, TESTER)
      assert.equal(await registry.metadata.repository(app), undefined)
      await fill(real)
      assert.ok(await registry.getManifest(app, 't0'))
      assert.equal((await registry.listRepositories('reg_default', { n: 9, last: '' })).items.length, 2)
    })
  })
}

async function bytesOf({ registry }: TestRegistry, digest: Digest): Promise<Uint8Array> {
  const stored = await registry.getManifest(app, digest)
  assert.ok(stored)
  return stored.bytes
}
