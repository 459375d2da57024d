import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { BlobStoreFull } from '../../kernel/index.ts'
import { digestOf, mediaTypes } from '../../oci/index.ts'
import { imageBytes, indexBytes } from '../registry.fixture.ts'
import { collectGarbage } from '../removal/jobs.ts'
import { ADMIN, type Serving, serveRegistry } from './data-plane.fixture.ts'

const CONFIG = digestOf('{}')

async function errorOf(response: Response): Promise<{ status: number; code: string }> {
  const { errors } = (await response.json()) as { errors: { code: string; message: string; detail: unknown }[] }
  assert.ok(errors[0]?.message)
  return { status: response.status, code: errors[0].code }
}

async function put(serving: Serving, name: string, content: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = digestOf(content)
  const response = await serving.call(`/v2/${name}/blobs/uploads/?digest=${digest}`, { method: 'POST', body: content })
  assert.equal(response.status, 201, await response.text())
  return digest
}

const putManifest = (serving: Serving, path: string, body: Uint8Array, type: string = mediaTypes.ociManifest) =>
  serving.call(path, { method: 'PUT', body: Buffer.from(body), headers: { 'content-type': type } })

test('a stranger is sent to sign in, with the scope that is needed', async t => {
  const { url } = await serveRegistry(t)
  const host = new URL(url).host
  const base = await fetch(`${url}/v2/`)
  assert.equal(base.status, 401)
  assert.equal(
    base.headers.get('www-authenticate'),
    `Bearer realm="${url}/oauth2/token",service="${host}",scope="registry:catalog:*"`,
  )
  assert.equal(base.headers.get('docker-distribution-api-version'), 'registry/2.0')
  const push = await fetch(`${url}/v2/team/app/blobs/uploads/`, { method: 'POST' })
  assert.match(push.headers.get('www-authenticate') ?? '', /scope="repository:team\/app:pull,push"$/)
  assert.deepEqual(await errorOf(push), { status: 401, code: 'UNAUTHORIZED' })
  const catalog = await fetch(`${url}/v2/_catalog`)
  assert.match(catalog.headers.get('www-authenticate') ?? '', /scope="registry:catalog:\*"$/)
})

test('a token opens what it was asked for', async t => {
  const { url, call } = await serveRegistry(t)
  const answer = await call(`/token?service=${new URL(url).host}&scope=repository:team/app:pull,push`)
  const { token } = (await answer.json()) as { token: string }
  const authorization = `Bearer ${token}`
  assert.equal((await fetch(`${url}/v2/`, { headers: { authorization } })).status, 200)
  const own = await fetch(`${url}/v2/team/app/blobs/uploads/`, { method: 'POST', headers: { authorization } })
  assert.equal(own.status, 202)
  const other = await fetch(`${url}/v2/team/other/blobs/uploads/`, { method: 'POST', headers: { authorization } })
  assert.match(other.headers.get('www-authenticate') ?? '', /error="insufficient_scope"$/)
})

test('anonymous pull is a setting of a registry, and registries are known by host', async t => {
  const hosts = { 'open.test': 'reg_open' }
  const serving = await serveRegistry(t, { hosts, anonymousPull: ['reg_open'] })
  const { registry, url } = serving
  const digest = await put(serving, 'team/app', 'hello')
  await registry.pushBlob({ registryId: 'reg_open', repository: 'team/app' }, digestOf('open'), [
    Buffer.from('open'),
  ] as never)
  const get = (host: string, path: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1')
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
      let text = ''
      socket.setEncoding('utf8').on('error', reject)
      socket.on('data', chunk => {
        text += chunk
      })
      socket.on('end', () => resolve(text))
    })
  assert.match(await get('OPEN.test', `/v2/team/app/blobs/${digestOf('open')}`), /^HTTP\/1.1 200 .*open$/s)
  assert.match(await get('open.test', `/v2/team/app/blobs/${digest}`), /^HTTP\/1.1 404 /)
  assert.match(await get('127.0.0.1', `/v2/team/app/blobs/${digest}`), /^HTTP\/1.1 401 /)
  assert.match(await get('no host at all', '/v2/'), /^HTTP\/1.1 400 /)
})

test('a manifest comes back byte for byte, by tag and digest, with all its headers', async t => {
  const serving = await serveRegistry(t)
  const { call } = serving
  await put(serving, 'team/app', '{}')
  const bytes = Buffer.from(`${imageBytes({ config: CONFIG }).toString().slice(0, -1)}, "own": [1, 2 ]}\n`)
  const digest = digestOf(bytes)
  const pushed = await putManifest(serving, '/v2/team/app/manifests/v1', bytes)
  assert.equal(pushed.status, 201)
  assert.equal(pushed.headers.get('location'), `/v2/team/app/manifests/${digest}`)
  assert.equal(pushed.headers.get('docker-content-digest'), digest)
  for (const reference of ['v1', digest, encodeURIComponent(digest)]) {
    const got = await call(`/v2/team/app/manifests/${reference}`)
    assert.deepEqual(Buffer.from(await got.arrayBuffer()), bytes)
    assert.equal(got.headers.get('content-type'), mediaTypes.ociManifest)
    assert.equal(got.headers.get('docker-content-digest'), digest)
    const head = await call(`/v2/team/app/manifests/${reference}`, { method: 'HEAD' })
    assert.deepEqual([head.status, head.headers.get('content-length')], [200, String(bytes.length)])
    const same = await call(`/v2/team/app/manifests/${reference}`, { headers: { 'if-none-match': `"${digest}"` } })
    assert.equal(same.status, 304)
  }
  const deleted = await call('/v2/team/app/manifests/v1', { method: 'DELETE' })
  assert.equal(deleted.status, 202)
  const gone = await call('/v2/team/app/manifests/v1')
  assert.deepEqual(await errorOf(gone), { status: 404, code: 'MANIFEST_UNKNOWN' })
  assert.equal((await call(`/v2/team/app/manifests/${digest}`, { method: 'DELETE' })).status, 202)
  assert.equal((await call(`/v2/team/app/manifests/${digest}`)).status, 404)
})

test('tags in the query go with a push by digest', async t => {
  const serving = await serveRegistry(t)
  await put(serving, 'app', '{}')
  const subject = digestOf('subject')
  const bytes = imageBytes({ config: CONFIG, subject })
  const path = `/v2/app/manifests/${digestOf(bytes, 'sha512')}`
  const pushed = await putManifest(serving, `${path}?tag=a&tag=b&tag=a`, bytes)
  assert.equal(pushed.headers.get('oci-tag'), 'a, b')
  assert.equal(pushed.headers.get('oci-subject'), subject)
  assert.equal(
    (await serving.call('/v2/app/manifests/b')).headers.get('docker-content-digest'),
    digestOf(bytes, 'sha512'),
  )
  assert.equal((await putManifest(serving, '/v2/app/manifests/c?tag=d', bytes)).status, 400)
  assert.equal((await putManifest(serving, `${path}?tag=-`, bytes)).status, 400)
  const many = Array.from({ length: 101 }, (_, i) => `tag=t${i}`).join('&')
  assert.equal((await putManifest(serving, `${path}?${many}`, bytes)).status, 414)
})

test('what is no good manifest is refused with a reason', async t => {
  const serving = await serveRegistry(t, { limits: { manifestBytes: 2000 } })
  await put(serving, 'app', '{}')
  const cases: [string, string | Uint8Array, string, number, string][] = [
    ['v1', 'no json', mediaTypes.ociManifest, 400, 'MANIFEST_INVALID'],
    ['v1', imageBytes({ config: CONFIG }), mediaTypes.ociIndex, 400, 'MANIFEST_INVALID'],
    ['v1', '{"schemaVersion":1}', 'application/vnd.docker.distribution.manifest.v1+prettyjws', 400, 'MANIFEST_INVALID'],
    ['v1', imageBytes({ config: CONFIG, note: 'x'.repeat(2000) }), mediaTypes.ociManifest, 413, 'SIZE_INVALID'],
    ['v1', imageBytes({ config: digestOf('none') }), mediaTypes.ociManifest, 404, 'MANIFEST_BLOB_UNKNOWN'],
    ['v1', indexBytes([digestOf('none')]), mediaTypes.ociIndex, 404, 'MANIFEST_BLOB_UNKNOWN'],
    [digestOf('other'), imageBytes({ config: CONFIG }), mediaTypes.ociManifest, 400, 'DIGEST_INVALID'],
    ['sha256:bad', imageBytes({ config: CONFIG }), mediaTypes.ociManifest, 400, 'DIGEST_INVALID'],
    ['.v1', imageBytes({ config: CONFIG }), mediaTypes.ociManifest, 400, 'TAG_INVALID'],
  ]
  for (const [reference, body, type, status, code] of cases) {
    const answer = await putManifest(serving, `/v2/app/manifests/${reference}`, Buffer.from(body), type)
    assert.deepEqual(await errorOf(answer), { status, code }, `${reference} ${type}`)
  }
  assert.deepEqual(await (await serving.call('/v2/app/tags/list')).json(), { name: 'app', tags: [] })
})

test('foreign layers and types that nobody knows need nothing pushed, but a foreign subject is told', async t => {
  const serving = await serveRegistry(t)
  await put(serving, 'app', '{}')
  const layer = {
    mediaType: mediaTypes.dockerForeignLayer,
    digest: digestOf('foreign'),
    size: 7,
    urls: ['https://x.test'],
  }
  const config = { mediaType: mediaTypes.dockerConfig, digest: CONFIG, size: 2 }
  const image = { schemaVersion: 2, mediaType: mediaTypes.dockerManifest, config, layers: [layer] }
  const docker = Buffer.from(JSON.stringify(image))
  assert.equal((await putManifest(serving, '/v2/app/manifests/docker', docker, mediaTypes.dockerManifest)).status, 201)
  const odd = Buffer.from('{"layers": "of an onion"}')
  assert.equal((await putManifest(serving, '/v2/app/manifests/odd', odd, 'application/vnd.example+json')).status, 201)
  const got = await serving.call('/v2/app/manifests/odd')
  assert.equal(got.headers.get('content-type'), 'application/vnd.example+json')
  assert.equal(await got.text(), odd.toString())
})

test('blobs come whole, in part, or not again', async t => {
  const serving = await serveRegistry(t)
  const { call } = serving
  for (const size of [1000, 300_000]) {
    const content = Buffer.from(Array.from({ length: size }, (_, i) => i % 251))
    const digest = await put(serving, 'app', content)
    const path = `/v2/app/blobs/${digest}`
    const whole = await call(path)
    assert.deepEqual(Buffer.from(await whole.arrayBuffer()), content)
    assert.equal(whole.headers.get('docker-content-digest'), digest)
    const head = await call(path, { method: 'HEAD' })
    assert.deepEqual([head.headers.get('content-length'), await head.text()], [String(size), ''])
    const parts: [string, number, number][] = [
      ['bytes=500-799', 500, 800],
      ['bytes=500-', 500, size],
      ['500-', 500, size],
      ['bytes=-200', size - 200, size],
      [`bytes=${size - 10}-${size * 2}`, size - 10, size],
    ]
    for (const [range, from, end] of parts) {
      const part = await call(path, { headers: { range } })
      assert.equal(part.status, 206)
      assert.equal(part.headers.get('content-range'), `bytes ${from}-${end - 1}/${size}`)
      assert.deepEqual(Buffer.from(await part.arrayBuffer()), content.subarray(from, end))
    }
    for (const range of [`bytes=${size}-`, 'bytes=5-4', 'bytes=-0']) {
      const refused = await call(path, { headers: { range } })
      assert.deepEqual([refused.status, refused.headers.get('content-range')], [416, `bytes */${size}`])
    }
    const stale = await call(path, { headers: { range: 'bytes=0-1', 'if-range': '"other"' } })
    assert.equal(stale.status, 200)
    await stale.arrayBuffer()
    assert.equal((await call(path, { headers: { 'if-none-match': `"${digest}"` } })).status, 304)
    assert.equal((await call(`/v2/other/blobs/${digest}`)).status, 404)
    assert.equal((await call(path, { method: 'DELETE' })).status, 202)
    assert.deepEqual(await errorOf(await call(path)), { status: 404, code: 'BLOB_UNKNOWN' })
  }
})

test('lists link to their next page, with the filter', async t => {
  const serving = await serveRegistry(t)
  await put(serving, 'app', '{}')
  const subject = digestOf('subject')
  for (const note of ['1', '2']) {
    const bytes = imageBytes({ config: CONFIG, subject, artifactType: 'application/sbom', note })
    assert.equal((await putManifest(serving, `/v2/app/manifests/v${note}`, bytes)).status, 201)
  }
  const tags = await serving.call('/v2/app/tags/list?n=1')
  assert.equal(tags.headers.get('link'), '</v2/app/tags/list?last=v1&n=1>; rel="next"')
  assert.equal((await serving.call('/v2/app/tags/list?n=0')).headers.get('link'), null)
  const first = await serving.call(`/v2/app/referrers/${subject}?artifactType=application/sbom&n=1`)
  assert.equal(first.headers.get('content-type'), mediaTypes.ociIndex)
  assert.equal(first.headers.get('oci-filters-applied'), 'artifactType')
  const next = /^<(.*)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? ''
  const second = await serving.call(next)
  const seen = [first, second].map(async one => ((await one.json()) as { manifests: { digest: string }[] }).manifests)
  assert.equal(new Set((await Promise.all(seen)).flat().map(one => one.digest)).size, 2)
  assert.equal(second.headers.get('link'), null)
  assert.deepEqual(await (await serving.call('/v2/_catalog?n=5')).json(), { repositories: ['app'] })
  for (const path of [
    'tags/list?n=-1',
    'tags/list?n=x',
    'referrers/sha256:bad',
    'tags/list?last=%00',
    'tags/list?last=%ff',
  ]) {
    assert.equal((await serving.call(`/v2/app/${path}`)).status, 400, path)
  }
  assert.deepEqual(await errorOf(await serving.call('/v2/none/tags/list')), { status: 404, code: 'NAME_UNKNOWN' })
  assert.equal((await serving.call(`/v2/none/referrers/${subject}`)).status, 200)
})

test('strange names, paths and methods get a plain answer', async t => {
  const { call } = await serveRegistry(t)
  const cases: [string, string, number][] = [
    ['GET', '/v2/Team/app/manifests/v1', 400],
    ['GET', '/v2/a%00b/manifests/v1', 400],
    ['GET', '/v2/%ff/manifests/v1', 400],
    ['GET', '/v2//manifests/v1', 404],
    ['GET', '/v2/app/nothing', 404],
    ['GET', '/', 404],
    ['POST', '/v2/app/manifests/v1', 405],
    ['PATCH', '/v2/', 405],
  ]
  for (const [method, path, status] of cases) {
    const answer = await call(path, { method })
    assert.equal((await errorOf(answer)).status, status, `${method} ${path}`)
    if (status === 405) assert.ok(answer.headers.get('allow'))
  }
})

test('requests are counted by what they asked and got', async t => {
  const { call, metrics } = await serveRegistry(t)
  await (await call('/v2/app/manifests/v1')).text()
  await (await call('/v2/', { headers: { authorization: ADMIN } })).text()
  const text = metrics.text()
  assert.match(text, /request_seconds_count\{endpoint="manifest",method="GET",status="404"\} 1/)
  assert.match(text, /request_seconds_count\{endpoint="base",method="GET",status="200"\} 1/)
})

test('nobody who may push hears that a blob is there which is not kept for the push', async t => {
  const serving = await serveRegistry(t)
  const { registry, store, clock, limits, call } = serving
  const digest = await put(serving, 'team/app', 'layer')
  clock.skip(limits.uploadIdle - 1)
  const here = { registryId: 'reg_default', repository: 'team/app' }
  const seen = await registry.statBlob(here, digestOf('layer'))
  clock.skip(2)
  await collectGarbage(store, limits)
  t.mock.method(registry, 'statBlob', () => seen)
  const path = `/v2/team/app/blobs/${digest}`
  assert.equal((await call(path, { method: 'HEAD' })).status, 404, 'collected since it was seen')
  t.mock.method(registry, 'keepBlob', () => Promise.reject(BlobStoreFull('the disk')))
  assert.equal((await call(path, { method: 'HEAD' })).status, 507)
})
