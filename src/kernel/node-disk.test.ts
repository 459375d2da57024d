import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import fc from 'fast-check'
import type { Disk } from './disk.ts'
import { nodeDisk } from './node-disk.ts'
import { SimDisk } from './sim/disk.ts'

const root = mkdtempSync(join(tmpdir(), 'towpath-disk-'))
after(() => rmSync(root, { recursive: true }))

// The simulated disk is a stand-in: where it answers differently from the real one, the simulation proves nothing.
const simulated = new SimDisk().mount()
await simulated.makeDir(root)
for (const [name, disk] of [
  ['the real disk', nodeDisk()],
  ['the simulated disk', simulated],
] as const) {
  describe(name, () => {
    it('creates once, and opens only what is there', async () => {
      await assert.rejects(disk.open(`${root}/once`, 'read'), { code: 'ENOENT' })
      await assert.rejects(disk.open(`${root}/once`, 'write'), { code: 'ENOENT' })
      await (await disk.open(`${root}/once`, 'create')).close()
      await assert.rejects(disk.open(`${root}/once`, 'create'), { code: 'EEXIST' })
      await assert.rejects(disk.open(`${root}/none/once`, 'create'), { code: 'ENOENT' })
      const file = await disk.open(`${root}/once`, 'read')
      await assert.rejects(file.write([Buffer.from('x')], 0), { code: 'EBADF' })
      await file.close()
    })

    it('gives a file a second name, and takes no name away for it', async () => {
      const file = await disk.open(`${root}/linked`, 'create')
      await file.write([Buffer.from('x')], 0)
      await file.close()
      await disk.link(`${root}/linked`, `${root}/link`)
      await assert.rejects(disk.link(`${root}/linked`, `${root}/link`), { code: 'EEXIST' })
      await assert.rejects(disk.link(`${root}/no-such`, `${root}/other`), { code: 'ENOENT' })
      await disk.remove(`${root}/linked`)
      assert.equal((await disk.stat(`${root}/link`))?.size, 1)
    })

    it('writes several chunks as one, empty ones too, anywhere', async () => {
      const file = await disk.open(`${root}/chunks`, 'create')
      await file.write([Buffer.from('ab'), Buffer.alloc(0), Buffer.from('cd')], 2)
      await file.write([], 0)
      await file.write([Buffer.from('!')], 6)
      await file.sync()
      assert.equal(await file.size(), 7)
      const into = Buffer.alloc(10)
      assert.equal(await file.read(into, 0), 7)
      assert.equal(into.toString('latin1', 0, 7), '\0\0abcd!')
      assert.equal(await file.read(into, 7), 0)
      await file.truncate(3)
      await file.truncate(4)
      assert.equal(await file.read(into, 0), 4)
      assert.equal(into.toString('latin1', 0, 4), '\0\0a\0')
      await file.close()
    })

    it('writes more chunks than the system takes at once', async () => {
      const file = await disk.open(`${root}/many`, 'create')
      const chunks = Array.from({ length: 3000 }, (_, i) => Buffer.from(`${i},`))
      await file.write(chunks, 0)
      const into = Buffer.alloc(await file.size())
      await file.read(into, 0)
      assert.deepEqual(into, Buffer.concat(chunks))
      await file.close()
    })

    it('renames over another file, removes, lists and describes', async () => {
      const dir = `${root}/names/deep`
      await disk.makeDir(dir)
      await disk.makeDir(dir)
      for (const path of ['b', 'a', 'c']) {
        const file = await disk.open(`${dir}/${path}`, 'create')
        await file.write([Buffer.from(path.repeat(3))], 0)
        await file.close()
      }
      await disk.rename(`${dir}/c`, `${dir}/a`)
      await disk.syncDir(dir)
      assert.deepEqual(await disk.list(dir), ['a', 'b'])
      assert.deepEqual(await disk.list(`${root}/names`), ['deep'])
      assert.deepEqual(await disk.list(`${root}/nowhere`), [])
      assert.equal((await disk.stat(`${dir}/a`))?.size, 3)
      assert.equal(await disk.stat(`${dir}/c`), undefined)
      assert.equal(await disk.remove(`${dir}/a`), true)
      assert.equal(await disk.remove(`${dir}/a`), false)
      await assert.rejects(disk.rename(`${dir}/c`, `${dir}/d`), { code: 'ENOENT' })
      await assert.rejects(disk.syncDir(`${root}/nowhere`), { code: 'ENOENT' })
      assert.ok((await disk.free(root)) > 0)
    })

    it('reads a file on after it was removed', async () => {
      const file = await disk.open(`${root}/gone`, 'create')
      await file.write([Buffer.from('still here')], 0)
      await disk.remove(`${root}/gone`)
      const into = Buffer.alloc(10)
      await file.read(into, 0)
      assert.equal(into.toString(), 'still here')
      await file.close()
    })
  })
}

describe('the real disk and the simulated one', () => {
  it('hold the same bytes after the same writes', async () => {
    const pieces = fc.array(
      fc.oneof(
        fc.record({ at: fc.nat(40), chunks: fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 4 }) }),
        fc.record({ size: fc.nat(50) }),
      ),
      { maxLength: 12 },
    )
    let serial = 0
    await fc.assert(
      fc.asyncProperty(pieces, async steps => {
        const path = `${root}/same${serial++}`
        const run = async (disk: Disk) => {
          const file = await disk.open(path, 'create')
          for (const step of steps) {
            if ('size' in step) await file.truncate(step.size)
            else await file.write(step.chunks, step.at)
          }
          const all = Buffer.alloc(await file.size())
          await file.read(all, 0)
          await file.close()
          return all
        }
        assert.deepEqual(await run(simulated), await run(nodeDisk()))
      }),
      { numRuns: 200 },
    )
  })
})

describe('the real disk', () => {
  it('lets nobody else read', async () => {
    await nodeDisk().makeDir(`${root}/private`)
    await (await nodeDisk().open(`${root}/private/file`, 'create')).close()
    assert.equal(statSync(`${root}/private`).mode & 0o777, 0o700)
    assert.equal(statSync(`${root}/private/file`).mode & 0o777, 0o600)
  })
})
