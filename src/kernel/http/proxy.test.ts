import assert from 'node:assert/strict'
import { createServer } from 'node:https'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { selfSigned } from './certificate.fixture.ts'
import { createHttpClient } from './client.ts'
import type { Proxies } from './exchange.ts'
import { testProxy } from './proxy.fixture.ts'
import { testServer } from './serve.fixture.ts'

const limit = { timeout: 10_000 }
const pair = selfSigned('behind a proxy')

function clientBy(proxies: Proxies) {
  const clock = systemClock('test')
  return createHttpClient({ clock, allowPrivate: true, retry: { attempts: 1 }, ca: [pair.cert], proxies })
}

test(
  'a tunnel leads through the proxy to a host of an authority of its own, and its connection is kept',
  limit,
  async t => {
    const server = createServer(pair, (_, res) => res.end('told'))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    assert.ok(typeof address === 'object' && address)
    const proxy = await testProxy({ user: 'joe:s3cret' })
    const client = clientBy({ https: proxy.url })
    t.after(() => {
      client.close()
      server.closeAllConnections()
      server.close()
      proxy.close()
    })
    for (let n = 0; n < 3; n++) {
      const answer = await client.request({ url: `https://localhost:${address.port}/`, timeouts: { connect: 2_000 } })
      assert.equal(await answer.text(100), 'told')
    }
    assert.deepEqual(proxy.seen, [`CONNECT localhost:${address.port}`])
  },
)

test('plain HTTP goes to the proxy with its whole URL, and what is excepted goes directly', limit, async t => {
  const server = await testServer((_, res) => void res.end('told'))
  const proxy = await testProxy()
  const client = clientBy({ http: proxy.url, except: 'localhost' })
  t.after(async () => {
    client.close()
    proxy.close()
    await server.drain()
  })
  const far = await client.request({ url: `http://models.example:${server.port}/v1?a=b` })
  assert.equal(await far.text(100), 'told')
  const near = await client.request({ url: `http://localhost:${server.port}/near` })
  assert.equal(await near.text(100), 'told')
  assert.deepEqual(proxy.seen, [`GET http://models.example:${server.port}/v1?a=b`])
})

test('a proxy that refuses is said to, without its password', limit, async t => {
  const proxy = await testProxy({ user: 'joe:s3cret' })
  const client = clientBy({ https: proxy.url.replace('s3cret', 'wr0ng') })
  t.after(() => {
    client.close()
    proxy.close()
  })
  await assert.rejects(client.request({ url: 'https://models.example/' }), error => {
    assert.ok(error instanceof Error)
    assert.match(error.message, /models\.example cannot be reached: the proxy answered 407/)
    assert.doesNotMatch(`${error.message} ${error.stack} ${String(error.cause)}`, /wr0ng/)
    return true
  })
})
