import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { simClock } from '../sim/clock.ts'
import { SimDisk } from '../sim/disk.ts'
import { hashOf } from './contract.fixture.ts'
import { fileBlobs } from './file-blobs.ts'
import { blobKey, isUploadId, keyParts, keyPath } from './key.ts'
import { readAll, TooLargeToHold } from './read-all.ts'

describe('a blob', () => {
  it('comes back the same, in whatever pieces it was sent and is read', async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 20 })
    let serial = 0
    const blobs = fileBlobs({
      disk: new SimDisk().mount(),
      dir: '/data',
      node: 'n0',
      clock: simClock(1),
      reserveBytes: 0,
    })
    await fc.assert(
      fc.asyncProperty(pieces, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 5000 }), async (chunks, a, b, step) => {
        const all = Buffer.concat(chunks)
        const staging = await blobs.stage(`n0-${serial++}`, { algorithm: 'sha512', started: 0, owner: {} })
        for (const chunk of chunks) await staging.append(chunk)
        assert.equal(staging.size, all.length)
        const key = await blobs.commit(staging, hashOf(all, 'sha512'))

        const [from, to] = [a % (all.length || 1), b % (all.length || 1)].sort((x, y) => x - y) as [number, number]
        const range = all.length > 0 ? { from, to } : undefined
        const source = await blobs.open(key, range)
        assert.ok(source)
        const parts: Buffer[] = []
        for (;;) {
          const into = Buffer.alloc(step)
          const read: number = await source.read(into)
          assert.ok(read <= step)
          if (read === 0) break
          parts.push(into.subarray(0, read))
        }
        await source.close()
        assert.deepEqual(Buffer.concat(parts), range ? all.subarray(from, to + 1) : all)
        assert.equal(source.size, range ? to - from + 1 : all.length)
      }),
      { numRuns: 60 },
    )
  })

  it('is refused in one piece past a limit, and its source closed', async () => {
    let closed = false
    const source = {
      size: 11,
      read: () => assert.fail('nothing is to be read'),
      close: async () => {
        closed = true
      },
    }
    await assert.rejects(readAll(source, 10), { code: TooLargeToHold.code, status: 413 })
    assert.ok(closed)
  })
})

describe('a key', () => {
  const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9-]{0,40}$/)
  const hash = fc.oneof(fc.stringMatching(/^sha256:[0-9a-f]{64}$/), fc.stringMatching(/^sha512:[0-9a-f]{128}$/))

  it('says what it was made of, and where the bytes lie', () => {
    fc.assert(
      fc.property(hash, id, (digest, upload) => {
        const key = blobKey(digest, upload)
        const parts = keyParts(key)
        assert.deepEqual(parts && [`${parts.algorithm}:${parts.hex}`, parts.id], [digest, upload])
        assert.match(keyPath(key), /^sha(256|512)\/[0-9a-f]{2}\/[0-9a-f]+\.[A-Za-z0-9-]+$/)
      }),
    )
  })

  it('never becomes a path that leads elsewhere', () => {
    const evil = ['..', '../x', 'a/b', 'a\\b', 'a.b', '', '-a', 'a\0', 'a\n', 'ä']
    for (const text of evil) {
      assert.equal(isUploadId(text), false, text)
      assert.throws(() => keyPath(`sha256:${'0'.repeat(64)}.${text}`), TypeError)
    }
    assert.throws(() => keyPath(`sha256:../../${'0'.repeat(58)}.x`), TypeError)
    assert.throws(() => blobKey(`md5:${'0'.repeat(32)}`, 'x'), TypeError)
  })
})
