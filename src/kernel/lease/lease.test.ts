import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type TestEngine, testEngines } from '../store/engines.fixture.ts'
import { write } from '../store/types.ts'
import { storeInVirtualTime } from '../store/virtual-time.fixture.ts'
import { checkLease, dropLease, leaseMigrations, leaseWrites, takeLease } from './lease.ts'

const act = write('test.act', (tx, lease: { name: string; fence: number }) => checkLease(tx, lease))

for (const engine of testEngines()) describe(`lease: ${engine.name}`, () => suite(engine))

function suite(engine: TestEngine): void {
  const open = async () => {
    const { clock, store } = await storeInVirtualTime(engine, {
      migrations: leaseMigrations,
      writes: [...leaseWrites, act],
    })
    const take = (holder: string) => store.write(takeLease, { name: 'work', holder, ms: 1000 })
    return { clock, store, take }
  }

  test('one holds it; the next gets it after its end, under a higher number', async () => {
    const { clock, store, take } = await open()
    const first = await take('a')
    assert.equal(await take('b'), undefined)
    clock.forward(999)
    assert.equal(await take('b'), undefined)
    clock.forward(1)
    const second = await take('b')
    assert(first && second && second.fence > first.fence)
    await assert.rejects(store.write(act, first), { code: 'LEASE_LOST' })
    await store.write(act, second)
    await store.close()
  })

  test('its holder makes it longer under the same number', async () => {
    const { clock, store, take } = await open()
    const first = await take('a')
    clock.forward(900)
    const longer = await take('a')
    assert.equal(longer?.fence, first?.fence)
    clock.forward(900)
    assert.equal(await take('b'), undefined)
    await store.close()
  })

  test('a lease that ran out and is taken again by the same holder has a new number', async () => {
    const { clock, store, take } = await open()
    const first = await take('a')
    clock.forward(2000)
    const second = await take('a')
    assert(first && second && second.fence > first.fence)
    await store.close()
  })

  test('given back, it is free at once; a late return of a lost one frees nothing', async () => {
    const { clock, store, take } = await open()
    const first = await take('a')
    assert(first)
    await store.write(dropLease, first)
    const second = await take('b')
    assert(second)
    await store.write(dropLease, first)
    assert.equal(await take('a'), undefined)
    clock.forward(1)
    await store.close()
  })

  test('a clock put back far does not leave the lease with a dead holder', async () => {
    const { clock, store, take } = await open()
    await take('a')
    clock.forward(-3_600_000)
    assert((await take('b'))?.holder === 'b')
    await store.close()
  })

  test('of many who ask at once, one gets it', async () => {
    const { store, take } = await open()
    const taken = await Promise.all(Array.from({ length: 8 }, (_, i) => take(`n${i}`)))
    assert.equal(taken.filter(lease => lease !== undefined).length, 1)
    await store.close()
  })
}
