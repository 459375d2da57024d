import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { digestOf, hasher } from '../digest.ts'
import { setUp } from '../testing/setup.fixture.ts'
import type { BlobBytes } from './push-blob.ts'

const bytes = randomBytes(300_000)
const digest = digestOf(bytes)
const blob = { digest, size: bytes.length }
const key = `team/app/${digest}`

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(chunks))
}

// In pieces, so that a cut falls between some and inside of others.
const source: BlobBytes = async function* (from) {
  for (let at = from; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000)
}

test('a blob that is cut three times arrives whole, by ranges', async t => {
  const cuts = [250_000, 1, 30_000]
  const { registry, client, repo } = await setUp(t, {
    fault: (_method, _url, seen) => ({ cutAnswer: cuts[seen] ?? 1e9 }),
  })
  registry.blobs.set(key, bytes)
  assert.ok(bytes.equals(await collect(client.pullBlob(repo, blob))))
  // What a cut connection had under way may be lost, so where each goes on is not the same every time.
  const [first, ...starts] = registry.log.map(one => one.headers.range)
  assert.equal(first, undefined)
  const from = starts.map(range => Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1]))
  assert.equal(from.length, 3)
  assert.ok(
    from.every((at, index) => at > 0 && at >= (from[index - 1] ?? 0) && at < bytes.length),
    from.join(),
  )
})

test('a registry that ignores ranges is read over', async t => {
  const { registry, client, repo } = await setUp(t, {
    ignoreRange: true,
    fault: (_method, _url, seen) => (seen === 0 ? { cutAnswer: 100_001 } : undefined),
  })
  registry.blobs.set(key, bytes)
  assert.ok(bytes.equals(await collect(client.pullBlob(repo, { digest }))))
})

test('a pull goes on after bytes that are here already', async t => {
  const { registry, client, repo } = await setUp(t)
  registry.blobs.set(key, bytes)
  const from = { at: 1000, hash: hasher().update(bytes.subarray(0, 1000)) }
  assert.ok(bytes.subarray(1000).equals(await collect(client.pullBlob(repo, blob, { from }))))
  const whole = { at: bytes.length, hash: hasher().update(bytes) }
  assert.equal((await collect(client.pullBlob(repo, blob, { from: whole }))).length, 0)
  assert.equal(registry.lines('GET').length, 1)
})

test('other bytes than the digest says are an error at the end, more than the size says at once', async t => {
  const { registry, client, repo } = await setUp(t)
  registry.blobs.set(key, Buffer.alloc(bytes.length))
  await assert.rejects(collect(client.pullBlob(repo, blob)), { code: 'OCI_BYTES_DIFFER' })
  registry.blobs.set(key, Buffer.concat([bytes, bytes]))
  await assert.rejects(collect(client.pullBlob(repo, blob)), { code: 'OCI_BYTES_DIFFER' })
})

test('a pull without any progress gives up after as many tries as allowed', async t => {
  const { registry, client, repo, clock } = await setUp(t, { fault: () => ({ cutAnswer: 0 }) }, { attempts: 3 })
  registry.blobs.set(key, bytes)
  await assert.rejects(collect(client.pullBlob(repo, blob)), { code: 'OCI_UNREACHABLE' })
  assert.equal(registry.lines('GET').length, 3)
  assert.equal(clock.slept.length, 2)
})

test('an empty blob', async t => {
  const { registry, client, repo } = await setUp(t)
  const empty = { digest: digestOf(''), size: 0 }
  assert.equal(await client.pushBlob(repo, empty, source), 'sent')
  assert.equal(registry.blobs.get(`team/app/${empty.digest}`)?.length, 0)
  assert.equal((await collect(client.pullBlob(repo, empty))).length, 0)
})

test('a reader that stops early ends the transfer', async t => {
  const { registry, client, repo } = await setUp(t)
  registry.blobs.set(key, bytes)
  for await (const _ of client.pullBlob(repo, blob)) break
  assert.equal(registry.lines('GET').length, 1)
})

test('an aborted pull ends with the reason', async t => {
  const { registry, client, repo } = await setUp(t)
  registry.blobs.set(key, bytes)
  const stop = new AbortController()
  const reason = new Error('enough')
  const reading = (async () => {
    for await (const _ of client.pullBlob(repo, blob, { signal: stop.signal })) stop.abort(reason)
  })()
  await assert.rejects(reading, reason)
})

test('a push that is cut in its only request goes on from where the registry is', async t => {
  const { registry, client, repo } = await setUp(t, {
    fault: (method, _url, seen) => (method === 'PUT' && seen === 0 ? { cutRequest: 123_456 } : undefined),
  })
  assert.equal(await client.pushBlob(repo, blob, source), 'sent')
  assert.ok(registry.blobs.get(key)?.equals(bytes))
  const patch = registry.log.find(one => one.line.startsWith('PATCH'))
  assert.equal(patch?.headers['content-range'], `123456-${bytes.length - 1}`)
  assert.equal(registry.lines('POST').length, 1)
})

test('a push in chunks survives a cut in the middle of each', async t => {
  const { registry, client, repo } = await setUp(t, {
    minChunk: 64_000,
    fault: (method, _url, seen) => (method === 'PATCH' && seen % 2 === 0 ? { cutRequest: 30_000 } : undefined),
  })
  const sent: number[] = []
  assert.equal(await client.pushBlob(repo, blob, source, { chunkBytes: 1000, onBytes: at => sent.push(at) }), 'sent')
  assert.ok(registry.blobs.get(key)?.equals(bytes))
  assert.equal(sent.at(-1), bytes.length)
  assert.equal(registry.lines('POST').length, 1)
})

test('the answer that says "stored" is lost: the blob is found, not sent again', async t => {
  const { registry, client, repo } = await setUp(t, {
    fault: (method, _url, seen) => (method === 'PUT' && seen === 0 ? { loseAnswer: true } : undefined),
  })
  assert.equal(await client.pushBlob(repo, blob, source), 'sent')
  assert.equal(registry.lines('PUT').length, 1)
})

test('an upload that the registry forgot begins anew', async t => {
  const { registry, client, repo } = await setUp(t, {
    fault: (method, _url, seen) => {
      if (method === 'PUT' && seen === 0) return { cutRequest: 50_000 }
      return method === 'GET' && seen === 0 ? { status: 404 } : undefined
    },
  })
  assert.equal(await client.pushBlob(repo, blob, source), 'sent')
  assert.equal(registry.lines('POST').length, 2)
})

test('a blob that is there is not sent, one of a sibling is mounted', async t => {
  const { registry, client, repo } = await setUp(t)
  registry.blobs.set(`team/other/${digest}`, bytes)
  assert.equal(await client.pushBlob(repo, blob, source, { mountFrom: 'team/other' }), 'mounted')
  assert.equal(await client.pushBlob(repo, blob, source), 'present')
  assert.deepEqual(registry.lines('PUT'), [])
})

test('an upload waits as long as the registry asks', async t => {
  const { registry, client, repo, clock } = await setUp(t, {
    fault: (method, _url, seen) =>
      method === 'PUT' && seen === 0 ? { status: 503, headers: { 'retry-after': '9' } } : undefined,
  })
  assert.equal(await client.pushBlob(repo, blob, source), 'sent')
  assert.ok(registry.blobs.get(key)?.equals(bytes))
  assert.deepEqual(clock.slept, [9200])
})

test('a source that fails is the error, and is not tried again', async t => {
  const { registry, client, repo } = await setUp(t)
  const broken = new Error('the disk is gone')
  const failing: BlobBytes = async function* () {
    yield bytes.subarray(0, 10)
    throw broken
  }
  await assert.rejects(client.pushBlob(repo, blob, failing), broken)
  await assert.rejects(
    client.pushBlob(repo, blob, () => source(200_000, undefined)),
    { code: 'OCI_SOURCE_CHANGED' },
  )
  assert.equal(registry.lines('POST').length, 2)
})

test('bytes that are not the digest are refused by the registry, and not sent again', async t => {
  const { registry, client, repo } = await setUp(t)
  const wrong: BlobBytes = async function* () {
    yield Buffer.alloc(bytes.length)
  }
  await assert.rejects(client.pushBlob(repo, blob, wrong), { code: 'OCI_REFUSED' })
  assert.equal(registry.lines('PUT').length, 1)
})
