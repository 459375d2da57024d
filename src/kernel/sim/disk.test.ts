import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Disk } from '../disk.ts'
import { SimDisk } from './disk.ts'
import { SimProcess } from './process.ts'
import { createRandom } from './random.ts'

const text = (value: string) => [Buffer.from(value)]

async function put(disk: Disk, path: string, value: string, sync = true): Promise<void> {
  const file = await disk.open(path, 'create')
  await file.write(text(value), 0)
  if (sync) await file.sync()
  await file.close()
}

async function get(disk: Disk, path: string): Promise<string> {
  const file = await disk.open(path, 'read')
  const into = Buffer.alloc(await file.size())
  await file.read(into, 0)
  await file.close()
  return into.toString()
}

/** How often, of 64 seeds, `holds` is true after a crash. */
async function outOf64(prepare: (disk: Disk) => Promise<void>, holds: (disk: SimDisk) => boolean): Promise<number> {
  let count = 0
  for (let seed = 0; seed < 64; seed++) {
    const sim = new SimDisk({ random: createRandom(seed) })
    await prepare(sim.mount())
    sim.crash()
    if (holds(sim)) count += 1
  }
  return count
}

describe('the simulated disk', () => {
  it('shows everybody what was written, and after a crash only what was synced', async () => {
    const sim = new SimDisk()
    const disk = sim.mount()
    await put(disk, '/a', 'old')
    await disk.syncDir('/')
    const file = await disk.open('/a', 'write')
    await file.write(text('new'), 0)
    await file.write(text('!'), 3)
    assert.equal(await get(disk, '/a'), 'new!')
    sim.crash()
    assert.equal(await get(sim.mount(), '/a'), 'old')
  })

  it('loses a name that was not synced in some runs, and not in others', async () => {
    const kept = await outOf64(
      disk => put(disk, '/a', 'synced'),
      sim => sim.files().has('/a'),
    )
    assert.ok(kept > 10 && kept < 54, `${kept}`)
  })

  it('decides on each change of names by itself: a later one may survive an earlier one', async () => {
    const prepare = async (disk: Disk) => {
      await put(disk, '/first', '1')
      await put(disk, '/second', '2')
    }
    const odd = await outOf64(prepare, sim => sim.files().has('/second') && !sim.files().has('/first'))
    assert.ok(odd > 4 && odd < 32, `${odd}`)
  })

  it('brings a removed file back where its folder was not synced', async () => {
    const prepare = async (disk: Disk) => {
      await put(disk, '/a', 'x')
      await disk.syncDir('/')
      await disk.remove('/a')
    }
    const back = await outOf64(prepare, sim => sim.files().has('/a'))
    assert.ok(back > 10 && back < 54, `${back}`)
    const synced = async (disk: Disk) => {
      await prepare(disk)
      await disk.syncDir('/')
    }
    assert.equal(await outOf64(synced, sim => sim.files().has('/a')), 0)
  })

  it('makes a rename durable by a sync of the folder it goes to, and not of the one it comes from', async () => {
    const rename = (synced: string) => async (disk: Disk) => {
      await disk.makeDir('/from')
      await disk.makeDir('/to')
      await disk.syncDir('/')
      await put(disk, '/from/a', 'x')
      await disk.rename('/from/a', '/to/a')
      await disk.syncDir(synced)
    }
    const there = (sim: SimDisk) => sim.files().has('/to/a') && !sim.files().has('/from/a')
    assert.equal(await outOf64(rename('/to'), there), 64)
    assert.ok((await outOf64(rename('/from'), there)) < 54)
  })

  it('loses a folder that was not synced, with all that is in it', async () => {
    const prepare = async (disk: Disk) => {
      await disk.makeDir('/deep/er')
      await put(disk, '/deep/er/a', 'x')
      await disk.syncDir('/deep/er')
      await disk.syncDir('/deep')
    }
    const kept = await outOf64(prepare, sim => sim.files().has('/deep/er/a'))
    assert.ok(kept > 10 && kept < 54, `${kept}`)
  })

  it('is full when it is full, takes what fits, and has room again after a removal', async () => {
    const sim = new SimDisk({ capacity: 3 * 4096 })
    const disk = sim.mount()
    await put(disk, '/a', 'x')
    const file = await disk.open('/b', 'create')
    await assert.rejects(file.write([Buffer.alloc(9000)], 0), { code: 'ENOSPC' })
    assert.equal(await file.size(), 8192)
    assert.equal(await disk.free('/'), 0)
    await assert.rejects(disk.open('/c', 'create'), { code: 'ENOSPC' })
    await disk.remove('/b')
    assert.equal(await disk.free('/'), 0, 'open files keep their room')
    await file.close()
    assert.equal(await disk.free('/'), 8192)
  })

  it('fails where it is told to, with the code of the system', async () => {
    const sim = new SimDisk()
    const disk = sim.mount()
    let count = 0
    sim.fault = operation => (operation === 'write' && ++count === 2 ? 'EIO' : undefined)
    const file = await disk.open('/a', 'create')
    await file.write(text('1'), 0)
    await assert.rejects(file.write(text('2'), 1), { code: 'EIO' })
    await file.write(text('3'), 1)
    assert.equal(await get(disk, '/a'), '13')
  })

  it('forgets data whose sync failed, though the next sync succeeds', async () => {
    const sim = new SimDisk()
    const disk = sim.mount()
    const file = await disk.open('/a', 'create')
    await disk.syncDir('/')
    await file.write(text('precious'), 0)
    sim.fault = operation => (operation === 'sync' ? 'EIO' : undefined)
    await assert.rejects(file.sync(), { code: 'EIO' })
    sim.fault = () => undefined
    await file.sync()
    sim.crash()
    assert.equal(await get(sim.mount(), '/a'), '')
  })

  it('does nothing more for a dead process', async () => {
    let go = () => {}
    const gate = new Promise<void>(resolve => {
      go = resolve
    })
    const sim = new SimDisk({ pause: () => gate })
    const process = new SimProcess('p')
    let settled = false
    const opened = sim.mount(process).open('/a', 'create')
    opened.finally(() => {
      settled = true
    })
    process.kill()
    go()
    await new Promise(resolve => setImmediate(resolve))
    assert.equal(settled, false)
    assert.equal(sim.files().size, 0)
  })

  it('tears what was not synced into pages, where it is told to', async () => {
    const outcomes = new Set<string>()
    for (let seed = 0; seed < 64; seed++) {
      const sim = new SimDisk({ random: createRandom(seed), torn: true })
      const disk = sim.mount()
      const file = await disk.open('/a', 'create')
      await disk.syncDir('/')
      await file.write([Buffer.alloc(8192, 'x')], 0)
      sim.crash()
      outcomes.add(
        (await get(sim.mount(), '/a')).replaceAll(/x+|\0+/g, run => `${run[0] === 'x' ? 'x' : '0'}${run.length} `),
      )
    }
    assert.ok(outcomes.has('') && outcomes.has('x8192 ') && outcomes.has('x4096 04096 '), [...outcomes].join('|'))
  })
})

// The same operations on a plain map: what a file system without crashes, and with a sync after all, must be.
type Step = { kind: 'write' | 'sync' | 'syncDir' | 'rename' | 'remove' | 'crash'; a: number; b: number }
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('write', 'write', 'sync', 'syncDir', 'rename', 'remove', 'crash'),
  a: fc.integer({ min: 0, max: 3 }),
  b: fc.integer({ min: 0, max: 3 }),
})

describe('the simulated disk, by any steps', () => {
  it('keeps a file whose data and name were synced and not touched since, whatever else happened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer(), async (steps, seed) => {
        const sim = new SimDisk({ random: createRandom(seed), torn: true })
        const disk = sim.mount()
        await put(disk, '/kept', 'kept')
        await disk.syncDir('/')
        const model = new Map<string, string>()
        for (const [i, { kind, a, b }] of steps.entries()) {
          const path = `/${a}`
          if (kind === 'write') {
            const file = await disk.open(path, model.has(path) ? 'write' : 'create')
            await file.truncate(0)
            await file.write(text(`${i}`), 0)
            await file.close()
            model.set(path, `${i}`)
          } else if (kind === 'rename' && model.has(path)) {
            await disk.rename(path, `/${b}`)
            const value = model.get(path) ?? ''
            model.delete(path)
            model.set(`/${b}`, value)
          } else if (kind === 'remove') {
            assert.equal(await disk.remove(path), model.delete(path))
          } else if (kind === 'sync' && model.has(path)) {
            const file = await disk.open(path, 'write')
            await file.sync()
            await file.close()
          } else if (kind === 'syncDir') {
            await disk.syncDir('/')
          } else if (kind === 'crash') {
            // With everything synced a crash is nothing at all.
            for (const held of model.keys()) {
              const file = await disk.open(held, 'write')
              await file.sync()
              await file.close()
            }
            await disk.syncDir('/')
            sim.crash()
          }
          assert.deepEqual(await disk.list('/'), ['kept', ...[...model.keys()].map(key => key.slice(1))].sort())
          for (const [held, value] of model) assert.equal(await get(disk, held), value)
        }
        sim.crash()
        assert.equal(await get(disk, '/kept'), 'kept')
      }),
      { numRuns: 150 },
    )
  })
})
