import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { z } from 'zod'
import { systemClock } from '../clock.ts'
import { selfSigned } from './certificate.fixture.ts'
import { createHttpClient, type HttpClient, type HttpClientOptions } from './client.ts'
import { manualClock } from './clock.fixture.ts'
import { readBody } from './index.ts'
import { testServer, until } from './serve.fixture.ts'

const limit = { timeout: 10_000 }
const dir = mkdtempSync(join(tmpdir(), 'towpath-client-'))
after(() => rmSync(dir, { recursive: true, force: true }))

type Handler = (req: IncomingMessage, res: ServerResponse) => void | Promise<void>

async function withServer(
  handler: Handler,
  use: (client: HttpClient, url: string, port: number) => Promise<void>,
  options: Partial<HttpClientOptions> = {},
) {
  const server = await testServer(handler)
  const client = createHttpClient({ clock: systemClock('test'), allowPrivate: true, retry: { baseMs: 0 }, ...options })
  try {
    await use(client, `http://127.0.0.1:${server.port}`, server.port)
  } finally {
    client.close()
    await server.drain()
  }
}

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

const echo: Handler = async (req, res) => {
  const body = await readBody(req, 10_000_000)
  res.setHeader('content-type', 'application/json')
  res.end(JSON.stringify({ method: req.method, url: req.url, headers: req.headers, body: body.toString() }))
}
const Echo = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
})

test('text, bytes and streams go out; json, text and streams come in', limit, async () => {
  await withServer(echo, async (client, url) => {
    const text = await client.request({ url: `${url}/a?b=c`, method: 'PUT', body: 'grüße', headers: { 'x-a': '1' } })
    const said = await text.json(Echo)
    assert.deepEqual([said.method, said.url, said.body, said.headers['x-a']], ['PUT', '/a?b=c', 'grüße', '1'])
    assert.equal(said.headers['content-length'], '7')
    const stream = await client.request({ url, method: 'POST', body: pieces('one', 'two') })
    assert.equal((await stream.json(Echo)).body, 'onetwo')
    const parts: Uint8Array[] = []
    for await (const part of (await client.request({ url })).body) parts.push(part)
    assert.equal(Echo.parse(JSON.parse(Buffer.concat(parts).toString())).method, 'GET')
  })
})

test('connections are kept and used again, after HEAD and after a discarded answer too', limit, async () => {
  const ports = new Set<number | undefined>()
  await withServer(
    (req, res) => {
      ports.add(req.socket.remotePort)
      // Node's client gives up a connection whose HEAD answer has no length.
      res.writeHead(req.url === '/none' ? 204 : 200, req.url === '/none' ? {} : { 'content-length': 4 })
      res.end(req.url === '/none' ? undefined : 'body')
    },
    async (client, url) => {
      const kinds = [
        async () => (await client.request({ url })).text(10),
        () => client.request({ url, method: 'HEAD' }),
        () => client.request({ url: `${url}/none` }),
        async () => (await client.request({ url })).discard(),
      ]
      for (let round = 0; round < 8; round++) for (const ask of kinds) await ask()
      // A connection is free a moment after its answer ends: the next request may need one more, not one each.
      assert.ok(ports.size <= 8, `${ports.size} connections for 32 requests`)
    },
  )
})

test('an answer is held to its limit and its schema', limit, async () => {
  const answers: Record<string, string> = { '/long': 'x'.repeat(100), '/text': 'no json', '/shape': '{"a":"b"}' }
  await withServer(
    (req, res) => void res.end(answers[req.url ?? '']),
    async (client, url) => {
      const ask = (path: string) => client.request({ url: url + path })
      await assert.rejects((await ask('/long')).bytes(99), { code: 'ANSWER_TOO_LARGE' })
      assert.equal((await (await ask('/long')).bytes(100)).length, 100)
      await assert.rejects((await ask('/text')).json(Echo), { code: 'ANSWER_MALFORMED' })
      await assert.rejects((await ask('/shape')).json(z.object({ a: z.number() })), /not what it should be.*\n?.*a/)
    },
  )
})

test('an answer that is cut is an error, never a short body', limit, async () => {
  await withServer(
    (_req, res) => {
      res.writeHead(200, { 'content-length': 10 })
      res.write('12345', () => res.destroy())
    },
    async (client, url) => {
      const answer = await client.request({ url })
      await assert.rejects(answer.text(100), { code: 'ANSWER_CUT' })
    },
  )
})

test('what is not allowed is not reached, by address, by name, or by a redirect', limit, async () => {
  let asked = 0
  const handler: Handler = (_req, res) => {
    asked++
    res.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end()
  }
  const refused = { code: 'ADDRESS_REFUSED' }
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }]
  await withServer(
    handler,
    async (client, url, port) => {
      await assert.rejects(client.request({ url }), refused)
      await assert.rejects(client.request({ url: `http://name.test:${port}/` }), refused)
      assert.equal(asked, 0)
    },
    { allowPrivate: false, resolve },
  )
  await withServer(handler, async (client, url) => assert.rejects(client.request({ url }), refused))
  assert.equal(asked, 1)
})

test('credentials stay with their host; a body follows only where it should', limit, async () => {
  const headers = { Authorization: 'Bearer abc', Cookie: 'a=b', 'X-Other': 'stays', 'Content-Type': 'text/plain' }
  await withServer(echo, async (_client, _url, other) => {
    const redirecting: Handler = async (req, res) => {
      if (req.url === '/end') return echo(req, res)
      const [, status, where] = req.url?.split('/') ?? []
      res.writeHead(Number(status), { location: where === 'here' ? '/end' : `http://localhost:${other}/end` }).end()
    }
    const local = async () => [{ address: '127.0.0.1', family: 4 }]
    await withServer(
      redirecting,
      async (client, url) => {
        const ask = async (path: string, method: string) =>
          (await client.request({ url: url + path, method, headers, ...(method === 'GET' ? {} : { body: 'b' }) })).json(
            Echo,
          )
        const here = await ask('/307/here', 'POST')
        assert.deepEqual([here.method, here.body, here.headers.authorization], ['POST', 'b', 'Bearer abc'])
        const away = await ask('/307/away', 'PUT')
        assert.deepEqual([away.method, away.body, away.headers['x-other']], ['PUT', 'b', 'stays'])
        assert.deepEqual([away.headers.authorization, away.headers.cookie], [undefined, undefined])
        const got = await ask('/302/here', 'POST')
        assert.deepEqual([got.method, got.body, got.headers['content-type']], ['GET', '', undefined])
        const once = { url: `${url}/307/here`, method: 'POST', body: pieces('gone') }
        assert.equal((await client.request(once)).status, 307, 'a stream cannot be sent again')
        assert.equal((await client.request({ url: `${url}/302/here`, redirects: 0 })).status, 302)
      },
      { resolve: local },
    )
  })
})

test('redirects end', limit, async () => {
  await withServer(
    (_req, res) => void res.writeHead(301, { location: '/again' }).end(),
    async (client, url) => assert.rejects(client.request({ url }), { code: 'TOO_MANY_REDIRECTS' }),
  )
})

test('only what is marked repeatable is tried again, with its whole body, to an end', limit, async () => {
  const bodies: string[] = []
  const failing: Handler = async (req, res) => {
    bodies.push((await readBody(req, 100)).toString())
    res.writeHead(bodies.length < 3 ? 503 : 200).end()
  }
  await withServer(failing, async (client, url) => {
    assert.equal((await client.request({ url, method: 'PUT', body: 'x' })).status, 503)
    assert.equal(
      (await client.request({ url, method: 'PUT', body: () => pieces('a', 'b'), repeatable: true })).status,
      200,
    )
    assert.deepEqual(bodies, ['x', 'ab', 'ab'])
  })
  let asked = 0
  await withServer(
    (_req, res) => {
      asked++
      res.writeHead(429, { 'retry-after': '0' }).end()
    },
    async (client, url) => {
      assert.equal((await client.request({ url, repeatable: true })).status, 429)
      assert.equal(asked, 4)
      assert.equal((await client.request({ url, method: 'PUT', body: pieces('a'), repeatable: true })).status, 429)
      assert.equal(asked, 5, 'a stream is sent once')
    },
  )
})

test('a host that cannot be reached is tried again, then rests', limit, async () => {
  const clock = manualClock(0)
  const client = createHttpClient({ clock, allowPrivate: true, retry: { attempts: 5 } })
  const free = await testServer(() => {})
  await free.drain()
  const url = `http://127.0.0.1:${free.port}/?sig=hunter2`
  let outcome: unknown
  const asking = client.request({ url, repeatable: true }).catch(error => {
    outcome = error
  })
  while (outcome === undefined) await clock.advance(0)
  await asking
  assert.match(String(outcome), /cannot be reached: ECONNREFUSED/)
  assert.doesNotMatch(JSON.stringify(outcome) + String(outcome), /hunter2/)
  await assert.rejects(client.request({ url }), { code: 'HOST_RESTING' })
  client.close()
})

test('each step has its end: connection, answer, the rest of it, all of it', limit, async () => {
  const clock = manualClock()
  const timeouts = { connect: 100, firstByte: 200, idle: 300 }
  const handler: Handler = (req, res) => {
    if (req.url === '/silent') return
    res.writeHead(200, { 'content-length': 10 })
    res.write('half')
  }
  await withServer(
    handler,
    async (client, url) => {
      const ends = async (asked: Promise<unknown>, pattern: RegExp) => {
        let outcome: unknown
        const done = asked.catch(error => {
          outcome = error
        })
        while (outcome === undefined) await clock.advance(10)
        await done
        assert.match(String(outcome), pattern)
      }
      await ends(client.request({ url: `${url}/silent` }), /gave no answer in 200 ms/)
      const head = await client.request({ url })
      await ends(head.text(100), /gave no more of the answer in 300 ms/)
      const whole = await client.request({ url, timeouts: { idle: 1e6, total: 150 } })
      await ends(whole.text(100), /gave no whole answer in 150 ms/)
      // Accepts connections and never says anything: TLS never comes about.
      const mute = createServer()
      await new Promise<void>(resolve => mute.listen(0, '127.0.0.1', resolve))
      const address = mute.address()
      const port = typeof address === 'object' ? address?.port : 0
      await ends(client.request({ url: `https://127.0.0.1:${port}/` }), /gave no connection in 100 ms/)
      mute.close()
    },
    { clock, timeouts },
  )
})

test('a caller who gives up gets its own reason, and the server sees the end', limit, async () => {
  let closed = 0
  let begun = 0
  await withServer(
    req => {
      begun++
      req.socket.once('close', () => {
        closed++
      })
    },
    async (client, url) => {
      const early = new AbortController()
      const asked = client.request({ url, repeatable: true, signal: early.signal })
      early.abort(new Error('changed my mind'))
      await assert.rejects(asked, /changed my mind/)
      const late = new AbortController()
      const before = begun
      const slow = client.request({ url, repeatable: true, signal: late.signal })
      const outcome = assert.rejects(slow, /enough/)
      await until(() => begun > before)
      late.abort(new Error('enough'))
      await outcome
      await until(() => closed === begun)
      await assert.rejects(client.request({ url, signal: late.signal }), /enough/)
    },
  )
})

test('a body whose source fails ends the request with that error', limit, async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a')
    throw new Error('source broke')
  }
  await withServer(echo, async (client, url) => {
    await assert.rejects(client.request({ url, method: 'PUT', body: failing() }), /source broke/)
  })
})

test('an answer that comes before the body is sent is an answer', limit, async () => {
  await withServer(
    async (req, res) => {
      if (req.method === 'PUT') await readBody(req, 10)
      res.end('fine')
    },
    async (client, url) => {
      let given = 0
      async function* endless(): AsyncGenerator<Uint8Array> {
        for (; given < 10_000; given++) yield Buffer.alloc(1024)
      }
      const answer = await client.request({ url, method: 'PUT', body: endless() })
      assert.equal(answer.status, 413)
      answer.discard()
      assert.equal(await (await client.request({ url })).text(10), 'fine')
    },
  )
})

test('a unix socket, and a certificate of our own', limit, async () => {
  const path = join(dir, 'c.sock')
  const socket = await testServer((req, res) => void res.end(`${req.headers.host}${req.url}`), { listen: [{ path }] })
  const client = createHttpClient({ clock: systemClock('test') })
  const answer = await client.request({ url: 'http://region/internal', socketPath: path })
  assert.equal(await answer.text(100), 'region/internal')
  await assert.rejects(
    client.request({ url: 'http://region/', socketPath: `${path}.none` }),
    /cannot be reached: ENOENT/,
  )
  client.close()
  await socket.drain()

  const pair = selfSigned('own')
  const files = { certificate: join(dir, 'cert.pem'), key: join(dir, 'key.pem') }
  writeFileSync(files.certificate, pair.cert)
  writeFileSync(files.key, pair.key, { mode: 0o600 })
  const secure = await testServer((_req, res) => void res.end('ok'), { tls: files })
  const url = `https://127.0.0.1:${secure.port}/`
  const options = { clock: systemClock('test'), allowPrivate: true }
  const strange = createHttpClient(options)
  await assert.rejects(strange.request({ url }), /cannot be reached: (DEPTH_ZERO_SELF_SIGNED_CERT|self)/)
  const trusting = createHttpClient({ ...options, ca: [pair.cert] })
  assert.equal(await (await trusting.request({ url })).text(10), 'ok')
  strange.close()
  trusting.close()
  await secure.drain()
})
