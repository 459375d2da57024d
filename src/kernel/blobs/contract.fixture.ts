import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { HashMismatch } from './failures.ts'
import { readAll } from './read-all.ts'
import type { BlobKey, BlobStore, ByteRange, HashAlgorithm, Leftover, StagingMeta } from './types.ts'

const LIMIT = 64 * 1024 * 1024
const META: StagingMeta = { algorithm: 'sha256', started: 1, owner: { repository: 'team/app' } }
const LATER = Date.UTC(2100, 0)

let serial = 0
const newId = () => `n0-${Date.UTC(2000, 0).toString(36)}${process.pid}x${serial++}`

export function hashOf(bytes: Uint8Array, algorithm: HashAlgorithm = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`
}

/**
 * What every blob store must do, whatever is behind it. `open` gives a store of node `n0` over the same state
 * each time: a second one is what a restarted process sees.
 */
export function blobStoreContract(name: string, open: () => Promise<BlobStore>): void {
  const put = async (blobs: BlobStore, bytes: Uint8Array, id = newId()): Promise<BlobKey> => {
    const staging = await blobs.stage(id, META)
    await staging.append(bytes)
    const key = await blobs.commit(staging, hashOf(bytes))
    await blobs.settle(id)
    return key
  }
  const get = async (blobs: BlobStore, key: BlobKey, range?: ByteRange): Promise<Buffer | undefined> => {
    const source = await blobs.open(key, range)
    return source && Buffer.from(await readAll(source, LIMIT))
  }
  const leftover = async (blobs: BlobStore, id: string): Promise<Leftover | undefined> => {
    for await (const left of blobs.leftovers(LATER)) if (left.id === id) return left
    return undefined
  }

  describe(`a blob store on ${name}`, () => {
    it('gives back the bytes that it committed, and survives a restart', async () => {
      const blobs = await open()
      for (const size of [0, 1, 1000, 3 * 1024 * 1024 + 17]) {
        const bytes = randomBytes(size)
        const id = newId()
        const key = await put(blobs, bytes, id)
        assert.equal(key, `${hashOf(bytes)}.${id}`)
        assert.deepEqual(await get(blobs, key), bytes)
        assert.deepEqual(await get(await open(), key), bytes)
      }
    })

    it('gives ranges, both ends inclusive', async () => {
      const blobs = await open()
      const bytes = randomBytes(300_000)
      const key = await put(blobs, bytes)
      for (const range of [
        { from: 0, to: 0 },
        { from: 17, to: 299_999 },
        { from: 0, to: 299_999 },
        { from: 299_999, to: 299_999 },
      ]) {
        assert.deepEqual(await get(blobs, key, range), bytes.subarray(range.from, range.to + 1))
      }
    })

    it('reads into a small buffer, in order, and can be closed half-way', async () => {
      const blobs = await open()
      const bytes = randomBytes(100_000)
      const source = await blobs.open(await put(blobs, bytes))
      assert.ok(source)
      const into = Buffer.alloc(777)
      const first = await source.read(into)
      assert.ok(first > 0)
      assert.deepEqual(into.subarray(0, first), bytes.subarray(0, first))
      const second = await source.read(into)
      assert.deepEqual(into.subarray(0, second), bytes.subarray(first, first + second))
      await source.close()
    })

    it('has no blob under a key that nothing was committed to', async () => {
      const blobs = await open()
      assert.equal(await blobs.open(`${hashOf(Buffer.from('x'))}.n0-nothing` as BlobKey), undefined)
    })

    it('keeps the upload where the bytes have another digest', async () => {
      const blobs = await open()
      const id = newId()
      const staging = await blobs.stage(id, META)
      await staging.append(Buffer.from('what '))
      const wrong = hashOf(Buffer.from('something else'))
      await assert.rejects(blobs.commit(staging, wrong), { code: HashMismatch.code, status: 400 })
      assert.equal(await blobs.open(`${wrong}.${id}` as BlobKey), undefined)
      await staging.append(Buffer.from('was said'))
      const key = await blobs.commit(staging, hashOf(Buffer.from('what was said')))
      assert.equal((await get(blobs, key))?.toString(), 'what was said')
    })

    it('commits by another algorithm than the one that it staged with', async () => {
      const blobs = await open()
      const bytes = randomBytes(700_000)
      const staging = await blobs.stage(newId(), META)
      await staging.append(bytes)
      const key = await blobs.commit(staging, hashOf(bytes, 'sha512'))
      assert.ok(key.startsWith('sha512:'))
      assert.deepEqual(await get(blobs, key), bytes)
    })

    it('resumes an upload after a restart, with the hash of what is there', async () => {
      const [first, second] = [randomBytes(1_500_000), randomBytes(10)]
      const id = newId()
      const staging = await (await open()).stage(id, META)
      await staging.append(first)
      await staging.flush()
      await staging.close()

      const blobs = await open()
      const resumed = await blobs.resume(id)
      assert.equal(resumed?.size, first.length)
      assert.deepEqual(resumed.meta, META)
      await resumed.append(second)
      const all = Buffer.concat([first, second])
      assert.equal(resumed.size, all.length)
      assert.deepEqual(await get(blobs, await blobs.commit(resumed, hashOf(all))), all)
      assert.equal(await blobs.resume(id), undefined)
    })

    it('resumes nothing under an unknown id, nor under a path', async () => {
      const blobs = await open()
      for (const id of ['n0-unknown', '../blobs', 'n0-../x', '', '.']) {
        assert.equal(await blobs.resume(id), undefined)
        assert.equal(await blobs.abandon(id), false)
      }
    })

    it('refuses a second upload of one id', async () => {
      const blobs = await open()
      const id = newId()
      const staging = await blobs.stage(id, META)
      await assert.rejects(blobs.stage(id, META), { code: 'EEXIST' })
      await staging.append(Buffer.from('unharmed'))
      const key = await blobs.commit(staging, hashOf(Buffer.from('unharmed')))
      assert.equal((await get(blobs, key))?.toString(), 'unharmed')
    })

    it('abandons an upload with all that belongs to it', async () => {
      const blobs = await open()
      const id = newId()
      const staging = await blobs.stage(id, META)
      await staging.append(randomBytes(10))
      await staging.close()
      assert.equal(await blobs.abandon(id), true)
      assert.equal(await blobs.abandon(id), false)
      assert.equal(await blobs.resume(id), undefined)
      assert.equal(await leftover(blobs, id), undefined)
    })

    it('tells what was left over: uploads without an end, and commits that nobody settled', async () => {
      const blobs = await open()
      const [idle, committed, settled] = [newId(), newId(), newId()]
      await (await blobs.stage(idle, META)).close()
      const staging = await blobs.stage(committed, META)
      const key = await blobs.commit(staging, hashOf(Buffer.alloc(0)))
      await put(blobs, Buffer.from('settled'), settled)

      const restarted = await open()
      assert.deepEqual(await leftover(restarted, idle), { id: idle, meta: META, key: undefined })
      assert.deepEqual(await leftover(restarted, committed), { id: committed, meta: META, key })
      assert.equal(await leftover(restarted, settled), undefined)
      for await (const left of restarted.leftovers(Date.UTC(2001, 0))) assert.fail(`${left.id} is younger than that`)

      await restarted.settle(committed)
      assert.equal(await leftover(restarted, committed), undefined)
      assert.equal((await get(restarted, key))?.length, 0)
    })

    it('removes one blob and nothing else: not the same bytes under another generation', async () => {
      const blobs = await open()
      const bytes = randomBytes(2000)
      const [older, newer] = [await put(blobs, bytes), await put(blobs, bytes)]
      await blobs.remove(older)
      await blobs.remove(older)
      assert.equal(await blobs.open(older), undefined)
      assert.deepEqual(await get(blobs, newer), bytes)
    })

    it('takes several uploads at once', async () => {
      const blobs = await open()
      const all = Array.from({ length: 8 }, (_, i) => randomBytes(400_000 + i))
      const keys = await Promise.all(all.map(bytes => put(blobs, bytes)))
      for (const [i, key] of keys.entries()) assert.deepEqual(await get(blobs, key), all[i])
    })
  })
}
