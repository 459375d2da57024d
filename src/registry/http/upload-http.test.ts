import assert from 'node:assert/strict'
import { request } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { digestOf } from '../../oci/index.ts'
import { ADMIN, type Serving, serveRegistry } from './data-plane.fixture.ts'

const KIB = 1024

async function begin(serving: Serving, query = ''): Promise<string> {
  const answer = await serving.call(`/v2/app/blobs/uploads/${query}`, { method: 'POST' })
  assert.equal(answer.status, 202)
  const location = answer.headers.get('location') ?? ''
  assert.match(location, /^\/v2\/app\/blobs\/uploads\/0-[0-9a-z]{26}$/)
  return location
}

const patch = (serving: Serving, location: string, body: string, range?: string) =>
  serving.call(location, { method: 'PATCH', body, ...(range ? { headers: { 'content-range': range } } : {}) })

const held = async (serving: Serving, location: string) => (await serving.call(location)).headers.get('range')

test('a chunked push, out of order, then resumed', async t => {
  const serving = await serveRegistry(t, { limits: { chunkMinBytes: 5 } })
  const begun = await serving.call('/v2/app/blobs/uploads/', { method: 'POST' })
  assert.equal(begun.headers.get('oci-chunk-min-length'), '5')
  const location = begun.headers.get('location') ?? ''
  assert.equal(await held(serving, location), '0-0')
  const first = await patch(serving, location, 'hello', '0-4')
  assert.deepEqual([first.status, first.headers.get('range')], [202, '0-4'])
  const skipped = await patch(serving, location, 'world', '7-11')
  assert.deepEqual(
    [skipped.status, skipped.headers.get('range'), skipped.headers.get('location')],
    [416, '0-4', location],
  )
  const status = await serving.call(location)
  assert.deepEqual([status.status, status.headers.get('range')], [204, '0-4'])
  assert.equal((await patch(serving, location, ' wo', '5-7')).status, 202)
  const digest = digestOf('hello world')
  const end = { method: 'PUT', body: 'rld', headers: { 'content-range': '8-10' } }
  const done = await serving.call(`${location}?digest=${digest}`, end)
  assert.deepEqual([done.status, done.headers.get('location')], [201, `/v2/app/blobs/${digest}`])
  assert.equal(await (await serving.call(`/v2/app/blobs/${digest}`)).text(), 'hello world')
  assert.equal((await serving.call(location)).status, 404)
})

test('ranges that make no sense are told, and what came is kept', async t => {
  const serving = await serveRegistry(t)
  const location = await begin(serving)
  assert.equal((await patch(serving, location, 'hello', 'bytes')).status, 400)
  assert.equal((await patch(serving, location, 'hello', '4-0')).status, 400)
  assert.equal((await patch(serving, location, 'hello', '0-9')).status, 400)
  assert.equal(await held(serving, location), '0-0')
  assert.equal((await patch(serving, location, 'hello')).status, 202)
  assert.equal(await held(serving, location), '0-4')
})

test('a cancelled upload is gone, and one of another repository was never there', async t => {
  const serving = await serveRegistry(t)
  const location = await begin(serving)
  assert.equal((await serving.call(location.replace('/app/', '/other/'))).status, 404)
  assert.equal((await serving.call(location, { method: 'DELETE' })).status, 204)
  assert.equal((await serving.call(location, { method: 'DELETE' })).status, 404)
  assert.equal((await patch(serving, location, 'hello')).status, 404)
})

test('a digest that can not be is refused before and after the bytes', async t => {
  const serving = await serveRegistry(t)
  const location = await begin(serving)
  for (const query of ['', '?digest=', '?digest=sha256:abc', '?digest=md5:00']) {
    assert.equal((await serving.call(`${location}${query}`, { method: 'PUT' })).status, 400, query)
  }
  const wrong = { method: 'PUT', body: 'hello' }
  assert.equal((await serving.call(`${location}?digest=${digestOf('other')}`, wrong)).status, 400)
  const post = { method: 'POST', body: 'hello' }
  assert.equal((await serving.call(`/v2/app/blobs/uploads/?digest=${digestOf('other')}`, post)).status, 400)
  assert.equal((await serving.call('/v2/app/blobs/uploads/?digest-algorithm=md5', post)).status, 400)
  await begin(serving, '?digest-algorithm=sha512')
})

test('mounts from a repository, from any, and falls back to an upload', async t => {
  const serving = await serveRegistry(t)
  const digest = digestOf('layer')
  await serving.call(`/v2/base/blobs/uploads/?digest=${digest}`, { method: 'POST', body: 'layer' })
  const from = await serving.call(`/v2/app/blobs/uploads/?mount=${digest}&from=base`, { method: 'POST' })
  assert.deepEqual([from.status, from.headers.get('docker-content-digest')], [201, digest])
  assert.equal((await serving.call(`/v2/any/blobs/uploads/?mount=${digest}`, { method: 'POST' })).status, 201)
  assert.equal(await (await serving.call(`/v2/any/blobs/${digest}`)).text(), 'layer')
  await begin(serving, `?mount=${digestOf('none')}&from=base`)
  await begin(serving, `?mount=${digestOf('none', 'sha512')}`)
  const bad = await serving.call(`/v2/app/blobs/uploads/?mount=${digest}&from=BASE`, { method: 'POST' })
  assert.equal(bad.status, 400)
})

test('too large a blob is refused early, and by count where nothing was announced', async t => {
  const serving = await serveRegistry(t, { limits: { blobBytes: 10 } })
  const location = await begin(serving)
  assert.equal((await patch(serving, location, 'x'.repeat(11))).status, 413)
  const stream = new Blob(['x'.repeat(8), 'y'.repeat(8)]).stream()
  const answer = await serving.call(location, { method: 'PATCH', body: stream, duplex: 'half' } as RequestInit)
  assert.equal(answer.status, 413)
})

test('a client that goes away leaves an upload that goes on where it was', async t => {
  const serving = await serveRegistry(t)
  const location = await begin(serving)
  const content = Buffer.alloc(300 * KIB, 'a')
  await new Promise<void>((resolve, reject) => {
    const headers = { authorization: ADMIN, 'content-length': content.length }
    const sent = request(`${serving.url}${location}`, { method: 'PATCH', headers })
    sent.on('error', () => resolve())
    sent.on('response', () => reject(new Error('answered')))
    sent.write(content.subarray(0, 200 * KIB), () => sent.destroy())
  })
  // The server sees the end of the connection some time after the client does.
  let range = '0-0'
  for (let i = 0; i < 200 && range !== `0-${200 * KIB - 1}`; i++) range = (await held(serving, location)) ?? ''
  assert.equal(range, `0-${200 * KIB - 1}`)
  const digest = digestOf(content)
  let answer: Response | undefined
  for (let i = 0; i < 200 && answer?.status !== 201; i++) {
    const headers = { 'content-range': `${200 * KIB}-${300 * KIB - 1}` }
    answer = await serving.call(`${location}?digest=${digest}`, {
      method: 'PUT',
      body: content.subarray(200 * KIB),
      headers,
    })
    if (answer.status === 416) await answer.text()
  }
  assert.equal(answer?.status, 201)
})

test('a second writer of one upload is sent away, and the first one ends well', async t => {
  const serving = await serveRegistry(t)
  const location = await begin(serving)
  const headers = { authorization: ADMIN, 'content-length': 10 }
  const first = request(`${serving.url}${location}`, { method: 'PATCH', headers })
  const answered = new Promise<number | undefined>(resolve => first.on('response', res => resolve(res.statusCode)))
  first.write('hello')
  for (let i = 0; i < 500 && (await held(serving, location)) !== '0-4'; i++);
  const second = await patch(serving, location, 'other')
  assert.equal(second.status, 416)
  assert.equal((await serving.call(location, { method: 'DELETE' })).status, 416)
  first.end('world')
  assert.equal(await answered, 202)
  assert.equal((await serving.call(`${location}?digest=${digestOf('helloworld')}`, { method: 'PUT' })).status, 201)
})

test('an upload is served by the node that holds it, whichever is asked', async t => {
  const sockets: Record<string, string> = {}
  const forward = (node: string) => sockets[node]
  const first = await serveRegistry(t, { forward })
  const second = await serveRegistry(t, { forward, node: '1', beside: first })
  sockets['0'] = first.socket
  sockets['2'] = `${first.dir}/nobody.sock`
  const location = await begin(first)
  assert.equal((await patch(second, location, 'hello', '0-4')).status, 202)
  assert.equal(await held(second, location), '0-4')
  const skipped = await patch(second, location, 'x', '9-9')
  assert.deepEqual([skipped.status, skipped.headers.get('range')], [416, '0-4'])
  const digest = digestOf('hello')
  assert.equal((await second.call(`${location}?digest=${digest}`, { method: 'PUT' })).status, 201)
  assert.equal(await (await second.call(`/v2/app/blobs/${digest}`)).text(), 'hello')
  const away = await second.call(location.replace('/0-', '/2-'))
  assert.deepEqual([away.status, away.headers.get('retry-after')], [503, '1'])
  assert.equal((await second.call(location.replace('/0-', '/7-'))).status, 404)
})

test('a refusal in the middle of a body leaves the connection to the next request, at the node that holds it and at another', async t => {
  const sockets: Record<string, string> = {}
  const first = await serveRegistry(t, { limits: { blobBytes: 1024 * KIB } })
  const second = await serveRegistry(t, { forward: node => sockets[node], node: '1', beside: first })
  sockets['0'] = first.socket
  const location = await begin(first)
  const much = Buffer.alloc(8 * 1024 * KIB)
  const head = (method: string, more = '') =>
    `${method} ${location} HTTP/1.1\r\nHost: test\r\nAuthorization: ${ADMIN}\r\n${more}\r\n`
  for (const { url } of [first, second, second, second, second, second]) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    let text = ''
    const both = new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`only this was answered: ${text}`)), 20_000)
      socket.on('data', chunk => {
        text += chunk
        if (text.split('HTTP/1.1 ').length < 3) return
        clearTimeout(late)
        resolve()
      })
    })
    socket.write(head('PATCH', 'Transfer-Encoding: chunked\r\n'))
    socket.write(`${much.length.toString(16)}\r\n`)
    socket.write(much)
    socket.write(`\r\n0\r\n\r\n${head('GET')}`)
    await both
    socket.destroy()
    assert.deepEqual(
      [...text.matchAll(/HTTP\/1.1 (\d+)/g)].map(([, status]) => status),
      ['413', '204'],
    )
  }
})
