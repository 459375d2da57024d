import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { leaseMigrations, leaseWrites, takeLease } from '../lease/lease.ts'
import { type TestEngine, testEngines } from '../store/engines.fixture.ts'
import { type Store, write } from '../store/types.ts'
import { storeInVirtualTime } from '../store/virtual-time.fixture.ts'
import {
  appendFeed,
  feedMigrations,
  feedWrites,
  firstCursor,
  followFeed,
  lastCursor,
  newIncarnation,
  openFeed,
  pruneFeed,
  readFeed,
  runSequencer,
  sequenceOnce,
} from './index.ts'

const region = 'home'
type Put = { names: string[]; fail?: boolean; region?: string }
const put = write('test.put', async (tx, { names, fail = false, region: at = region }: Put) => {
  for (const name of names) await appendFeed(tx, { region: at, kind: 'test.put', registryId: 'reg_1', body: { name } })
  if (fail) throw new Error('rolled back')
})

for (const engine of testEngines()) describe(`feed: ${engine.name}`, () => suite(engine))

async function open(engine: TestEngine) {
  const migrations = [...leaseMigrations, ...feedMigrations]
  const writes = [...leaseWrites, ...feedWrites, put]
  const { store, clock } = await storeInVirtualTime(engine, { migrations, writes })
  await store.write(openFeed, region)
  const lease = await store.write(takeLease, { name: `feed/${region}`, holder: 'test', ms: 3_600_000 })
  assert(lease)
  return { store, clock, lease, number: () => sequenceOnce(store, region, lease) }
}

const nameOf = (entry: { body: unknown }) => (entry.body as { name: string }).name

async function readNames(store: Store, limit: number): Promise<string[]> {
  const names: string[] = []
  for (let cursor = await firstCursor(store, region); ; ) {
    const page = await readFeed(store, cursor, limit)
    page.entries.forEach((entry, i) => {
      assert.equal(entry.sequence, cursor.sequence + i + 1, 'no gaps')
    })
    names.push(...page.entries.map(nameOf))
    cursor = page.cursor
    if (page.entries.length < limit) return names
  }
}

function suite(engine: TestEngine): void {
  test('an entry is read once it has a number, as it was appended', async () => {
    const { clock, number, store } = await open(engine)
    await store.write(put, { names: ['ä'] })
    assert.deepEqual(await readNames(store, 10), [])
    assert.equal(await number(), 1)
    const page = await readFeed(store, await firstCursor(store, region), 10)
    const [{ id, ...entry } = { id: '' }] = page.entries
    assert.match(id, /^[0-9a-f]{12}-/)
    assert.deepEqual(entry, {
      sequence: 1,
      kind: 'test.put',
      registryId: 'reg_1',
      body: { name: 'ä' },
      createdAt: clock.now(),
    })
    assert.deepEqual(page.cursor, await lastCursor(store, region))
    assert.equal(await number(), 0)
    await store.close()
  })

  test('however writes and numbering interleave, a follower sees each committed entry once, and only those', async () => {
    const { number, store } = await open(engine)
    const step = fc.oneof(
      fc.record({ put: fc.integer({ min: 1, max: 5 }), fail: fc.boolean() }),
      fc.record({ number: fc.constant(true) }),
      fc.record({ read: fc.integer({ min: 1, max: 7 }) }),
    )
    let round = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
        round++
        let cursor = await lastCursor(store, region)
        const [expected, seen, writes] = [new Set<string>(), [] as string[], [] as Promise<unknown>[]]
        const read = async (limit: number) => {
          const page = await readFeed(store, cursor, limit)
          seen.push(...page.entries.map(nameOf))
          cursor = page.cursor
          return page.entries.length
        }
        for (const [i, action] of steps.entries()) {
          if ('put' in action) {
            const names = Array.from({ length: action.put }, (_, n) => `${round}.${i}.${n}`)
            if (!action.fail) for (const name of names) expected.add(name)
            writes.push(store.write(put, { names, fail: action.fail }).catch(() => {}))
          } else if ('number' in action) await number()
          else await read(action.read)
        }
        await Promise.all(writes)
        while ((await number()) > 0);
        while ((await read(3)) > 0);
        assert.deepEqual(seen.toSorted(), [...expected].sort())
      }),
      { numRuns: engine.name.includes('memory') ? 60 : 6 },
    )
    await store.close()
  })

  test('entries of one writer keep their order, also within a write', async () => {
    const { number, store } = await open(engine)
    const names: string[] = []
    for (let i = 0; i < 20; i++) {
      const some = [`a${i}`, `b${i}`]
      names.push(...some)
      await store.write(put, { names: some })
      if (i % 3 === 0) await number()
    }
    await number()
    assert.deepEqual(await readNames(store, 7), names)
    await store.close()
  })

  test('regions in one database have numbers of their own', async () => {
    const { number, store } = await open(engine)
    await store.write(openFeed, 'west')
    await store.write(put, { names: ['w'], region: 'west' })
    await store.write(put, { names: ['h'] })
    await number()
    assert.deepEqual(await readNames(store, 10), ['h'])
    assert.deepEqual((await readFeed(store, await firstCursor(store, 'west'), 10)).entries, [])
    await assert.rejects(firstCursor(store, 'east'), { code: 'FEED_UNKNOWN', status: 404 })
    await store.close()
  })

  test('a sequencer that lost its lease numbers nothing', async () => {
    const { clock, lease, number, store } = await open(engine)
    clock.forward(lease.until - clock.now())
    const next = await store.write(takeLease, { name: lease.name, holder: 'other', ms: 1000 })
    assert(next)
    await store.write(put, { names: ['a'] })
    await assert.rejects(number(), { code: 'LEASE_LOST' })
    assert.deepEqual(await readNames(store, 10), [])
    assert.equal(await sequenceOnce(store, region, next), 1)
    await store.close()
  })

  test('a restored database refuses cursors from before', async () => {
    const { number, store } = await open(engine)
    await store.write(put, { names: ['a'] })
    await number()
    const old = await lastCursor(store, region)
    const incarnation = await store.write(newIncarnation, region)
    await assert.rejects(readFeed(store, old, 10), { code: 'FEED_CURSOR_FOREIGN', status: 410 })
    await store.write(put, { names: ['b'] })
    await number()
    const page = await readFeed(store, { ...old, incarnation }, 10)
    assert.deepEqual(page.entries.map(nameOf), ['b'])
    await store.close()
  })

  test('a cursor ahead of the feed is an alarm, not an empty page', async () => {
    const { store } = await open(engine)
    const ahead = { ...(await lastCursor(store, region)), sequence: 5 }
    await assert.rejects(readFeed(store, ahead, 10), { code: 'FEED_CURSOR_AHEAD', status: 409 })
    await store.close()
  })

  test('old entries go, and a cursor before them is refused', async () => {
    const { clock, number, store } = await open(engine)
    const start = await firstCursor(store, region)
    await store.write(put, { names: ['a', 'b'] })
    await number()
    clock.forward(60_000)
    await store.write(put, { names: ['c'] })
    assert.equal(await pruneFeed(store, { region, before: clock.now() }), 2)
    await number()
    await assert.rejects(readFeed(store, start, 10), { code: 'FEED_CURSOR_PRUNED', status: 410 })
    assert.deepEqual(await readNames(store, 10), ['c'])
    assert.equal(await pruneFeed(store, { region, before: clock.now() }), 0)
    await store.close()
  })

  test('several sequencers and a follower: everything arrives in order, also after the holder is gone', async () => {
    const { clock, lease, store } = await open(engine)
    clock.forward(lease.until - clock.now())
    const errors: unknown[] = []
    const run = (holder: string) => {
      const stop = new AbortController()
      const onError = (error: unknown) => errors.push(error)
      return { stop, ended: runSequencer({ store, clock, region, holder, signal: stop.signal, onError }) }
    }
    const [one, two] = [run('one'), run('two')]
    const done = new AbortController()
    const cursor = await firstCursor(store, region)
    const seen: string[] = []
    const following = (async () => {
      for await (const page of followFeed({ store, clock, cursor, signal: done.signal, limit: 4 })) {
        seen.push(...page.entries.map(nameOf))
        if (seen.length >= 40) done.abort()
      }
    })()
    const names: string[] = []
    for (let i = 0; i < 40; i++) {
      names.push(`n${i}`)
      await store.write(put, { names: [`n${i}`] })
      await clock.sleep(30)
      if (i === 20) one.stop.abort()
    }
    await following
    two.stop.abort()
    await Promise.all([one.ended, two.ended])
    assert.deepEqual(seen, names)
    assert.deepEqual(errors, [])
    await store.close()
  })

  test('an entry that carries content is refused', async () => {
    const { store } = await open(engine)
    await assert.rejects(store.write(put, { names: ['x'.repeat(300_000)] }), { code: 'FEED_ENTRY_TOO_LARGE' })
    await store.close()
  })
}
