import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestOf } from '../../oci/index.ts'
import { serveRegistry } from '../http/data-plane.fixture.ts'
import { imageBytes, pushBlob, repo } from '../registry.fixture.ts'

const LARGE = 3_000_000

test('bytes that leave and come are counted as they are, and whole images and pushes each once', async t => {
  const { registry, call } = await serveRegistry(t)
  const { moved } = registry
  const counts = async (path: string, init: RequestInit = {}) => {
    const before = { ...moved.of('reg_default') }
    const answer = await call(`/v2/team/app/${path}`, init)
    await answer.arrayBuffer()
    const now = moved.of('reg_default')
    const change = (['pulls', 'pushes', 'bytesOut', 'bytesIn'] as const).map(one => now[one] - before[one])
    return [answer.status, ...change]
  }
  const small = 'x'.repeat(1000)
  const large = Buffer.alloc(LARGE, 'y')
  const upload = (body: string | Buffer) => ({ method: 'POST', body })
  assert.deepEqual(await counts(`blobs/uploads/?digest=${digestOf(small)}`, upload(small)), [201, 0, 0, 0, 1000])
  assert.deepEqual(await counts(`blobs/uploads/?digest=${digestOf(large)}`, upload(large)), [201, 0, 0, 0, LARGE])
  const begun = await call('/v2/team/app/blobs/uploads/', { method: 'POST' })
  const place = begun.headers.get('location')?.replace('/v2/team/app/', '') ?? ''
  assert.deepEqual(await counts(place, { method: 'PATCH', body: 'part' }), [202, 0, 0, 0, 4])

  const config = await pushBlob(registry, repo('team/app'), '{}')
  const image = imageBytes({ config })
  const put = { method: 'PUT', body: image, headers: { 'content-type': 'application/vnd.oci.image.manifest.v1+json' } }
  assert.deepEqual(await counts('manifests/v1', put), [201, 0, 1, 0, image.length])
  assert.deepEqual(await counts('manifests/v1', { ...put, body: '{' }), [400, 0, 0, 0, 0])
  assert.deepEqual(await counts('manifests/v1'), [200, 1, 0, image.length, 0])
  assert.deepEqual(await counts('manifests/v1', { method: 'HEAD' }), [200, 0, 0, 0, 0])
  const same = { headers: { 'if-none-match': `"${digestOf(image)}"` } }
  assert.deepEqual(await counts('manifests/v1', same), [304, 0, 0, 0, 0])

  assert.deepEqual(await counts(`blobs/${digestOf(small)}`), [200, 0, 0, 1000, 0])
  const part = { headers: { range: 'bytes=10-19' } }
  assert.deepEqual(await counts(`blobs/${digestOf(small)}`, part), [206, 0, 0, 10, 0])
  assert.deepEqual(await counts(`blobs/${digestOf(large)}`), [200, 0, 0, LARGE, 0])
  assert.deepEqual(await counts(`blobs/${digestOf(large)}`, part), [206, 0, 0, 10, 0])
  assert.deepEqual(await counts(`blobs/${digestOf(large)}`, { method: 'HEAD' }), [200, 0, 0, 0, 0])
  assert.deepEqual(await counts(`blobs/${digestOf('other')}`), [404, 0, 0, 0, 0])
})

test('of a download that breaks off, what was read for it', async t => {
  const { registry, call } = await serveRegistry(t)
  const size = 64_000_000
  const digest = await pushBlob(registry, repo('team/app'), Buffer.alloc(size, 'z'))
  const answer = await call(`/v2/team/app/blobs/${digest}`)
  const reader = answer.body?.getReader()
  const first = await reader?.read()
  await reader?.cancel()
  const { bytesOut } = registry.moved.of('reg_default')
  assert.ok(bytesOut >= (first?.value?.length ?? size) && bytesOut < size, String(bytesOut))
})
