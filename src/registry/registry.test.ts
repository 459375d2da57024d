import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { readAll, sql } from '../kernel/index.ts'
import { testEngines } from '../kernel/store/engines.fixture.ts'
import { digestOf, mediaTypes } from '../oci/index.ts'
import {
  bytesOf,
  imageBytes,
  indexBytes,
  openTestRegistry,
  pushBlob,
  pushImage,
  repo,
  TESTER,
} from './registry.fixture.ts'

const app = repo('team/app')
const other = repo('team/other')
const nobody = () => false
const everybody = () => true

for (const engine of testEngines()) {
  suite(`the registry's core on ${engine.name}`, () => {
    test('serves what was pushed, through the repository it was pushed to only', async t => {
      const { registry } = await openTestRegistry(t, { engine })
      const digest = await pushBlob(registry, app, 'hello')
      const source = await registry.openBlob(app, digest)
      assert.ok(source)
      assert.equal(Buffer.from(await readAll(source, 100)).toString(), 'hello')
      assert.equal(await registry.statBlob(other, digest), undefined)
      assert.equal(await registry.statBlob(repo('team/app', 'reg_other'), digest), undefined)
    })

    test('takes an upload in pieces, and goes on where it was', async t => {
      const { registry } = await openTestRegistry(t, { engine })
      const { id } = await registry.startUpload(app)
      assert.deepEqual(await registry.appendUpload(app, id, bytesOf('ab', 'c'), { from: 0, to: 2 }), { size: 3 })
      await assert.rejects(registry.appendUpload(app, id, bytesOf('xyz'), { from: 5, to: 7 }), {
        code: 'BLOB_UPLOAD_INVALID',
        status: 416,
      })
      assert.deepEqual(await registry.uploadStatus(app, id), { size: 3 })
      await assert.rejects(registry.uploadStatus(other, id), { code: 'BLOB_UPLOAD_UNKNOWN' })
      await registry.finishUpload(app, id, digestOf('abcdef'), bytesOf('def'), { from: 3, to: 5 })
      assert.equal((await registry.statBlob(app, digestOf('abcdef')))?.size, 6)
      await assert.rejects(registry.uploadStatus(app, id), { code: 'BLOB_UPLOAD_UNKNOWN' })
    })

    test('refuses bytes of another digest and keeps nothing of them', async t => {
      const { registry, blobs, clock } = await openTestRegistry(t, { engine })
      const { id } = await registry.startUpload(app)
      await registry.appendUpload(app, id, bytesOf('abc'))
      await assert.rejects(registry.finishUpload(app, id, digestOf('abd')), { code: 'DIGEST_INVALID', status: 400 })
      await assert.rejects(registry.uploadStatus(app, id), { code: 'BLOB_UPLOAD_UNKNOWN' })
      const left = await Array.fromAsync(blobs.leftovers(clock.now() + 1e9))
      assert.deepEqual(left, [])
    })

    test('stores sha512 blobs, also where the upload began without saying so', async t => {
      const { registry } = await openTestRegistry(t, { engine })
      const digest = digestOf('abc', 'sha512')
      const { id } = await registry.startUpload(app)
      await registry.finishUpload(app, id, digest, bytesOf('abc'))
      assert.equal((await registry.statBlob(app, digest))?.size, 3)
      assert.equal(await registry.statBlob(app, digestOf('abc')), undefined)
    })

    test('a manifest is stored only where all that it refers to is in its repository', async t => {
      const { registry } = await openTestRegistry(t, { engine })
      const config = await pushBlob(registry, app, '{}')
      const layer = await pushBlob(registry, other, 'layer')
      const bytes = imageBytes({ config, layers: [layer] })
      await assert.rejects(registry.putManifest(app, { bytes, tags: ['v1'] }, TESTER), (error: { detail: unknown }) => {
        assert.deepEqual(error.detail, { missing: [layer] })
        return true
      })
      assert.equal(await registry.getManifest(app, 'v1'), undefined)
      assert.equal(await registry.getManifest(app, digestOf(bytes)), undefined)

      assert.equal(await registry.mountBlob(app, 'team/other', layer, everybody), true)
      assert.equal((await registry.putManifest(app, { bytes, tags: ['v1', 'v2'] }, TESTER)).digest, digestOf(bytes))
      for (const reference of ['v1', 'v2', digestOf(bytes)]) {
        const manifest = await registry.getManifest(app, reference)
        assert.deepEqual(manifest && Buffer.from(manifest.bytes), bytes)
      }
      const index = indexBytes([digestOf(bytes), digestOf('gone')])
      await assert.rejects(registry.putManifest(app, { bytes: index, tags: ['all'] }, TESTER), {
        code: 'MANIFEST_BLOB_UNKNOWN',
      })
      await registry.putManifest(app, { bytes: indexBytes([digestOf(bytes)]), tags: ['all'] }, TESTER)
    })

    test('mounts only from where the caller may read', async t => {
      const { registry } = await openTestRegistry(t, { engine })
      const digest = await pushBlob(registry, other, 'layer')
      assert.equal(await registry.mountBlob(app, 'team/other', digest, nobody), false)
      assert.equal(await registry.mountBlob(app, undefined, digest, nobody), false)
      assert.equal(await registry.mountBlob(app, 'team/none', digest, everybody), false)
      assert.equal(await registry.mountBlob(repo('team/app', 'reg_other'), undefined, digest, everybody), false)
      assert.equal(await registry.mountBlob(app, undefined, digest, name => name === 'team/other'), true)
      assert.equal((await registry.statBlob(app, digest))?.size, 5)
    })

    test('a tag moves, goes with its manifest, and goes alone', async t => {
      const { registry } = await openTestRegistry(t, { engine })
      const first = await pushImage(registry, app, 'latest', 'first')
      const second = await pushImage(registry, app, 'latest', 'second')
      assert.equal((await registry.getManifest(app, 'latest'))?.digest, second)
      assert.equal((await registry.getManifest(app, first))?.digest, first)
      assert.equal(await registry.deleteTag(app, 'latest', TESTER), true)
      assert.equal(await registry.deleteTag(app, 'latest', TESTER), false)
      assert.equal((await registry.getManifest(app, second))?.digest, second)
      await pushImage(registry, app, 'latest', 'second')
      await pushImage(registry, app, 'stable', 'second')
      assert.equal(await registry.deleteManifest(app, second, TESTER), true)
      assert.equal(await registry.deleteManifest(app, second, TESTER), false)
      for (const reference of ['latest', 'stable', second]) {
        assert.equal(await registry.getManifest(app, reference), undefined)
      }
    })

    test('a blob stays while a manifest of its repository needs it', async t => {
      const { registry } = await openTestRegistry(t, { engine })
      const digest = await pushImage(registry, app, 'v1')
      await assert.rejects(registry.deleteBlob(app, digestOf('{}'), TESTER), { code: 'UNSUPPORTED', status: 405 })
      await registry.deleteManifest(app, digest, TESTER)
      assert.equal(await registry.deleteBlob(app, digestOf('{}'), TESTER), true)
      assert.equal(await registry.deleteBlob(app, digestOf('{}'), TESTER), false)
    })

    test('lists tags and repositories in byte order, a page at a time', async t => {
      const { registry } = await openTestRegistry(t, { engine })
      for (const tag of ['b', 'B', 'a-1', 'a.1', '_x']) await pushImage(registry, app, tag, 'one')
      await pushBlob(registry, other, 'layer')
      assert.deepEqual(await registry.listTags(app, { n: 10, last: '' }), { items: ['B', '_x', 'a-1', 'a.1', 'b'] })
      assert.deepEqual(await registry.listTags(app, { n: 2, last: 'B' }), { items: ['_x', 'a-1'], next: 'a-1' })
      assert.deepEqual(await registry.listTags(app, { n: 2, last: 'a-2' }), { items: ['a.1', 'b'] })
      assert.deepEqual(await registry.listTags(app, { n: 0, last: '' }), { items: [] })
      assert.deepEqual(await registry.listTags(other, { n: 9, last: '' }), { items: [] })
      assert.equal(await registry.listTags(repo('none'), { n: 9, last: '' }), undefined)
      const page = { n: 1, last: '' }
      assert.deepEqual(await registry.listRepositories('reg_default', page), { items: ['team/app'], next: 'team/app' })
      assert.deepEqual(await registry.listRepositories('reg_other', page), { items: [] })
    })

    test('lists referrers by type, in pages, also before their subject comes', async t => {
      const { registry } = await openTestRegistry(t, { engine })
      const config = await pushBlob(registry, app, '{}')
      const subject = digestOf('not here yet')
      const push = async (artifactType: string, note: string) =>
        (
          await registry.putManifest(
            app,
            { bytes: imageBytes({ config, subject, artifactType, note }), tags: [] },
            TESTER,
          )
        ).digest
      const sboms = [await push('application/sbom', '1'), await push('application/sbom', '2')].sort()
      const signature = await push('application/signature', '3')
      const list = async (artifactType: string, n = 100, last = '') => {
        const { items, next } = await registry.listReferrers(app, subject, { n, last, artifactType })
        return { digests: items.map(item => JSON.parse(item).digest), next }
      }
      assert.deepEqual((await list('')).digests, [...sboms, signature].sort())
      assert.deepEqual((await list('application/sbom')).digests, sboms)
      assert.deepEqual(await list('application/sbom', 1), { digests: [sboms[0]], next: sboms[0] })
      assert.deepEqual(await list('application/sbom', 1, sboms[0]), { digests: [sboms[1]], next: undefined })
      await registry.deleteManifest(app, signature, TESTER)
      assert.deepEqual((await list('application/signature')).digests, [])
    })

    test('tells of each change in the feed, once', async t => {
      const { registry, store } = await openTestRegistry(t, { engine })
      const digest = await pushImage(registry, app, 'v1')
      await pushBlob(registry, app, '{}')
      await registry.deleteTag(app, 'v1', TESTER)
      await registry.deleteManifest(app, digest, TESTER)
      await registry.deleteBlob(app, digestOf('{}'), TESTER)
      const rows = await store.read.all<{ kind: string; body: string }>(
        sql`select kind, body from feed_entry order by id`,
      )
      const kinds = ['blob.put', 'manifest.put', 'tag.put', 'tag.deleted', 'manifest.deleted', 'blob.deleted']
      assert.deepEqual(
        rows.map(row => row.kind),
        kinds,
      )
      const tag = JSON.parse(rows[2]?.body ?? '')
      const { hlc: _, ...told } = tag
      const { size, mediaType, configMediaType, ...named } = told
      assert.deepEqual(named, { repository: 'team/app', tag: 'v1', digest })
      assert.deepEqual([mediaType, configMediaType], [mediaTypes.ociManifest, mediaTypes.ociConfig])
      assert.ok(size > 100)
    })
  })
}
