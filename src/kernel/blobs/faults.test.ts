import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Disk } from '../disk.ts'
import { simClock } from '../sim/clock.ts'
import { SimDisk, type SimDiskOptions } from '../sim/disk.ts'
import { SimProcess } from '../sim/process.ts'
import { createRandom } from '../sim/random.ts'
import { hashOf } from './contract.fixture.ts'
import { BlobStoreFull, BlobUploadLost } from './failures.ts'
import { fileBlobs } from './file-blobs.ts'
import { readAll } from './read-all.ts'
import type { BlobKey, BlobStore, Leftover } from './types.ts'

const META = { algorithm: 'sha256', started: 1, owner: {} } as const
const LATER = Date.UTC(2100, 0)
const MIB = 1024 * 1024
const bytes = Buffer.from(createRandom('blob').bytes(3 * 4096 + 5))

function storeOn(disk: Disk, reserveBytes = 0): BlobStore {
  return fileBlobs({ disk, dir: '/data/home', node: 'n0', clock: simClock(1), reserveBytes })
}

async function push(blobs: BlobStore, id: string, content = bytes): Promise<BlobKey> {
  const staging = await blobs.stage(id, META)
  await staging.append(content.subarray(0, 5000))
  await staging.append(content.subarray(5000))
  const key = await blobs.commit(staging, hashOf(content))
  return key
}

async function get(blobs: BlobStore, key: BlobKey): Promise<Buffer | undefined> {
  const source = await blobs.open(key)
  return source && Buffer.from(await readAll(source, 64 * MIB))
}

async function leftovers(blobs: BlobStore): Promise<Leftover[]> {
  const all: Leftover[] = []
  for await (const left of blobs.leftovers(LATER)) all.push(left)
  return all
}

/** A disk on a thread of its own: it counts operations, and the process dies before the `dies`th. */
function mortal(seed: number, dies: number, options: SimDiskOptions = {}) {
  const process = new SimProcess('node')
  let count = 0
  const sim = new SimDisk({
    random: createRandom(seed),
    torn: true,
    pause: async () => {
      if (process.alive && ++count === dies) process.kill()
    },
    ...options,
  })
  const dead = new Promise<'dead'>(resolve => process.onDeath(() => resolve('dead')))
  return { sim, process, dead, operations: () => count }
}

/** One push whose process dies before operation `dies`, a power cut, and what the next process makes of it. */
async function crashAt(dies: number, seed: number, lie: (disk: Disk) => Disk = disk => disk) {
  const { sim, process, dead, operations } = mortal(seed, dies)
  const rows = new Set<BlobKey>()
  const run = async () => {
    const blobs = storeOn(lie(sim.mount(process)))
    const key = await push(blobs, 'n0-u1')
    rows.add(key)
    await blobs.settle('n0-u1')
    return 'done' as const
  }
  const end = await Promise.race([run(), dead])
  process.kill()
  sim.crash()

  const blobs = storeOn(sim.mount())
  for (const left of await leftovers(blobs)) {
    if (left.key && rows.has(left.key)) await blobs.settle(left.id)
    else if (left.key) await blobs.remove(left.key).then(() => blobs.settle(left.id))
    else await blobs.abandon(left.id)
  }
  return { end, sim, blobs, rows, operations: operations() }
}

describe('a power cut at any step of a push', () => {
  it('loses no committed byte and leaves no file that nobody knows', async () => {
    const { operations } = await crashAt(Number.POSITIVE_INFINITY, 0)
    assert.ok(operations > 15)
    let committed = 0
    for (let dies = 1; dies <= operations + 1; dies++) {
      for (let seed = 0; seed < 12; seed++) {
        const { sim, blobs, rows } = await crashAt(dies, seed)
        const where = `dying before operation ${dies}, seed ${seed}`
        for (const key of rows) assert.ok((await get(blobs, key))?.equals(bytes), where)
        assert.equal(sim.files().size, rows.size, `${where}: ${[...sim.files().keys()]}`)
        committed += rows.size
      }
    }
    assert.ok(committed > 20)
  })

  it('is caught when the disk lies about data, or about names', async () => {
    const lies: ((disk: Disk) => Disk)[] = [
      disk => ({
        ...disk,
        open: async (path, mode) => ({ ...(await disk.open(path, mode)), sync: async () => undefined }),
      }),
      disk => ({ ...disk, syncDir: async () => undefined }),
    ]
    for (const lie of lies) {
      let lost = 0
      for (let seed = 0; seed < 12; seed++) {
        const { blobs, rows } = await crashAt(Number.POSITIVE_INFINITY, seed, lie)
        for (const key of rows) if (!(await get(blobs, key))?.equals(bytes)) lost += 1
      }
      assert.ok(lost > 0)
    }
  })
})

describe('syncs of a push', () => {
  it('are one of the data and one of each of the two folders', async () => {
    const sim = new SimDisk()
    const blobs = storeOn(sim.mount())
    await push(blobs, 'n0-u1')
    await blobs.settle('n0-u1')
    const { data, folder } = sim.syncs
    assert.equal(data, 1)
    await push(blobs, 'n0-u2')
    await blobs.settle('n0-u2')
    assert.deepEqual(sim.syncs, { data: data + 1, folder: folder + 2 })
  })

  it('share the folder of uploads where uploads begin together', async () => {
    let turns = 0
    const sim = new SimDisk({ pause: () => new Promise(resolve => setTimeout(resolve, ++turns % 2)) })
    const blobs = storeOn(sim.mount())
    await push(blobs, 'n0-u0')
    const { folder } = sim.syncs
    const staged = await Promise.all(Array.from({ length: 20 }, (_, i) => blobs.stage(`n0-many${i}`, META)))
    await Promise.all(staged.map(staging => blobs.commit(staging, hashOf(Buffer.alloc(0)))))
    assert.ok(sim.syncs.folder - folder < 25, `${sim.syncs.folder - folder} for 20 uploads`)
  })
})

describe('a full disk', () => {
  it('takes an upload back to what is written, and lets it go on when there is room', async () => {
    const sim = new SimDisk({ capacity: 4 * MIB })
    const disk = sim.mount()
    const blobs = storeOn(disk)
    const content = Buffer.from(createRandom('large').bytes(5 * MIB))
    const staging = await blobs.stage('n0-u1', META)
    const fill = async () => {
      for (let at = staging.size; at < content.length; at = staging.size)
        await staging.append(content.subarray(at, at + 65536))
      await staging.flush()
    }
    await assert.rejects(fill(), error => {
      assert.ok(error instanceof Error && 'code' in error && 'next' in error)
      assert.equal(error.code, BlobStoreFull.code)
      assert.match(error.message, /\/data\/home/)
      return true
    })
    assert.ok(staging.size > MIB && staging.size < 4 * MIB && staging.size % 65536 === 0, `${staging.size}`)
    await assert.rejects(fill(), { code: BlobStoreFull.code, status: 507 })

    sim.capacity = 8 * MIB
    await fill()
    const key = await blobs.commit(staging, hashOf(content))
    assert.deepEqual(await get(blobs, key), content)
  })

  it('is the system saying so, too, not only our own reckoning', async () => {
    const sim = new SimDisk()
    const blobs = storeOn(sim.mount())
    const staging = await blobs.stage('n0-u1', META)
    await staging.append(bytes)
    await staging.flush()
    sim.fault = operation => (operation === 'write' ? 'EDQUOT' : undefined)
    await staging.append(bytes)
    await assert.rejects(staging.flush(), { code: BlobStoreFull.code })
    assert.equal(staging.size, bytes.length)
    sim.fault = () => undefined
    await staging.append(bytes)
    const twice = Buffer.concat([bytes, bytes])
    assert.deepEqual(await get(blobs, await blobs.commit(staging, hashOf(twice))), twice)
  })

  it('still reads and removes within the reserve, and takes nothing new', async () => {
    const sim = new SimDisk({ capacity: 4 * MIB })
    const clock = simClock(1)
    const blobs = fileBlobs({ disk: sim.mount(), dir: '/data', node: 'n0', clock, reserveBytes: 2.5 * MIB })
    const key = await push(blobs, 'n0-u1', Buffer.alloc(MIB))
    assert.equal(await blobs.hasRoom(MIB / 4), true)
    assert.equal(await blobs.hasRoom(2 * MIB), false)
    const staging = await blobs.stage('n0-u2', META)
    await staging.append(Buffer.alloc(MIB))
    await assert.rejects(staging.flush(), { code: BlobStoreFull.code })

    sim.capacity = 2 * MIB
    await clock.advance(1000)
    await assert.rejects(blobs.stage('n0-u3', META), { code: BlobStoreFull.code })
    assert.equal((await get(blobs, key))?.length, MIB)
    await blobs.remove(key)
    await blobs.abandon('n0-u2')
    sim.capacity = 4 * MIB
    await clock.advance(1000)
    await push(blobs, 'n0-u4')
  })
})

describe('a failing disk', () => {
  it('drops an upload whose data could not be synced: no retry can be trusted', async () => {
    const sim = new SimDisk()
    const blobs = storeOn(sim.mount())
    sim.fault = operation => (operation === 'sync' ? 'EIO' : undefined)
    await assert.rejects(push(blobs, 'n0-u1'), { code: BlobUploadLost.code, status: 500 })
    sim.fault = () => undefined
    assert.equal(await blobs.resume('n0-u1'), undefined)
    assert.deepEqual([...sim.files().keys()], [])
  })

  it('does not resume such an upload either where it could not even be removed', async () => {
    const sim = new SimDisk()
    const blobs = storeOn(sim.mount())
    sim.fault = operation => (operation === 'sync' || operation === 'remove' ? 'EIO' : undefined)
    await assert.rejects(push(blobs, 'n0-u1'), { code: BlobUploadLost.code })
    sim.fault = () => undefined
    assert.equal(await blobs.resume('n0-u1'), undefined)
    assert.equal(await storeOn(sim.mount()).resume('n0-u1'), undefined)
    assert.deepEqual(
      (await leftovers(blobs)).map(left => [left.id, left.key]),
      [['n0-u1', undefined]],
    )
  })

  it('leaves a blob to the leftovers whose name could not be synced', async () => {
    const sim = new SimDisk()
    const blobs = storeOn(sim.mount())
    sim.fault = (operation, path) => (operation === 'syncDir' && /sha256\/..$/.test(path) ? 'EIO' : undefined)
    await assert.rejects(push(blobs, 'n0-u1'), { code: BlobUploadLost.code })
    sim.fault = () => undefined
    assert.deepEqual(
      (await leftovers(blobs)).map(left => left.key),
      [`${hashOf(bytes)}.n0-u1`],
    )
  })

  it('brings back no blob whose removal was cut off once and then done again', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const sim = new SimDisk({ random: createRandom(seed) })
      const key = await push(storeOn(sim.mount()), 'n0-u1')
      const first = new SimProcess('first')
      sim.fault = operation => {
        if (operation === 'syncDir') first.kill()
        return undefined
      }
      const dead = new Promise<void>(resolve => first.onDeath(resolve))
      await Promise.race([storeOn(sim.mount(first)).remove(key), dead])
      sim.fault = () => undefined
      await storeOn(sim.mount()).remove(key)
      sim.crash()
      assert.equal(await get(storeOn(sim.mount()), key), undefined)
    }
  })

  it('nor one whose record a power cut had torn, so that it had to be looked for', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const sim = new SimDisk({ random: createRandom(seed) })
      const key = await push(storeOn(sim.mount()), 'n0-u1')
      const record = await sim.mount().open('/data/home/uploads/n0-u1.json', 'write')
      await record.truncate(0)
      await record.sync()
      const first = new SimProcess('first')
      const blobs = storeOn(sim.mount(first))
      assert.deepEqual(
        (await leftovers(blobs)).map(left => left.key),
        [key],
      )
      sim.fault = operation => {
        if (operation === 'syncDir') first.kill()
        return undefined
      }
      const dead = new Promise<void>(resolve => first.onDeath(resolve))
      await Promise.race([blobs.remove(key), dead])
      sim.fault = () => undefined
      const second = storeOn(sim.mount())
      assert.deepEqual(
        (await leftovers(second)).map(left => left.key),
        [undefined],
      )
      await second.abandon('n0-u1')
      sim.crash()
      assert.equal(await get(storeOn(sim.mount()), key), undefined)
    }
  })

  it('ends a read where the file is shorter than it should be', async () => {
    const sim = new SimDisk()
    const disk = sim.mount()
    const blobs = storeOn(disk)
    const key = await push(blobs, 'n0-u1')
    const path = [...sim.files().keys()].find(name => name.includes('/blobs/')) ?? ''
    await (await disk.open(path, 'write')).truncate(100)
    const source = await blobs.open(key, { from: 0, to: bytes.length - 1 })
    assert.ok(source)
    await assert.rejects(readAll(source, MIB), { code: 'BLOB_DAMAGED' })
  })
})

describe('a slow disk', () => {
  it('does not make a commit under way look like one that was left over', async () => {
    const sim = new SimDisk()
    const disk = sim.mount()
    let release = () => {}
    const gate = new Promise<void>(resolve => {
      release = resolve
    })
    const blobs = storeOn({ ...disk, rename: (from, to) => gate.then(() => disk.rename(from, to)) })
    const pushing = push(blobs, 'n0-u1')
    for (let i = 0; i < 20; i++) await new Promise(resolve => setImmediate(resolve))
    assert.deepEqual(await leftovers(blobs), [])
    assert.equal((await leftovers(storeOn(disk))).length, 1, 'another process can only go by its age')
    release()
    await pushing
    assert.equal((await leftovers(blobs)).length, 1)
  })

  it('holds an upload back after two batches', async () => {
    const sim = new SimDisk()
    const disk = sim.mount()
    let release = () => {}
    const gate = new Promise<void>(resolve => {
      release = resolve
    })
    const slow: Disk = {
      ...disk,
      open: async (path, mode) => {
        const file = await disk.open(path, mode)
        if (path.endsWith('.json')) return file
        return { ...file, write: (chunks, at) => gate.then(() => file.write(chunks, at)) }
      },
    }
    const blobs = storeOn(slow)
    const staging = await blobs.stage('n0-u1', META)
    let taken = 0
    const chunk = Buffer.alloc(65536, 1)
    const pushing = (async () => {
      for (; taken < 8 * MIB; taken += chunk.length) await staging.append(chunk)
    })()
    for (let i = 0; i < 20; i++) await new Promise(resolve => setImmediate(resolve))
    assert.ok(taken >= MIB && taken <= 2 * MIB, `${taken}`)
    release()
    await pushing
    const key = await blobs.commit(staging, hashOf(Buffer.alloc(8 * MIB, 1)))
    assert.equal((await get(blobs, key))?.length, 8 * MIB)
  })
})
