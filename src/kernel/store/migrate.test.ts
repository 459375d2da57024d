import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Failure } from '../failure.ts'
import { type TestEngine, testEngines, testStore } from './engines.fixture.ts'
import { pendingMigrations, translate } from './migrate.ts'
import { sql } from './sql.ts'
import type { Migration } from './types.ts'

const one: Migration = { id: 'a-1', statements: ['create table a (id {text} not null primary key) {strict}'] }
const two: Migration = { id: 'a-2', statements: ['alter table a add column size {bigint} not null default 7'] }
const other: Migration = { id: 'b-1', statements: ['create table b (id {text} not null primary key) {strict}'] }
const broken: Migration = {
  id: 'c-1',
  statements: ['create table c (id {text} not null primary key) {strict}', 'nonsense'],
}

test('tokens become the words of the engine', () => {
  const statement = 'create table t (a {text} not null, b {bigint}, c {bytes}) {strict}'
  assert.equal(translate(statement, 'sqlite'), 'create table t (a text not null, b integer, c blob) strict')
  assert.equal(translate(statement, 'postgres'), 'create table t (a text collate "C" not null, b bigint, c bytea) ')
})

test('what is applied is left out, in whatever order rooms were added', () => {
  assert.deepEqual(pendingMigrations(['a-1'], [one, two, other]), [two, other])
  assert.deepEqual(pendingMigrations(['b-1', 'a-1'], [one, two, other]), [two])
})

test('an id that is twice in the list is refused', () => {
  assert.throws(() => pendingMigrations([], [one, two, one]), { code: 'STORE_MIGRATION_TWICE' })
})

for (const engine of testEngines()) describe(`migrate: ${engine.name}`, () => suite(engine))

function suite(engine: TestEngine): void {
  test('a step that fails leaves nothing of its run', async () => {
    const place = engine.place()
    await assert.rejects(engine.open(place.at, { migrations: [one, broken], writes: [] }))
    const store = await engine.open(place.at, { migrations: [one], writes: [] })
    assert.equal(await store.read.one(sql`select id from a`), undefined)
    await assert.rejects(async () => store.read.one(sql`select id from c`))
    await store.close()
    await place.remove()
  })

  if (!engine.shared) return

  test('a store keeps its rows through later steps', async () => {
    const place = engine.place()
    const first = await engine.open(place.at, { migrations: [one], writes: [] })
    await first.close()
    const second = await engine.open(place.at, { migrations: [one, two, other], writes: [] })
    const ids = await second.read.all<{ id: string }>(sql`select id from schema_migration order by id`)
    assert.deepEqual(
      ids.map(row => row.id),
      ['a-1', 'a-2', 'b-1'],
    )
    await second.close()
    await place.remove()
  })

  test('an older version refuses a newer schema and names what it does not know', async () => {
    const place = engine.place()
    const newer = await engine.open(place.at, { migrations: [one, two, other], writes: [] })
    await newer.close()
    await assert.rejects(engine.open(place.at, { migrations: [one], writes: [] }), error => {
      assert(error instanceof Failure)
      assert.equal(error.code, 'STORE_SCHEMA_NEWER')
      assert.match(error.message, /a-2, b-1/)
      assert.match(error.next, /newer version/)
      return true
    })
    await place.remove()
  })

  test('several that start at once migrate once', async () => {
    const place = engine.place()
    const options = { migrations: [one, two, other], writes: [] }
    const stores = await Promise.all(Array.from({ length: 4 }, () => engine.open(place.at, options)))
    await Promise.all(stores.map(store => store.close()))
    const store = await testStore({ ...engine, place: () => place }, options)
    assert.equal((await store.read.all(sql`select id from schema_migration`)).length, 3)
    await store.close()
  })
}
