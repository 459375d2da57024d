import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { z } from 'zod'
import { systemClock } from '../clock.ts'
import { nodeDisk } from '../node-disk.ts'
import { blobStoreContract, hashOf } from './contract.fixture.ts'
import { readAll } from './read-all.ts'
import { s3Blobs } from './s3-blobs.ts'
import { partSize } from './s3-put.ts'

const MIB = 1024 * 1024
const meta = { algorithm: 'sha256', started: 1, owner: {} } as const

// `{"endpoint":"http://127.0.0.1:9000","bucket":"b","region":"us-east-1","accessKeyId":"…","secretAccessKey":"…"}`
const settings = process.env.TOWPATH_TEST_S3
if (settings) {
  const s3 = z
    .object({
      endpoint: z.url(),
      bucket: z.string(),
      region: z.string().default('us-east-1'),
      accessKeyId: z.string(),
      secretAccessKey: z.string(),
      pathStyle: z.boolean().default(true),
    })
    .parse(JSON.parse(settings))
  const dir = mkdtempSync(join(tmpdir(), 'towpath-s3-blobs-'))
  after(() => rmSync(dir, { recursive: true }))
  const prefix = `test-${process.pid}-${process.hrtime.bigint()}/`
  const open = async (change: Partial<typeof s3> = {}) =>
    s3Blobs({
      ...s3,
      ...change,
      prefix,
      disk: nodeDisk(),
      dir,
      node: 'n0',
      clock: systemClock('test'),
      reserveBytes: 0,
    })

  blobStoreContract('an object store', () => open())

  describe('a blob store on an object store', () => {
    it('sends a large blob in parts', async () => {
      const blobs = await open()
      const bytes = Buffer.alloc(29 * MIB + 3)
      for (let i = 0; i < bytes.length; i += 4093) bytes[i] = i % 251
      const staging = await blobs.stage('n0-large', meta)
      await staging.append(bytes)
      const key = await blobs.commit(staging, hashOf(bytes))
      await blobs.settle('n0-large')
      const source = await blobs.open(key)
      assert.ok(source && bytes.equals(await readAll(source, 64 * MIB)))
      const tail = await blobs.open(key, { from: 20 * MIB, to: bytes.length - 1 })
      assert.ok(tail && bytes.subarray(20 * MIB).equals(await readAll(tail, 64 * MIB)))
    })

    it('takes a bucket that is missing for an error, not for an empty one', async () => {
      const blobs = await open({ bucket: 'no-such-bucket-here' })
      const key = `${hashOf(Buffer.alloc(0))}.n0-x` as Parameters<typeof blobs.open>[0]
      await assert.rejects(blobs.open(key), { code: 'BLOB_STORE_REFUSED' })
    })

    it('keeps the upload when the object store refuses it, and commits it when it does not', async () => {
      const closed = await open({ secretAccessKey: 'wrong' })
      const staging = await closed.stage('n0-again', meta)
      await staging.append(Buffer.from('once more'))
      await assert.rejects(closed.commit(staging, hashOf(Buffer.from('once more'))), { code: 'BLOB_STORE_REFUSED' })
      await staging.close()

      const blobs = await open()
      const resumed = await blobs.resume('n0-again')
      assert.ok(resumed)
      const source = await blobs.open(await blobs.commit(resumed, hashOf(Buffer.from('once more'))))
      assert.equal(source && Buffer.from(await readAll(source, MIB)).toString(), 'once more')
    })

    it('takes a read up again where its connection broke', async () => {
      let cuts = 0
      const proxy = await faultProxy(s3.endpoint, (request, sent) => {
        if (request.method !== 'GET' || sent < 3 * MIB || cuts === 3) return 'pass'
        cuts += 1
        return 'cut'
      })
      try {
        const blobs = await open({ endpoint: proxy.endpoint })
        const bytes = Buffer.alloc(12 * MIB, 'some bytes ')
        const staging = await blobs.stage('n0-cut', meta)
        await staging.append(bytes)
        const source = await blobs.open(await blobs.commit(staging, hashOf(bytes)))
        assert.ok(source && bytes.equals(await readAll(source, 64 * MIB)))
        assert.equal(cuts, 3)
      } finally {
        await proxy.close()
      }
    })

    it('takes back the parts of an upload that fails, and of one whose process died', async () => {
      const sdk = await import('@aws-sdk/client-s3')
      const client = new sdk.S3Client({ ...s3, forcePathStyle: true, credentials: s3 })
      const parts = async () => {
        const listed = await client.send(new sdk.ListMultipartUploadsCommand({ Bucket: s3.bucket, Prefix: prefix }))
        return listed.Uploads?.length ?? 0
      }
      let refuse: 'parts' | 'parts and aborts' = 'parts'
      const proxy = await faultProxy(s3.endpoint, request => {
        if (request.url?.includes('partNumber=2')) return 'refuse'
        return request.method === 'DELETE' && refuse === 'parts and aborts' ? 'refuse' : 'pass'
      })
      try {
        const blobs = await open({ endpoint: proxy.endpoint })
        const bytes = Buffer.alloc(20 * MIB)
        const staging = await blobs.stage('n0-parts', meta)
        await staging.append(bytes)
        await assert.rejects(blobs.commit(staging, hashOf(bytes)), { code: 'BLOB_STORE_REFUSED' })
        assert.equal(await parts(), 0)
        refuse = 'parts and aborts'
        await assert.rejects(blobs.commit(staging, hashOf(bytes)), { code: 'BLOB_STORE_REFUSED' })
        assert.equal(await parts(), 1)
        await staging.close()
        const restarted = await open()
        for await (const left of restarted.leftovers(Date.UTC(2100, 0))) {
          if (left.id === 'n0-parts') assert.ok(left.key)
        }
        assert.equal(await parts(), 0)
        assert.equal(await restarted.abandon('n0-parts'), true)
      } finally {
        await proxy.close()
      }
    })
  })
}

type Verdict = 'pass' | 'refuse' | 'cut'

/** Passes requests on, and spoils those it is told to: at their beginning or after some bytes of the answer. */
async function faultProxy(endpoint: string, judge: (request: IncomingMessage, sent: number) => Verdict) {
  const target = new URL(endpoint)
  const server = createServer((incoming, outgoing) => {
    if (judge(incoming, 0) === 'refuse') {
      incoming.resume()
      outgoing.writeHead(403).end()
      return
    }
    const { method, url, headers } = incoming
    const { hostname, port } = target
    const onward = request({ hostname, port, method, path: url, headers }, answer => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      let sent = 0
      answer.on('data', chunk => {
        sent += chunk.length
        if (judge(incoming, sent) === 'cut') outgoing.destroy()
        else outgoing.write(chunk)
      })
      answer.on('end', () => outgoing.end())
    })
    incoming.pipe(onward)
    outgoing.on('close', () => onward.destroy())
    onward.on('error', () => outgoing.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { endpoint: `http://127.0.0.1:${port}`, close }
}

describe('parts of an object', () => {
  it('are 8 MiB, and larger only where 10,000 of those would not do', () => {
    assert.equal(partSize(0), 8 * MIB)
    assert.equal(partSize(80_000 * MIB), 8 * MIB)
    for (const size of [80_000 * MIB + 1, 200 * 1024 * MIB, 1024 * 1024 * MIB]) {
      assert.ok(Math.ceil(size / partSize(size)) <= 10_000)
      assert.ok(partSize(size) % MIB === 0)
    }
    assert.equal(partSize(200 * 1024 * MIB), 21 * MIB)
  })
})
