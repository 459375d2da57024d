import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Failure, failure } from '../failure.ts'
import { type TestEngine, testEngines, testStore } from './engines.fixture.ts'
import { list, sql } from './sql.ts'
import { type Migration, type Store, write } from './types.ts'

const Refused = failure('TEST_REFUSED', 409, (name: string) => ({ says: `${name} is refused`, next: 'Send another' }))

const migrations: Migration[] = [
  {
    id: 'test-1',
    statements: [
      'create table item (name {text} not null primary key, size {bigint} not null, body {bytes}) {strict}',
      'create index item_size on item (size)',
    ],
  },
]

type Item = { name: string; size: number; body?: Uint8Array | null }

const putItem = write('test.put', async (tx, { name, size, body = null }: Item) => {
  const held = await tx.one<{ size: number }>(sql`select size from item where name = ${name}`)
  await tx.run(sql`insert into item (name, size, body) values (${name}, ${size}, ${body})
    on conflict (name) do update set size = excluded.size, body = excluded.body`)
  return { before: held?.size ?? null }
})
const putThenFail = write('test.putThenFail', async (tx, { name, size }: Item) => {
  await tx.run(sql`insert into item (name, size) values (${name}, ${size})`)
  throw Refused(name)
})
const addOne = write('test.addOne', async (tx, name: string) => {
  const held = await tx.one<{ size: number }>(sql`select size from item where name = ${name}`)
  const size = (held?.size ?? 0) + 1
  await tx.run(sql`insert into item (name, size) values (${name}, ${size})
    on conflict (name) do update set size = excluded.size`)
  return size
})
const change = write('test.change', (tx, size: number) =>
  Promise.resolve(tx.run(sql`update item set size = 0 where size >= ${size}`)),
)
const writes = [putItem, putThenFail, addOne, change]

for (const engine of testEngines()) describe(`store: ${engine.name}`, () => suite(engine))

function suite(engine: TestEngine): void {
  const check = (name: string, run: (store: Store) => Promise<void>) =>
    test(name, async () => {
      const store = await testStore(engine, { migrations, writes })
      try {
        await run(store)
      } finally {
        await store.close()
      }
    })

  check('values come back as they went in', async store => {
    const body = Uint8Array.from([0, 1, 255, 0])
    const name = 'zürich/ß 😀 "\'?'
    assert.deepEqual(await store.write(putItem, { name, size: Number.MAX_SAFE_INTEGER, body }), { before: null })
    const row = await store.read.one<Item>(sql`select name, size, body from item where name = ${name}`)
    assert.deepEqual({ ...row }, { name, size: Number.MAX_SAFE_INTEGER, body })
    assert.equal(Object.getPrototypeOf(row?.body), Uint8Array.prototype)
    await store.write(putItem, { name, size: -5, body: new Uint8Array(0) })
    const again = await store.read.all<Item>(sql`select size, body from item`)
    assert.deepEqual(
      again.map(entry => ({ ...entry })),
      [{ size: -5, body: new Uint8Array(0) }],
    )
    assert.equal(await store.read.one(sql`select name from item where name = ${'none'}`), undefined)
  })

  check('counts, sums and comparisons are numbers', async store => {
    await store.write(putItem, { name: 'a', size: 4_000_000_000 })
    await store.write(putItem, { name: 'b', size: 4_000_000_000 })
    const row = await store.read.one(sql`select count(*) as n, sum(size) as total, max(size) > 1 as big from item`)
    assert.deepEqual({ ...row }, { n: 2, total: 8_000_000_000, big: 1 })
  })

  check('text sorts by its bytes', async store => {
    const names = ['a', 'B', 'b', 'ä', 'a-b', 'a/b', 'a.b', 'aa', '~', '😀', '\uffee']
    for (const name of names) await store.write(putItem, { name, size: 1 })
    const rows = await store.read.all<Item>(sql`select name from item order by name`)
    const byBytes = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    assert.deepEqual(
      rows.map(row => row.name),
      byBytes,
    )
  })

  check('an IN list finds what it names', async store => {
    for (const name of ['a', 'b', 'c']) await store.write(putItem, { name, size: 1 })
    const find = async (names: string[]) => {
      const rows = await store.read.all<Item>(sql`select name from item where name in (${list(names)}) order by name`)
      return rows.map(row => row.name)
    }
    assert.deepEqual(await find(['c', 'a', 'x']), ['a', 'c'])
    assert.deepEqual(await find([]), [])
  })

  check('run tells how many rows changed', async store => {
    for (const size of [1, 2, 3]) await store.write(putItem, { name: `n${size}`, size })
    assert.equal(await store.write(change, 2), 2)
    assert.equal(await store.write(change, 2), 0)
  })

  check('what one engine cannot keep is refused by all', async store => {
    const put = (item: Item) => store.write(putItem, item)
    await assert.rejects(put({ name: 'a\0b', size: 1 }), { code: 'STORE_TEXT_REFUSED', status: 400 })
    await assert.rejects(put({ name: '\ud800', size: 1 }), { code: 'STORE_TEXT_REFUSED' })
    await assert.rejects(put({ name: 'a', size: 1.5 }), { code: 'STORE_NUMBER_REFUSED' })
    await assert.rejects(put({ name: 'a', size: Number.NaN }), { code: 'STORE_NUMBER_REFUSED' })
    await assert.rejects(async () => store.read.one(sql`select 1 from item where name = ${'\0'}`), {
      code: 'STORE_TEXT_REFUSED',
    })
    assert.deepEqual(await store.read.all(sql`select name from item`), [])
  })

  check('a write that fails is rolled back alone, and its failure arrives whole', async store => {
    const results = await Promise.allSettled([
      store.write(putItem, { name: 'a', size: 1 }),
      store.write(putThenFail, { name: 'b', size: 2 }),
      store.write(putItem, { name: 'c', size: 3 }),
    ])
    assert.deepEqual(
      results.map(result => result.status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    const [, failed] = results
    assert(failed?.status === 'rejected' && failed.reason instanceof Failure && failed.reason.is(Refused))
    const rows = await store.read.all<Item>(sql`select name from item order by name`)
    assert.deepEqual(
      rows.map(row => row.name),
      ['a', 'c'],
    )
  })

  check('any mix of good and failing writes leaves exactly the good ones', async store => {
    const runs = { numRuns: engine.name.includes('memory') ? 50 : 5 }
    let round = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), async good => {
        const from = ++round
        await Promise.allSettled(
          good.map((fine, i) => store.write(fine ? putItem : putThenFail, { name: `${from}-${i}`, size: from })),
        )
        const rows = await store.read.all<Item>(sql`select name from item where size = ${from}`)
        const expected = good.flatMap((fine, i) => (fine ? [`${from}-${i}`] : []))
        assert.deepEqual(rows.map(row => row.name).sort(), expected.sort())
      }),
      runs,
    )
  })

  check('writes that read and add never lose one another', async store => {
    await Promise.all(Array.from({ length: 30 }, () => store.write(addOne, 'counter')))
    const row = await store.read.one<Item>(sql`select size from item where name = 'counter'`)
    assert.equal(row?.size, 30)
  })

  check('an acknowledged write is seen by the next read', async store => {
    for (let size = 1; size <= 20; size++) {
      await store.write(putItem, { name: 'a', size })
      assert.equal((await store.read.one<Item>(sql`select size from item where name = 'a'`))?.size, size)
    }
  })

  check('a snapshot sees one moment', async store => {
    await store.write(putItem, { name: 'a', size: 1 })
    const count = sql`select count(*) as n from item`
    let wrote: Promise<unknown> = Promise.resolve()
    const seen = await store.snapshot(async db => {
      const before = await db.one<{ n: number }>(count)
      wrote = store.write(putItem, { name: 'b', size: 2 })
      // In memory the write waits for the snapshot; elsewhere it is done before the second read.
      if (engine.shared) await wrote
      return [before?.n, (await db.one<{ n: number }>(count))?.n]
    })
    await wrote
    assert.deepEqual(seen, [1, 1])
    assert.equal((await store.read.one<{ n: number }>(count))?.n, 2)
  })

  check('a failing snapshot gives its failure and breaks nothing', async store => {
    await assert.rejects(
      store.snapshot(async () => Promise.reject(Refused('it'))),
      { code: 'TEST_REFUSED' },
    )
    for (let i = 0; i < 40; i++) await store.snapshot(async db => db.one(sql`select 1 as one`))
    await Promise.all(Array.from({ length: 40 }, () => store.snapshot(async db => db.one(sql`select 1 as one`))))
  })

  check('a write that is not in the list is refused', async store => {
    const stranger = write('test.stranger', async () => 1)
    await assert.rejects(store.write(stranger, null), { code: 'STORE_WRITE_UNKNOWN' })
  })

  test('two writes of one name stop the start', async () => {
    const twin = write(putItem.name, async () => 1)
    await assert.rejects(testStore(engine, { migrations, writes: [putItem, twin] }), { code: 'STORE_WRITE_TWICE' })
  })

  test('a closed store takes no writes', async () => {
    const store = await testStore(engine, { migrations, writes })
    const last = store.write(putItem, { name: 'a', size: 1 })
    await store.close()
    await last
    await assert.rejects(store.write(putItem, { name: 'b', size: 1 }), { code: 'STORE_CLOSED' })
  })
}
