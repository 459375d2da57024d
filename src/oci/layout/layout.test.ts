import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasher } from '../digest.ts'
import { sampleContent } from '../testing/content.fixture.ts'
import { memoryFiles } from '../testing/memory-files.fixture.ts'
import { nameOf } from './index-file.ts'
import { blobPath, createLayout, openLayout } from './layout.ts'

async function filled() {
  const files = memoryFiles()
  const content = sampleContent('a')
  const layout = await createLayout(files)
  for (const [digest, bytes] of content.blobs) {
    await layout.putBlob({ digest, size: bytes.length }, () => only(bytes), {})
  }
  for (const manifest of content.manifests)
    await layout.putManifest(manifest.top ? { ...manifest, tag: '1.0' } : manifest)
  await layout.putManifest(content.signature)
  return { files, content, layout }
}

async function* only(bytes: Uint8Array) {
  yield bytes
}

test('what is written is read back by name and by digest', async () => {
  const { files, content } = await filled()
  const layout = await openLayout(files)
  assert.deepEqual(JSON.parse(String(files.held.get('oci-layout'))), { imageLayoutVersion: '1.0.0' })
  assert.equal((await layout.manifest('1.0')).digest, content.root.digest)
  assert.equal((await layout.manifest(content.signature.digest)).digest, content.signature.digest)
  const [[digest, bytes] = assert.fail('no blob')] = content.blobs
  const read = await Array.fromAsync(layout.blob({ digest, size: bytes.length }, { at: 0 }))
  assert.ok(bytes.equals(Buffer.concat(read)))
  assert.deepEqual(
    (await Array.fromAsync(layout.referrers(content.root.digest))).map(one => one.digest),
    [content.signature.digest],
  )
})

test('a name moves, and what others wrote into the index stays', async () => {
  const { files, layout, content } = await filled()
  const index = JSON.parse(String(files.held.get('index.json')))
  files.held.set('index.json', Buffer.from(JSON.stringify({ ...index, annotations: { by: 'others' } })))
  await layout.putManifest({ ...content.signature, tag: '1.0' })
  await layout.putManifest({ ...content.root, top: true })
  const after = JSON.parse(String(files.held.get('index.json')))
  assert.deepEqual(after.annotations, { by: 'others' })
  const entries = await layout.entries()
  assert.deepEqual(
    entries.map(entry => [entry.digest, nameOf(entry)]),
    [
      [content.signature.digest, '1.0'],
      [content.root.digest, undefined],
    ],
  )
})

test('many writers at once lose no entry', async () => {
  const files = memoryFiles()
  const layout = await createLayout(files)
  const roots = Array.from({ length: 20 }, (_, at) => sampleContent(String(at)).root)
  await Promise.all(roots.map((root, at) => layout.putManifest({ ...root, tag: `t${at}` })))
  assert.equal((await layout.entries()).length, 20)
})

test('a layout that lies is found out', async () => {
  const { files, content, layout } = await filled()
  const [[digest, bytes] = assert.fail('no blob')] = content.blobs
  files.held.set(blobPath(digest), Buffer.alloc(bytes.length))
  const read = () => Array.fromAsync(layout.blob({ digest, size: bytes.length }, { at: 0 }))
  await assert.rejects(read(), { code: 'OCI_BYTES_DIFFER' })
  files.held.set(blobPath(digest), Buffer.alloc(3))
  await assert.rejects(read(), { code: 'OCI_BYTES_DIFFER' })
  files.held.set(blobPath(content.root.digest), Buffer.from('{}'))
  await assert.rejects(layout.manifest('1.0'), { code: 'OCI_BYTES_DIFFER' })
  files.held.set(
    'index.json',
    Buffer.from('{"manifests":[{"mediaType":"a/b","digest":"sha256:../../../etc/passwd","size":1}]}'),
  )
  await assert.rejects(layout.manifest('1.0'), {
    code: 'MANIFEST_INVALID',
    message: /index\.json: manifests\[0\]\.digest/,
  })
  files.held.set('index.json', Buffer.from('{"manifests":[7]}'))
  await assert.rejects(layout.entries(), { code: 'LAYOUT_INVALID' })
  await assert.rejects(openLayout(memoryFiles()), { code: 'LAYOUT_MISSING' })
})

test('a name that is not there is told with those that are', async () => {
  const { layout, content } = await filled()
  await assert.rejects(layout.manifest('2.0'), {
    code: 'LAYOUT_UNKNOWN',
    next: `It holds: 1.0, ${content.signature.digest}`,
  })
  await assert.rejects(layout.manifest(undefined), { code: 'LAYOUT_UNKNOWN', message: /2 things/ })
})

test('a blob that breaks off goes on from its partial file, which was hashed again', async () => {
  const files = memoryFiles()
  const layout = await createLayout(files)
  const bytes = Buffer.alloc(10_000, 'towpath')
  const blob = { digest: hasher().update(bytes).digest(), size: bytes.length }
  const from = async function* (at: number) {
    for (let i = at; i < bytes.length; i += 1000) yield bytes.subarray(i, i + 1000)
  }
  files.full = 4500
  await assert.rejects(
    layout.putBlob(blob, ({ at }) => from(at), {}),
    /ENOSPC/,
  )
  files.full = Number.POSITIVE_INFINITY
  const starts: number[] = []
  const open = ({ at, hash }: { at: number; hash?: ReturnType<typeof hasher> }) => {
    starts.push(at)
    assert.equal(hash?.update(bytes.subarray(at)).digest(), blob.digest)
    return from(at)
  }
  assert.equal(await layout.putBlob(blob, open, {}), 'sent')
  assert.deepEqual(starts, [4000])
  assert.equal(await layout.putBlob(blob, open, {}), 'present')
  assert.deepEqual([...files.held.keys()], ['oci-layout', blobPath(blob.digest)])
})
