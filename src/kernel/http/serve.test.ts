import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { type Clock, systemClock } from '../clock.ts'
import { failure } from '../failure.ts'
import { createMetrics } from '../metrics.ts'
import { selfSigned } from './certificate.fixture.ts'
import { bodyChunks, readBody, requestId } from './index.ts'
import { rawClient, testServer, until } from './serve.fixture.ts'

const dir = mkdtempSync(join(tmpdir(), 'towpath-http-'))
after(() => rmSync(dir, { recursive: true, force: true }))
const limit = { timeout: 10_000 }
const GET = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'

test('a well-formed request id is kept, another one is replaced, each new one differs', limit, async () => {
  const server = await testServer((req, res) => void res.end(requestId(req)))
  const ask = (id: string) => rawClient(server.port, GET.replace('\r\n\r\n', `\r\nX-Request-Id: ${id}\r\n\r\n`)).ended
  assert.match(await ask('abc-12345678'), /x-request-id: abc-12345678\r\n[\s\S]*abc-12345678$/i)
  const [one, two] = [await ask('bad id;'), await ask('')]
  assert.doesNotMatch(one, /bad id/)
  const id = /x-request-id: (\S+)/i
  assert.notEqual(id.exec(one)?.[1], id.exec(two)?.[1])
  await server.drain()
})

test('a handler that throws, or rejects, is a 500 with its id, logged once', limit, async () => {
  const handlers = [
    () => {
      throw new Error('inner words')
    },
    async () => {
      throw new Error('inner words')
    },
  ]
  for (const handler of handlers) {
    const server = await testServer(handler)
    const answer = await rawClient(server.port, GET).ended
    assert.match(answer, /^HTTP\/1\.1 500 [\s\S]*content-type: application\/problem\+json/)
    const body = JSON.parse(answer.slice(answer.indexOf('{')))
    assert.equal(body.code, 'INTERNAL')
    assert.doesNotMatch(answer, /inner words/)
    assert.equal(server.logged.length, 1)
    assert.ok(server.logged[0]?.includes(body.requestId) && server.logged[0].includes('inner words'))
    await server.drain()
  }
})

test('a thrown failure is answered as it says and not logged below 500', limit, async () => {
  const Missing = failure('X_MISSING', 404, () => ({ says: 'No x here', next: 'Push x', detail: { x: 1 } }))
  const server = await testServer(() => {
    throw Missing()
  })
  const answer = await rawClient(server.port, GET).ended
  const { requestId: id, ...body } = JSON.parse(answer.slice(answer.indexOf('{')))
  assert.equal(typeof id, 'string')
  const type = 'urn:towpath:X_MISSING'
  assert.deepEqual(body, {
    type,
    title: 'No x here',
    status: 404,
    detail: 'Push x',
    code: 'X_MISSING',
    facts: { x: 1 },
  })
  assert.deepEqual(server.logged, [])
  await server.drain()
})

test(
  'a client that sends all of a large body before it looks for an answer gets to see the refusal',
  limit,
  async () => {
    const Full = failure('X_FULL', 507, () => ({ says: 'The disk is full', next: 'Make room' }))
    const server = await testServer(() => {
      throw Full()
    })
    const body = Buffer.alloc(32 * 1024 * 1024)
    const sent = request({
      port: server.port,
      host: '127.0.0.1',
      method: 'PUT',
      headers: { 'content-length': body.length },
    })
    const answer = once(sent, 'response')
    await new Promise<void>(resolve => sent.end(body, () => resolve()))
    const [response] = await answer
    assert.equal(response.statusCode, 507)
    response.resume()
    await server.drain()
  },
)

test('a failure after the head cuts the connection: half an answer never looks whole', limit, async () => {
  const server = await testServer(async (_req, res) => {
    res.writeHead(200, { 'content-length': 10 })
    res.write('12345')
    throw new Error('in the middle')
  })
  const answer = await rawClient(server.port, GET).ended
  assert.doesNotMatch(answer, /500|INTERNAL/)
  assert.equal(server.logged.length, 1)
  await server.drain()
})

test('a client that leaves in its body is no error', limit, async () => {
  let outcome: unknown
  const server = await testServer(async req => {
    await readBody(req, 100).catch(error => {
      outcome = error
      throw error
    })
  })
  const client = rawClient(server.port, 'PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhalf')
  await until(() => server.metric('http_connections_open') === 1)
  client.socket.destroy()
  await until(() => outcome !== undefined)
  assert.equal(Reflect.get(Object(outcome), 'code'), 'CLIENT_GONE')
  await server.drain()
  assert.deepEqual(server.logged, [])
})

test('a body is read up to its limit, announced or not; the client sees 413 and may go on', limit, async () => {
  const server = await testServer(async (req, res) => void res.end(`got ${await readBody(req, 5)}`))
  const head = 'PUT / HTTP/1.1\r\nHost: x\r\n'
  const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`
  const ok = await rawClient(server.port, `${chunked}5\r\n12345\r\n0\r\n\r\n`, GET).ended
  assert.match(ok, /got 12345[\s\S]*200 OK/)
  const announced = await rawClient(server.port, `${head}Content-Length: 6\r\n\r\n123456`, GET).ended
  assert.match(announced, /413 Payload Too Large[\s\S]*BODY_TOO_LARGE[\s\S]*200 OK/)
  const found = await rawClient(server.port, `${chunked}6\r\n123456\r\n0\r\n\r\n`, GET).ended
  assert.match(found, /413 Payload Too Large[\s\S]*BODY_TOO_LARGE[\s\S]*200 OK/)
  await server.drain()
})

test('a refused body of any size costs a bounded read', limit, async () => {
  const server = await testServer(async req => void (await readBody(req, 5)))
  const client = rawClient(server.port, 'PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n')
  const more = Buffer.alloc(256 * 1024)
  const pump = () => {
    while (!client.socket.destroyed && client.socket.write(more));
  }
  client.socket.on('drain', pump)
  pump()
  assert.match(await client.ended, /^(HTTP\/1\.1 413[\s\S]*)?$/)
  await server.drain()
})

test('the chunks of a body are its bytes in order, and leaving early still lets one answer', limit, async () => {
  const server = await testServer(async (req, res) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of bodyChunks(req)) {
      chunks.push(chunk)
      if (req.url !== '/all') break
    }
    const again = bodyChunks(req)
    await again.return?.()
    assert.equal((await again.next()).done, true)
    res.end(`${Buffer.concat(chunks)}`)
  })
  const put = (path: string) => `PUT ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`
  const client = rawClient(server.port, `${put('/all')}3\r\none\r\n`)
  client.socket.write('3\r\ntwo\r\n0\r\n\r\n')
  await until(() => client.seen().includes('onetwo'))
  client.socket.write(`${put('/first')}3\r\none\r\n`)
  await until(() => client.seen().includes('onetwo') && /one$/.test(client.seen().replace(/\r\n0\r\n\r\n$/, '')))
  client.socket.write(`3\r\ntwo\r\n0\r\n\r\n${GET}`)
  assert.equal((await client.ended).match(/200 OK/g)?.length, 3)
  await server.drain()
})

test('an answer before the end of the body does not hold up the next request', limit, async () => {
  const server = await testServer(async (req, res) => {
    if (req.method === 'PUT') for await (const _ of bodyChunks(req)) break
    res.end('answered')
  })
  const size = 2_000_000
  const put = `PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: ${size}\r\n\r\n`
  const answers = await rawClient(server.port, put, 'x'.repeat(size), GET).ended
  assert.equal(answers.match(/200 OK/g)?.length, 2)
  await server.drain()
})

test('a header block too large is refused, and what is no HTTP too', limit, async () => {
  const server = await testServer((_req, res) => void res.end('ok'))
  assert.match(
    await rawClient(server.port, GET.replace('Host', `A: ${'a'.repeat(17_000)}\r\nHost`)).ended,
    /^HTTP\/1\.1 431 /,
  )
  assert.match(await rawClient(server.port, 'HELO\r\n\r\n').ended, /^HTTP\/1\.1 400 /)
  assert.equal(server.metric('http_connections_cut_total{why="431"}'), 1)
  await server.drain()
})

test('a client that stops in its body, or takes no answer, is cut; a handler that thinks is not', limit, async () => {
  const limits = { headerBytes: 16_384, idleTimeout: 40 }
  const clock = systemClock('test')
  let cuts = 0
  const server = await testServer(
    async (req, res) => {
      if (req.url === '/think') {
        await new Promise(resolve => setTimeout(resolve, 200))
        res.end('thought')
        return
      }
      if (req.url === '/much') {
        res.once('close', () => {
          cuts++
        })
        res.write(Buffer.alloc(32 * 1024 * 1024))
        return
      }
      await readBody(req, 100)
    },
    { limits, clock },
  )
  assert.match(await rawClient(server.port, GET.replace('/', '/think')).ended, /thought$/)
  assert.equal(await rawClient(server.port, 'PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf').ended, '')
  const deaf = rawClient(server.port, GET.replace('/', '/much'))
  deaf.socket.pause()
  await until(() => cuts === 1)
  deaf.socket.destroy()
  assert.equal(server.metric('http_connections_cut_total{why="idle"}'), 2)
  await server.drain()
  assert.deepEqual(server.logged, [])
})

test('drain ends what runs, refuses what is new, closes what idles', limit, async () => {
  let finish = () => {}
  const server = await testServer((req, res) => {
    if (req.url === '/slow') finish = () => void res.end('whole')
    else res.end('quick')
  })
  const idle = rawClient(server.port, GET.replace('Connection: close\r\n', ''))
  await until(() => idle.seen().includes('quick'))
  let begun = finish
  const running = rawClient(server.port, GET.replace('/', '/slow').replace('Connection: close\r\n', ''))
  await until(() => finish !== begun)
  begun = finish
  const drained = server.drain()
  assert.equal(server.drain(), drained)
  assert.match(await idle.ended, /quick$/)
  assert.equal(await rawClient(server.port, GET).ended, '')
  finish()
  assert.match(await running.ended, /whole$/)
  await drained
})

test('drain cuts at its deadline', limit, async () => {
  // A clock whose time passes by being waited for: nothing here depends on the machine's speed.
  let now = 0
  const real = systemClock('test')
  const clock: Clock = {
    ...real,
    monotonic: () => now,
    sleep: async ms => {
      now += ms
    },
  }
  let begun = false
  const server = await testServer(
    () => {
      begun = true
    },
    { clock, limits: { headerBytes: 16_384, idleTimeout: 60_000, drainTimeout: 100 } },
  )
  const client = rawClient(server.port, GET)
  await until(() => begun)
  await server.drain()
  assert.equal(await client.ended, '')
  assert.match(server.logged.join(''), /Cut the requests/)
})

test('a unix socket, over a stale one; and all listeners or none', limit, async () => {
  const path = join(dir, 'a.sock')
  const first = await testServer((_req, res) => void res.end('first'), { listen: [{ path }] })
  const second = await testServer((_req, res) => void res.end('second'), { listen: [{ path }] })
  const text = await new Promise(resolve => {
    request({ socketPath: path, path: '/' }, res => res.setEncoding('utf8').on('data', resolve)).end()
  })
  assert.equal(text, 'second')
  const taken = await testServer(() => {})
  const both = [{ path: join(dir, 'b.sock') }, { host: '127.0.0.1', port: taken.port }]
  await assert.rejects(
    testServer(() => {}, { listen: both }),
    /Cannot listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\)/,
  )
  await assert.rejects(
    new Promise((_resolve, reject) =>
      request({ socketPath: join(dir, 'b.sock') })
        .on('error', reject)
        .end(),
    ),
    /ENOENT/,
  )
  await Promise.all([first.drain(), second.drain(), taken.drain()])
})

test('several processes may share a port, only when both ask for it', {
  ...limit,
  skip: process.platform !== 'linux',
}, async () => {
  const listen = (port: number) => [{ host: '127.0.0.1', port, reusePort: true }]
  const one = await testServer(() => {}, { listen: listen(0) })
  const two = await testServer(() => {}, { listen: listen(one.port) })
  await assert.rejects(
    testServer(() => {}, { listen: [{ host: '127.0.0.1', port: one.port }] }),
    /EADDRINUSE/,
  )
  await Promise.all([one.drain(), two.drain()])
})

test('TLS: changed files are taken up without a restart, unusable ones are not', limit, async () => {
  const files = { certificate: join(dir, 'cert.pem'), key: join(dir, 'key.pem') }
  const write = (pair: { cert: string; key: string }) => {
    writeFileSync(files.certificate, pair.cert)
    writeFileSync(files.key, pair.key, { mode: 0o600 })
  }
  const [old, next] = [selfSigned('old'), selfSigned('next-name')]
  write(old)
  const turns: (() => void)[] = []
  const clock: Clock = { ...systemClock('test'), sleep: () => new Promise(resolve => turns.push(resolve)) }
  const metrics = createMetrics()
  const server = await testServer((_req, res) => void res.end('ok'), { tls: files, clock, metrics })
  const subject = () =>
    new Promise((resolve, reject) => {
      const options = { port: server.port, host: '127.0.0.1', rejectUnauthorized: false, agent: false }
      get(options, res => {
        resolve((res.socket as TLSSocket).getPeerCertificate().subject.CN)
        res.resume()
      }).on('error', reject)
    })
  const look = async () => {
    turns.shift()?.()
    await until(() => turns.length === 1)
  }
  await until(() => turns.length === 1)
  assert.equal(await subject(), 'old')
  writeFileSync(files.certificate, next.cert)
  await look()
  assert.equal(await subject(), 'old')
  assert.match(server.logged.join(''), /the old one stays/)
  await look()
  assert.equal(server.logged.length, 1)
  writeFileSync(files.key, next.key)
  await look()
  assert.equal(await subject(), 'next-name')
  assert.match(metrics.text(), /http_tls_not_after_seconds 4733510400/)
  const drained = server.drain()
  for (;;) {
    if (await Promise.race([drained.then(() => true), new Promise(resolve => setImmediate(resolve))])) break
    turns.shift()?.()
  }
})
