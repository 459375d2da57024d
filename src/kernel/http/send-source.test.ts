import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { test } from 'node:test'
import type { ByteSource } from '../blobs/types.ts'
import { BUFFER_BYTES, LARGE_FROM, poolState } from './buffer-pool.ts'
import { sendSource } from './index.ts'
import { rawClient, testServer, until } from './serve.fixture.ts'

const limit = { timeout: 20_000 }
const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'

type TestSource = ByteSource & { readonly closed: () => number; readonly given: () => number }

/** Bytes that depend on their place, so that a buffer used twice shows. `holds` = how many it really has. */
function patterned(size: number, holds = size, largest = Number.POSITIVE_INFINITY): TestSource {
  let at = 0
  let closed = 0
  let reading = false
  return {
    size,
    closed: () => closed,
    given: () => at,
    async read(into) {
      assert.ok(!reading && closed === 0, 'one call at a time, none after close')
      reading = true
      await new Promise(resolve => setImmediate(resolve))
      const count = Math.min(into.length, holds - at, largest)
      for (let i = 0; i < count; i++) into[i] = byteAt(at + i)
      at += count
      reading = false
      return count
    },
    async close() {
      assert.ok(!reading, 'closed during a read')
      closed++
    },
  }
}

function byteAt(place: number): number {
  return (place * 31 + (place >> 8) * 7 + (place >> 16)) & 255
}

function expected(size: number): string {
  const bytes = Buffer.allocUnsafe(size)
  for (let i = 0; i < size; i++) bytes[i] = byteAt(i)
  return createHash('sha256').update(bytes).digest('hex')
}

function digestOf(port: number, slow = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', agent: false }, async res => {
      try {
        const hash = createHash('sha256')
        for await (const chunk of res) {
          hash.update(chunk)
          if (slow) await new Promise(done => setImmediate(done))
        }
        resolve(hash.digest('hex'))
      } catch (error) {
        reject(error)
      }
    })
    asked.on('error', reject).end()
  })
}

async function serving(make: () => TestSource, idleTimeout = 60_000) {
  const sources: TestSource[] = []
  const outcomes: unknown[] = []
  const server = await testServer(
    async (_req, res) => {
      const source = make()
      sources.push(source)
      res.writeHead(200, { 'content-length': source.size })
      try {
        outcomes.push(await sendSource(res, source))
      } catch (error) {
        outcomes.push(error)
        throw error
      }
    },
    { limits: { headerBytes: 16_384, idleTimeout } },
  )
  return { server, sources, outcomes }
}

test('every length arrives whole: none, small, around a buffer, many buffers, in odd pieces', limit, async () => {
  const sizes = [
    0,
    1,
    1024,
    65_536,
    65_537,
    BUFFER_BYTES - 1,
    BUFFER_BYTES,
    BUFFER_BYTES + 1,
    3_000_001,
    LARGE_FROM + 1,
  ]
  for (const size of sizes) {
    for (const largest of [Number.POSITIVE_INFINITY, 50_021]) {
      const { server, sources } = await serving(() => patterned(size, size, largest))
      assert.equal(await digestOf(server.port, size > 1e6), expected(size), `${size} bytes`)
      await server.drain()
      assert.deepEqual(
        sources.map(source => source.closed()),
        [1],
      )
    }
  }
  assert.equal(poolState().lent, 0)
})

test('64 transfers at once stay within the pool and all arrive whole', limit, async () => {
  const size = 1_500_000
  const { server, sources } = await serving(() => patterned(size))
  const digests = await Promise.all(Array.from({ length: 64 }, () => digestOf(server.port, true)))
  assert.deepEqual(new Set(digests), new Set([expected(size)]))
  await server.drain()
  assert.equal(sources.filter(source => source.closed() === 1).length, 64)
  const { lent, idle } = poolState()
  assert.equal(lent, 0)
  assert.ok(idle <= 128, `${idle} buffers for 64 transfers`)
})

test('more transfers than the pool has buffers still all arrive', limit, async () => {
  const size = 400_000
  const { server } = await serving(() => patterned(size))
  const digests = await Promise.all(Array.from({ length: 130 }, () => digestOf(server.port)))
  assert.deepEqual(new Set(digests), new Set([expected(size)]))
  await server.drain()
  assert.equal(poolState().lent, 0)
  assert.ok(poolState().idle <= 192 + 2)
})

test('a source shorter than promised cuts the connection, small or large', limit, async () => {
  for (const size of [1000, 600_000]) {
    const { server, sources, outcomes } = await serving(() => patterned(size, size - 1))
    await assert.rejects(digestOf(server.port), /aborted|hang up|ECONNRESET/)
    await until(() => outcomes.length === 1)
    assert.match(String(outcomes[0]), new RegExp(`after ${size > 1000 ? size - 1 : 999} of ${size} bytes`))
    await server.drain()
    assert.equal(sources[0]?.closed(), 1)
    assert.equal(server.logged.length, 1)
  }
  assert.equal(poolState().lent, 0)
})

test('a source that fails is closed, told once, and its cause kept', limit, async () => {
  const broken = (): TestSource => {
    const source = patterned(900_000)
    const read: ByteSource['read'] = into =>
      source.given() > 300_000 ? Promise.reject(new Error('disk gone')) : source.read(into)
    return { ...source, read }
  }
  const { server, sources, outcomes } = await serving(broken)
  await assert.rejects(digestOf(server.port))
  await until(() => outcomes.length === 1)
  assert.match(String(Reflect.get(Object(outcomes[0]), 'cause')), /disk gone/)
  await server.drain()
  assert.equal(sources[0]?.closed(), 1)
  assert.match(server.logged.join(''), /disk gone/)
  assert.equal(poolState().lent, 0)
})

test('a client that leaves is no error; the source is closed and read no further', limit, async () => {
  const { server, sources, outcomes } = await serving(() => patterned(200_000_000))
  const client = rawClient(server.port, GET)
  await until(() => client.seen().length > 100_000)
  client.socket.destroy()
  await until(() => outcomes.length === 1)
  assert.equal(outcomes[0], false)
  await server.drain()
  assert.equal(sources[0]?.closed(), 1)
  assert.ok((sources[0]?.given() ?? 0) < 200_000_000)
  assert.deepEqual(server.logged, [])
  assert.equal(poolState().lent, 0)
})

test('a client that takes nothing is cut, and its buffers are let go', limit, async () => {
  const { server, sources, outcomes } = await serving(() => patterned(50_000_000), 40)
  const client = rawClient(server.port, GET)
  client.socket.pause()
  await until(() => outcomes.length === 1)
  assert.equal(outcomes[0], false)
  client.socket.destroy()
  await server.drain()
  assert.equal(sources[0]?.closed(), 1)
  assert.equal(poolState().lent, 0)
})

test('an answer that waits its turn in a pipeline ends when the connection does', limit, async () => {
  const { server, sources, outcomes } = await serving(() => patterned(50_000_000))
  const client = rawClient(server.port, GET + GET + GET)
  client.socket.pause()
  await until(() => sources.length === 3)
  client.socket.destroy()
  await until(() => outcomes.length === 3)
  assert.deepEqual(outcomes, [false, false, false])
  await server.drain()
  assert.deepEqual(
    sources.map(source => source.closed()),
    [1, 1, 1],
  )
  assert.equal(poolState().lent, 0)
})
