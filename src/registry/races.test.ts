import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { suite, test } from 'node:test'
import { readAll } from '../kernel/index.ts'
import { testEngines } from '../kernel/store/engines.fixture.ts'
import { digestOf } from '../oci/index.ts'
import { bytesOf, imageBytes, openTestRegistry, pushBlob, repo, TESTER } from './registry.fixture.ts'
import { collectGarbage } from './removal/jobs.ts'

const app = repo('team/app')
const other = repo('team/other')
const ROUNDS = 8

for (const engine of testEngines()) {
  suite(`what meets on ${engine.name}`, () => {
    test('two pushes of one blob: both succeed, one copy is kept', async t => {
      const { registry, dir } = await openTestRegistry(t, { engine })
      const digest = digestOf('layer')
      const pushes = [app, other, app, other].map(to => registry.pushBlob(to, digest, bytesOf('la', 'yer')))
      await Promise.all(pushes)
      for (const from of [app, other]) {
        const source = await registry.openBlob(from, digest)
        assert.equal(source && Buffer.from(await readAll(source, 100)).toString(), 'layer')
      }
      const files = readdirSync(`${dir}/blobs`, { recursive: true, withFileTypes: true }).filter(one => one.isFile())
      assert.equal(files.length, 1)
      assert.deepEqual(readdirSync(`${dir}/uploads`), [])
    })

    test('two tags at once: one of them is there, whole, and both manifests are', async t => {
      const { registry } = await openTestRegistry(t, { engine })
      const config = await pushBlob(registry, app, '{}')
      const notes = Array.from({ length: ROUNDS }, (_, i) => `${i}`)
      const pushed = await Promise.all(
        notes.map(note =>
          registry.putManifest(app, { bytes: imageBytes({ config, note }), tags: ['v1', note] }, TESTER),
        ),
      )
      const digests: string[] = pushed.map(one => one.digest)
      assert.ok(digests.includes((await registry.getManifest(app, 'v1'))?.digest ?? ''))
      for (const [i, digest] of digests.entries()) {
        assert.equal((await registry.getManifest(app, `${i}`))?.digest, digest)
      }
    })

    test('a manifest and the deletion of its blob: one of them is refused, never is the manifest left without', async t => {
      const { registry } = await openTestRegistry(t, { engine })
      const config = await pushBlob(registry, app, '{}')
      for (let i = 0; i < ROUNDS; i++) {
        const layer = await pushBlob(registry, app, `layer ${i}`)
        const bytes = imageBytes({ config, layers: [layer] })
        const push = () => registry.putManifest(app, { bytes, tags: ['v1'] }, TESTER)
        const remove = () => registry.deleteBlob(app, layer, TESTER)
        const both = i % 2 === 0 ? [push(), remove()] : [remove(), push()]
        const ends = await Promise.allSettled(both)
        const refused = ends.flatMap(end => (end.status === 'rejected' ? [end.reason.code] : []))
        assert.equal(refused.length, 1)
        const manifest = await registry.getManifest(app, digestOf(bytes))
        assert.equal(refused[0], manifest ? 'UNSUPPORTED' : 'MANIFEST_BLOB_UNKNOWN')
        assert.equal((await registry.statBlob(app, layer)) !== undefined, manifest !== undefined)
      }
    })

    test('a pull that has begun ends whole, though the blob is deleted and collected meanwhile', async t => {
      const { registry, store, blobs, clock, limits } = await openTestRegistry(t, { engine })
      const content = Buffer.alloc(300_000, 'x')
      const digest = await pushBlob(registry, app, content)
      const row = await registry.statBlob(app, digest)
      const source = await registry.openBlob(app, digest)
      assert.ok(row && source)
      await registry.deleteBlob(app, digest, TESTER)
      clock.skip(limits.reclaimDelay + 1)
      await collectGarbage(store, limits)
      await blobs.remove(row.blob_key)
      assert.deepEqual(await readAll(source, 1e6), content)
      assert.equal(await registry.openBlob(app, digest), undefined)
      assert.equal(await registry.readBlob(row), undefined)
    })

    test('a mount and the collection of what it mounts: the bytes, or no mount', async t => {
      const { registry, store, blobs, clock, limits } = await openTestRegistry(t, { engine })
      for (let i = 0; i < ROUNDS; i++) {
        const digest = await pushBlob(registry, app, `layer ${i}`)
        clock.skip(limits.uploadIdle + 1)
        const mount = () => registry.mountBlob(other, 'team/app', digest, () => true)
        const collect = () => collectGarbage(store, limits)
        const both = await Promise.all(i % 2 === 0 ? [mount(), collect()] : [collect(), mount()])
        const mounted = both.includes(true)
        const row = await registry.statBlob(other, digest)
        assert.equal(row !== undefined, mounted)
        const source = row && (await blobs.open(row.blob_key))
        assert.equal(source !== undefined, mounted)
        await source?.close()
      }
    })

    test('a push and the collection of the same bytes: what is linked can be read', async t => {
      const { registry, store, clock, limits } = await openTestRegistry(t, { engine })
      for (let i = 0; i < ROUNDS; i++) {
        const digest = await pushBlob(registry, app, 'layer')
        await registry.deleteBlob(app, digest, TESTER)
        clock.skip(limits.reclaimDelay + 1)
        await Promise.all([registry.pushBlob(app, digest, bytesOf('layer')), collectGarbage(store, limits)])
        const source = await registry.openBlob(app, digest)
        assert.equal(source && Buffer.from(await readAll(source, 100)).toString(), 'layer')
      }
    })
  })
}
