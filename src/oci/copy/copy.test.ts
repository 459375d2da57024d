import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestOf } from '../digest.ts'
import { createLayout, openLayout } from '../layout/layout.ts'
import { mediaTypes } from '../media-types.ts'
import { sampleContent } from '../testing/content.fixture.ts'
import { memoryFiles } from '../testing/memory-files.fixture.ts'
import { setUp } from '../testing/setup.fixture.ts'
import { copyContent } from './copy.ts'
import { each } from './each.ts'
import { registryEnd, type Target } from './ends.ts'

async function fill(to: Target, content: ReturnType<typeof sampleContent>): Promise<void> {
  for (const [digest, bytes] of content.blobs) {
    await to.putBlob(
      { digest, size: bytes.length },
      async function* ({ at }) {
        yield bytes.subarray(at)
      },
      {},
    )
  }
  for (const manifest of [...content.manifests, content.signature]) {
    await to.putManifest(manifest.digest === content.root.digest ? { ...manifest, tag: '1.0' } : manifest)
  }
}

test('an index with all its platforms goes from registry to registry to layout and back, byte for byte', async t => {
  const content = sampleContent('a')
  const a = await setUp(t, { referrersApi: true })
  // The other one has no referrers API, cuts every third answer and every second upload.
  const b = await setUp(t, {
    fault: (method, url, seen) => {
      if (!url.pathname.includes('/blobs/')) return undefined
      if (method === 'GET' && seen % 3 === 0) return { cutAnswer: 1234 }
      return method === 'PUT' && seen % 2 === 0 ? { cutRequest: 999 } : undefined
    },
  })
  const from = registryEnd(a.client, a.repo)
  await fill(from, content)
  const over = registryEnd(b.client, { host: b.registry.host, repository: 'copied' })
  const there = await copyContent({ from, to: over, name: '1.0', tag: 'moved', referrers: true })
  assert.deepEqual([there.digest, there.manifests, there.blobs.sent], [content.root.digest, 4, content.blobs.size])
  const files = memoryFiles()
  const layout = await createLayout(files)
  await copyContent({ from: over, to: layout, name: 'moved', tag: 'kept', referrers: true, concurrency: 2 })
  const back = registryEnd(a.client, { host: a.registry.host, repository: 'back' })
  const last = await copyContent({ from: await openLayout(files), to: back, name: 'kept', tag: '1.0', referrers: true })
  assert.equal(last.digest, content.root.digest)
  for (const [digest, bytes] of content.blobs) assert.ok(a.registry.blobs.get(`back/${digest}`)?.equals(bytes))
  for (const one of [...content.manifests, content.signature]) {
    assert.ok(a.registry.manifests.get(`back@${one.digest}`)?.bytes.equals(one.bytes))
  }
})

test('within a registry nothing is sent twice', async t => {
  const { client, repo, registry } = await setUp(t)
  const content = sampleContent('b')
  const from = registryEnd(client, repo)
  await fill(from, content)
  const puts = registry.lines('PUT').length
  const to = registryEnd(client, { host: registry.host, repository: 'team/fork' })
  const copied = await copyContent({ from, to, name: '1.0', tag: '1.0' })
  assert.deepEqual(copied.blobs, { present: 0, mounted: content.blobs.size - 2, sent: 0 })
  assert.equal(registry.lines('PUT').length - puts, 3)
  assert.deepEqual((await copyContent({ from, to, name: '1.0', tag: '1.0' })).blobs.present, content.blobs.size - 2)
})

test('no name leads into a gap: a blob that fails leaves no manifest behind', async t => {
  const { client, repo, registry } = await setUp(t)
  const content = sampleContent('c')
  const from = registryEnd(client, repo)
  await fill(from, content)
  const [digest = ''] = content.blobs.keys()
  registry.blobs.delete(`team/app/${digest}`)
  const to = registryEnd(client, { host: registry.host, repository: 'other' })
  await assert.rejects(copyContent({ from, to, name: '1.0', tag: '1.0' }), { code: 'OCI_UNKNOWN' })
  assert.ok(![...registry.manifests.keys()].some(key => key.startsWith('other')))
})

test('an index that holds itself in ever deeper indexes is refused', async t => {
  const { client, repo } = await setUp(t)
  let child = sampleContent('d').root
  const end = registryEnd(client, repo)
  await fill(end, sampleContent('d'))
  for (let depth = 0; depth < 10; depth++) {
    const manifests = [{ mediaType: child.mediaType, digest: child.digest, size: child.bytes.length }]
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }))
    child = { bytes, mediaType: mediaTypes.ociIndex, digest: digestOf(bytes), top: true }
    await end.putManifest({ ...child, tag: 'deep' })
  }
  const to = await createLayout(memoryFiles())
  await assert.rejects(copyContent({ from: end, to, name: 'deep' }), {
    code: 'MANIFEST_INVALID',
    message: /nested deeper/,
  })
})

test('at most as many at once as allowed, and the first error is thrown', async () => {
  let now = 0
  let most = 0
  await each(Array.from({ length: 20 }), 3, async () => {
    most = Math.max(most, ++now)
    await new Promise(resolve => setImmediate(resolve))
    now--
  })
  assert.equal(most, 3)
  const done: number[] = []
  const failing = each([1, 2, 3, 4], 1, async item => {
    if (item === 2) throw new Error('two')
    done.push(item)
  })
  await assert.rejects(failing, /two/)
  assert.deepEqual(done, [1])
})
