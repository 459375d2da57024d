import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type TestEngine, testEngines, testStore } from './engines.fixture.ts'
import { eachRow, insertRow, listTables, type Table } from './tables.ts'
import { type Migration, type Row, type Store, write } from './types.ts'

const migrations: Migration[] = [
  {
    id: 't-1',
    statements: [
      `create table "order" (region {text} not null, n {bigint} not null, note {text}, primary key (region, n)) {strict}`,
      // The key is not in the order of the columns.
      'create table piece (body {bytes} not null, part {bigint} not null, name {text} not null, primary key (name, part)) {strict}',
      'create index piece_part on piece (part)',
    ],
  },
]

const put = write('test.put', async (tx, { table, rows }: { table: Table; rows: Row[] }) => {
  for (const row of rows) await insertRow(tx, table, row)
})

for (const engine of testEngines()) describe(`tables: ${engine.name}`, () => suite(engine))

async function readAll(store: Store): Promise<Record<string, Row[]>> {
  return store.snapshot(async db => {
    const all: Record<string, Row[]> = {}
    for (const table of await listTables(db, store.engine)) {
      all[table.name] = (await Array.fromAsync(eachRow(db, table))).map(row => ({ ...row }))
    }
    return all
  })
}

function suite(engine: TestEngine): void {
  const open = () => testStore(engine, { migrations, writes: [put] })

  test('tables are listed with their columns and keys', async () => {
    const store = await open()
    assert.deepEqual(await listTables(store.read, store.engine), [
      { name: 'order', columns: ['region', 'n', 'note'], key: ['region', 'n'], hasBytes: false },
      { name: 'piece', columns: ['body', 'part', 'name'], key: ['name', 'part'], hasBytes: true },
    ])
    await store.close()
  })

  test('every row comes once, in order, over several pages, and fills an empty store to the same', async () => {
    const [from, to] = [await open(), await open()]
    const [order, piece] = await listTables(from.read, from.engine)
    assert(order && piece)
    const orders = Array.from({ length: 1203 }, (_, i) => ({ region: `r${i % 7}`, n: i, note: i % 2 ? null : `ß${i}` }))
    const pieces = Array.from({ length: 25 }, (_, i) => ({ body: Uint8Array.of(i, 0), part: i % 3, name: `p${i}` }))
    await from.write(put, { table: order, rows: orders })
    await from.write(put, { table: piece, rows: pieces })
    const all = await readAll(from)
    const sorted = orders.toSorted((a, b) => a.region.localeCompare(b.region) || a.n - b.n)
    assert.deepEqual(all.order, sorted)
    assert.equal(all.piece?.length, 25)
    for (const table of [order, piece]) {
      await to.write(put, { table, rows: all[table.name] ?? [] })
      // Twice: what is there stays.
      await to.write(put, { table, rows: all[table.name] ?? [] })
    }
    assert.deepEqual(await readAll(to), all)
    await Promise.all([from.close(), to.close()])
  })

  test('a table without a primary key is named', async () => {
    const loose = [{ id: 'l-1', statements: ['create table loose (a {bigint} not null) {strict}'] }]
    const store = await testStore(engine, { migrations: loose, writes: [] })
    await assert.rejects(listTables(store.read, store.engine), { code: 'STORE_NO_PRIMARY_KEY', message: /"loose"/ })
    await store.close()
  })
}
