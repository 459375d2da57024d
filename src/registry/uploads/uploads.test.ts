import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { suite, test } from 'node:test'
import type { BlobKey } from '../../kernel/index.ts'
import { digestOf } from '../../oci/index.ts'
import { pushBlob as linkBlob } from '../content/writes.ts'
import { bytesOf, openTestRegistry, pushBlob, RESERVE, repo, TESTER } from '../registry.fixture.ts'
import { DECIDED_AFTER_MS, sweepUploads } from './tend-uploads.ts'

const app = repo('team/app')

/** A body that has given its first bytes when `begun` resolves, and waits for `end` before its last. */
function slowBody(first: string, last: string) {
  const begun = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  async function* body() {
    yield Buffer.from(first)
    begun.resolve()
    await end.promise
    yield Buffer.from(last)
  }
  return { body: body(), begun: begun.promise, end: end.resolve, fail: end.reject }
}

suite('one writer an upload', () => {
  test('a second one is refused while the first writes, reading how far it is goes on', async t => {
    const { registry } = await openTestRegistry(t)
    const { id } = await registry.startUpload(app)
    const slow = slowBody('hello', 'world')
    const first = registry.appendUpload(app, id, slow.body)
    await slow.begun
    await assert.rejects(registry.appendUpload(app, id, bytesOf('x')), { code: 'BLOB_UPLOAD_INVALID', status: 416 })
    await assert.rejects(registry.finishUpload(app, id, digestOf('x')), { status: 416 })
    await assert.rejects(registry.cancelUpload(app, id), { status: 416 })
    assert.deepEqual(await registry.uploadStatus(app, id), { size: 5 })
    slow.end()
    assert.deepEqual(await first, { size: 10 })
  })

  test('a body that breaks off leaves what came before', async t => {
    const { registry } = await openTestRegistry(t)
    const { id } = await registry.startUpload(app)
    const slow = slowBody('hello', '')
    const first = registry.appendUpload(app, id, slow.body)
    await slow.begun
    slow.fail(new Error('gone'))
    await assert.rejects(first, { message: 'gone' })
    assert.deepEqual(await registry.uploadStatus(app, id), { size: 5 })
    await registry.finishUpload(app, id, digestOf('hello!'), bytesOf('!'), { from: 5, to: 5 })
  })
})

suite('limits', () => {
  test('more than the limit at work at once wait; idle ones are closed for new ones and resumed from disk', async t => {
    const { registry } = await openTestRegistry(t, { limits: { uploadsPerNode: 2 } })
    const ids = await Promise.all([0, 1].map(async () => (await registry.startUpload(app)).id))
    const third = (await registry.startUpload(app)).id
    const slows = ids.map(() => slowBody('a', 'b'))
    const working = ids.map((id, i) => registry.appendUpload(app, id, slows[i]?.body ?? bytesOf()))
    await Promise.all(slows.map(slow => slow.begun))
    await assert.rejects(registry.appendUpload(app, third, bytesOf('x')), { code: 'TOOMANYREQUESTS', status: 429 })
    await assert.rejects(registry.startUpload(app), { status: 429 })
    for (const slow of slows) slow.end()
    assert.deepEqual(await Promise.all(working), [{ size: 2 }, { size: 2 }])
    assert.deepEqual(await registry.appendUpload(app, third, bytesOf('xyz')), { size: 3 })
    assert.equal([...ids, third].filter(id => registry.uploads.isHere(id)).length, 2)
    for (const id of ids) await registry.finishUpload(app, id, digestOf('ab'))
  })

  test('a blob past its limit is refused, by what comes and by what is announced', async t => {
    const { registry } = await openTestRegistry(t, { limits: { blobBytes: 10 } })
    const { id } = await registry.startUpload(app)
    await assert.rejects(registry.appendUpload(app, id, bytesOf(), { from: 0, to: 10 }), { status: 413 })
    await assert.rejects(registry.appendUpload(app, id, bytesOf('123456', '7890!')), { status: 413 })
    assert.deepEqual(await registry.appendUpload(app, id, bytesOf('7890'), { from: 6, to: 9 }), { size: 10 })
    await registry.finishUpload(app, id, digestOf('1234567890'))
  })

  test('a body longer or shorter than its range is told, and kept in order', async t => {
    const { registry } = await openTestRegistry(t)
    const { id } = await registry.startUpload(app)
    const range = { from: 0, to: 2 }
    await assert.rejects(registry.appendUpload(app, id, bytesOf('ab', 'cd'), range), { code: 'SIZE_INVALID' })
    assert.deepEqual(await registry.uploadStatus(app, id), { size: 2 })
    const next = { from: 2, to: 9 }
    await assert.rejects(registry.appendUpload(app, id, bytesOf('cd'), next), { code: 'SIZE_INVALID' })
    assert.deepEqual(await registry.uploadStatus(app, id), { size: 4 })
  })

  test('a full disk says so, keeps what it has, and takes more once there is room', async t => {
    const room = { free: Number.MAX_SAFE_INTEGER }
    const { registry, clock } = await openTestRegistry(t, { free: () => room.free })
    const digest = await pushBlob(registry, app, 'hello')
    const { id } = await registry.startUpload(app)
    await registry.appendUpload(app, id, bytesOf('one '))
    room.free = RESERVE - 1
    clock.skip(10_000)
    await assert.rejects(registry.appendUpload(app, id, bytesOf('two')), { code: 'BLOB_STORE_FULL', status: 507 })
    await assert.rejects(registry.startUpload(app), { status: 507 })
    assert.deepEqual(await registry.uploadStatus(app, id), { size: 4 })
    const source = await registry.openBlob(app, digest)
    await source?.close()
    assert.equal(source?.size, 5)
    assert.equal(await registry.deleteBlob(app, digest, TESTER), true)
    room.free = Number.MAX_SAFE_INTEGER
    clock.skip(10_000)
    await registry.finishUpload(app, id, digestOf('one two'), bytesOf('two'), { from: 4, to: 6 })
  })
})

suite('leftovers', () => {
  test('an upload that nobody touched expires; one in hand does not', async t => {
    const { registry, store, blobs, clock, limits, dir } = await openTestRegistry(t)
    const [left, open] = [await registry.startUpload(app), await registry.startUpload(app)]
    await registry.uploads.closeAll()
    const slow = slowBody('a', 'b')
    const working = registry.appendUpload(app, open.id, slow.body)
    await slow.begun
    clock.skip(limits.uploadIdle + 1000)
    await sweepUploads({ registry, store, blobs, clock }, { decidedAfter: DECIDED_AFTER_MS })
    await assert.rejects(registry.uploadStatus(app, left.id), { code: 'BLOB_UPLOAD_UNKNOWN' })
    slow.end()
    assert.deepEqual(await working, { size: 2 })
    assert.deepEqual(readdirSync(`${dir}/uploads`).sort(), [open.id, `${open.id}.json`])
  })

  test('bytes in place whose row never came are removed; those with a row stay', async t => {
    const { registry, store, blobs, clock } = await openTestRegistry(t)
    const died = async (content: string): Promise<BlobKey> => {
      const id = await registry.uploads.start(app, 'sha256')
      const { key } = await registry.uploads.finish(app, id, digestOf(content), bytesOf(content))
      registry.uploads.settled(id)
      return key
    }
    const lost = await died('lost')
    const kept = await died('kept')
    const { registryId, repository } = app
    const digest = digestOf('kept')
    await store.write(linkBlob, { registryId, repository, digest, key: kept, size: 4, keepFor: 1e9, region: 'home' })
    const parts = { registry, store, blobs, clock }
    await sweepUploads(parts, { decidedAfter: DECIDED_AFTER_MS })
    await (await blobs.open(lost))?.close()
    assert.equal((await Array.fromAsync(blobs.leftovers(clock.now() + 1e9))).length, 2)
    clock.skip(DECIDED_AFTER_MS + 1000)
    await sweepUploads(parts, { decidedAfter: DECIDED_AFTER_MS })
    assert.equal(await blobs.open(lost), undefined)
    const source = await blobs.open(kept)
    assert.ok(source)
    await source.close()
    assert.deepEqual(await Array.fromAsync(blobs.leftovers(clock.now() + 1e9)), [])
  })

  test('while the row of a blob is being written its bytes are nobody’s leftovers', async t => {
    const { registry, store, blobs, clock } = await openTestRegistry(t)
    const id = await registry.uploads.start(app, 'sha256')
    const { key } = await registry.uploads.finish(app, id, digestOf('slow'), bytesOf('slow'))
    clock.skip(DECIDED_AFTER_MS + 1000)
    await sweepUploads({ registry, store, blobs, clock }, { decidedAfter: DECIDED_AFTER_MS })
    const source = await blobs.open(key)
    assert.ok(source)
    await source.close()
  })
})
