import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { type BlobKey, createJobs, type JobRun, silentLog, sql } from '../../kernel/index.ts'
import { type TestEngine, testEngines } from '../../kernel/store/engines.fixture.ts'
import { digestOf } from '../../oci/index.ts'
import { bytesOf, imageBytes, openTestRegistry, pushBlob, pushImage, repo, TESTER } from '../registry.fixture.ts'
import { holdReclaim, REMOVE_BLOB_JOB, releaseReclaim } from './collect.ts'
import { collectGarbage, registryJobs } from './jobs.ts'
import { TOMBSTONE_LIFE } from './tombstones.ts'

const app = repo('team/app')
const other = repo('team/other')
const everybody = () => true
const HOUR = 3600_000

async function open(t: TestContext, engine: TestEngine) {
  const one = await openTestRegistry(t, { engine })
  const { store, blobs, limits } = one
  const runs = new Map<string, JobRun>()
  registryJobs({ handle: (kind, run) => runs.set(kind, run), repeat: (kind, _, run) => runs.set(kind, run) }, one)
  /** Collects, then runs the removals that came of it; gives the keys removed. */
  const collect = async () => {
    await collectGarbage(store, limits)
    const jobs = await store.read.all<{ key: BlobKey; input: string }>(
      sql`select key, input from job where kind = ${REMOVE_BLOB_JOB} order by key`,
    )
    const removed: string[] = []
    for (const { key, input } of jobs) {
      const source = await blobs.open(key)
      if (!source) continue
      await source.close()
      await runs.get(REMOVE_BLOB_JOB)?.({ input: JSON.parse(input) } as Parameters<JobRun>[0])
      removed.push(key.slice(0, key.indexOf('.')))
    }
    return removed
  }
  return { ...one, collect, runs }
}

for (const engine of testEngines()) {
  suite(`collection on ${engine.name}`, () => {
    test('bytes go some time after the last repository let go of them', async t => {
      const { registry, clock, limits, collect } = await open(t, engine)
      const digest = await pushBlob(registry, app, 'layer')
      await registry.mountBlob(other, 'team/app', digest, everybody)
      await registry.deleteBlob(app, digest, TESTER)
      clock.skip(limits.reclaimDelay + HOUR)
      assert.deepEqual(await collect(), [])
      await registry.deleteBlob(other, digest, TESTER)
      assert.deepEqual(await collect(), [])
      clock.skip(limits.reclaimDelay + 1)
      assert.deepEqual(await collect(), [digest])
      await pushBlob(registry, app, 'layer')
      assert.ok(await registry.statBlob(app, digest))
      clock.skip(limits.reclaimDelay + 1)
      assert.deepEqual(await collect(), [])
    })

    test('the blobs of a deleted manifest go unless another one has them', async t => {
      const { registry, clock, limits, collect } = await open(t, engine)
      const config = await pushBlob(registry, app, '{}')
      const layer = await pushBlob(registry, app, 'layer')
      const one = await registry.putManifest(
        app,
        { bytes: imageBytes({ config, layers: [layer] }), tags: ['one'] },
        TESTER,
      )
      await registry.putManifest(app, { bytes: imageBytes({ config }), tags: ['two'] }, TESTER)
      await registry.deleteManifest(app, one.digest, TESTER)
      for (let i = 0; i < 2; i++) {
        await collect()
        clock.skip(limits.reclaimDelay + 1)
      }
      assert.deepEqual(await collect(), [layer])
      assert.equal(await registry.statBlob(app, layer), undefined)
      assert.ok(await registry.statBlob(app, config))
      assert.ok(await registry.getManifest(app, 'two'))
    })

    test('a blob without a manifest waits as long as an upload, and as long again where somebody asks for it', async t => {
      const { registry, clock, limits, collect } = await open(t, engine)
      const digest = await pushBlob(registry, app, 'layer')
      clock.skip(limits.uploadIdle - HOUR)
      assert.deepEqual(await collect(), [])
      const row = await registry.statBlob(app, digest)
      assert.ok(row)
      assert.equal(await registry.keepBlob(app, digest, row), true)
      clock.skip(limits.uploadIdle - HOUR)
      await collect()
      const kept = await registry.statBlob(app, digest)
      assert.ok(kept)
      clock.skip(2 * HOUR)
      await collect()
      assert.equal(await registry.statBlob(app, digest), undefined)
      assert.equal(await registry.keepBlob(app, digest, kept), false, 'seen before it went, and gone by now')
      clock.skip(limits.reclaimDelay + 1)
      assert.deepEqual(await collect(), [digest])
    })

    test('a question about a blob writes nothing where it is not at risk', async t => {
      const { registry } = await open(t, engine)
      await pushImage(registry, app, 'v1')
      const fresh = await pushBlob(registry, app, 'fresh')
      for (const digest of [digestOf('{}'), fresh]) {
        const row = await registry.statBlob(app, digest)
        assert.ok(row)
        assert.equal(registry.keepBlob(app, digest, row), undefined)
      }
    })

    test('a mount and a push between letting go and collecting keep the bytes', async t => {
      const { registry, clock, limits, collect, blobs } = await open(t, engine)
      const mounted = await pushBlob(registry, app, 'mounted')
      const pushed = await pushBlob(registry, app, 'pushed')
      await registry.mountBlob(other, 'team/app', mounted, everybody)
      await registry.deleteBlob(app, mounted, TESTER)
      await registry.deleteBlob(app, pushed, TESTER)
      await registry.pushBlob(other, pushed, bytesOf('pushed'))
      clock.skip(limits.reclaimDelay + 1)
      const [, late] = await Promise.all([collect(), registry.mountBlob(app, 'team/other', mounted, everybody)])
      assert.equal(late, true)
      for (const digest of [mounted, pushed]) {
        const row = await registry.statBlob(other, digest)
        const source = row && (await blobs.open(row.blob_key))
        assert.ok(source)
        await source.close()
      }
    })

    test('a hold stops reclaiming until it is released or runs out', async t => {
      const { registry, clock, limits, collect, store } = await open(t, engine)
      const digest = await pushBlob(registry, app, 'layer')
      await registry.deleteBlob(app, digest, TESTER)
      clock.skip(limits.reclaimDelay + 1)
      await store.write(holdReclaim, { holder: 'backup', forMs: HOUR })
      assert.deepEqual(await collect(), [])
      await store.write(holdReclaim, { holder: 'second', forMs: 2 * HOUR })
      await store.write(releaseReclaim, { holder: 'backup' })
      assert.deepEqual(await collect(), [])
      clock.skip(2 * HOUR + 1)
      assert.deepEqual(await collect(), [digest])
    })

    test('deletions are forgotten after their life', async t => {
      const { registry, clock, collect, store } = await open(t, engine)
      await pushImage(registry, app, 'v1')
      await registry.deleteTag(app, 'v1', TESTER)
      const count = async () => (await store.read.all(sql`select name from tombstone`)).length
      clock.skip(TOMBSTONE_LIFE - HOUR)
      await collect()
      assert.equal(await count(), 1)
      clock.skip(2 * HOUR)
      await collect()
      assert.equal(await count(), 0)
    })
  })
}

test('the jobs of a region are run by its job runner', async t => {
  const [engine] = testEngines()
  assert.ok(engine)
  const one = await openTestRegistry(t, { engine })
  const { registry, clock, limits, store, blobs } = one
  const digest = await pushBlob(registry, app, 'layer')
  const key = (await registry.statBlob(app, digest))?.blob_key
  assert.ok(key)
  await registry.deleteBlob(app, digest, TESTER)
  clock.skip(limits.reclaimDelay + 1)
  const jobs = createJobs({
    store,
    clock: { ...clock, sleep: () => new Promise<void>(resolve => setImmediate(resolve)) },
    owner: 'test',
    log: silentLog(),
  })
  registryJobs(jobs, one)
  const stop = new AbortController()
  const running = jobs.run(stop.signal)
  for (let i = 0; i < 2000; i++) {
    const source = await blobs.open(key)
    if (!source) break
    await source.close()
  }
  stop.abort()
  await running
  assert.equal(await blobs.open(key), undefined)
})
