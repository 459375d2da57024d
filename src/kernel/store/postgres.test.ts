import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { Failure } from '../failure.ts'
import { testEngines, testStore } from './engines.fixture.ts'
import { openPostgres } from './postgres.ts'
import { numberPlaceholders } from './postgres-connections.ts'
import { postgresFault } from './postgres-errors.ts'
import { sql } from './sql.ts'
import { type Migration, write } from './types.ts'

const clock = systemClock('test')

test('placeholders are numbered, question marks within quotes are not', () => {
  assert.equal(
    numberPlaceholders(`select '?', "a?" from t where a = ? and b in (?, ?)`),
    `select '?', "a?" from t where a = $1 and b in ($2, $3)`,
  )
})

const withCode = (code: string, message = 'told by the server') => Object.assign(new Error(message), { code })
for (const [error, kind, told] of [
  [withCode('40001'), 'conflict', '40001'],
  [withCode('40P01'), 'conflict', '40P01'],
  [withCode('57P01'), 'lost', 'STORE_UNAVAILABLE'],
  [withCode('08006'), 'lost', 'STORE_UNAVAILABLE'],
  [withCode('ECONNRESET'), 'lost', 'STORE_UNAVAILABLE'],
  [new Error('Connection terminated unexpectedly'), 'lost', 'STORE_UNAVAILABLE'],
  [withCode('53300'), 'lost', 'STORE_BUSY'],
  [withCode('53100'), 'other', 'STORE_FULL'],
  [withCode('57014'), 'other', 'STORE_TIMEOUT'],
  [withCode('23505'), 'other', '23505'],
] as const) {
  test(`Postgres says ${'code' in error ? error.code : error.message}: ${kind}, ${told}`, () => {
    const fault = postgresFault(error, 1000)
    assert.equal(fault.kind, kind)
    assert.equal((fault.error as { code: string }).code, told)
    if (fault.error instanceof Failure) assert.equal(fault.error.cause, error)
  })
}

test('a schema name that could be more than a name is refused', async () => {
  const options = { url: 'postgres://127.0.0.1:1/x', migrations: [], writes: [], clock }
  for (const schema of ['', 'A', 'a-b', 'a"; drop schema b', 'a'.repeat(64), '1a']) {
    await assert.rejects(openPostgres({ ...options, schema }), { code: 'STORE_SCHEMA_NAME' })
  }
})

test('a server that is not there is a clear failure', async () => {
  const options = { url: 'postgres://127.0.0.1:1/x', schema: 'x', migrations: [], writes: [], clock }
  await assert.rejects(openPostgres(options), { code: 'STORE_UNAVAILABLE', status: 503, message: /127\.0\.0\.1:1/ })
})

const migrations: Migration[] = [
  { id: 'p-1', statements: ['create table item (name {text} not null primary key, size {bigint} not null) {strict}'] },
]
const add = write('test.add', async (tx, name: string) => {
  const total = await tx.one<{ n: number }>(sql`select count(*) as n from item`)
  await tx.run(sql`insert into item (name, size) values (${name}, ${total?.n ?? 0})`)
})
const slowly = write('test.slowly', async (tx, name: string) => {
  const total = await tx.one<{ n: number }>(sql`select count(*) as n from item`)
  await tx.one(sql`select pg_sleep(0.1)`)
  await tx.run(sql`insert into item (name, size) values (${name}, ${total?.n ?? 0})`)
})
const hangUp = write('test.hangUp', async (tx, name: string) => {
  const held = await tx.one(sql`select name from item where name = ${'told'}`)
  attempts++
  if (attempts === 1) await tx.one(sql`select pg_terminate_backend(pg_backend_pid())`)
  await tx.run(sql`insert into item (name, size) values (${name}, ${held ? 1 : 0})`)
})
let attempts = 0

for (const engine of testEngines().filter(({ name }) => name === 'postgres')) {
  const open = () => testStore(engine, { migrations, writes: [add, slowly, hangUp] })

  test('postgres: decisions on what others write at the same time are as if one came after the other', async () => {
    const store = await open()
    await Promise.all(Array.from({ length: 20 }, (_, i) => store.write(add, `n${i}`)))
    const rows = await store.read.all<{ size: number }>(sql`select size from item order by size`)
    assert.deepEqual(
      rows.map(row => row.size),
      Array.from({ length: 20 }, (_, i) => i),
    )
    await store.close()
  })

  test('postgres: a long write among short ones that never stop gets its turn', async () => {
    const store = await open()
    let done = false
    const others = [1, 2].map(async n => {
      for (let i = 0; !done; i++) await store.write(add, `other-${n}-${i}`)
    })
    await store.write(slowly, 'long').finally(() => {
      done = true
    })
    await Promise.all(others)
    const row = await store.read.one<{ size: number }>(sql`select size from item where name = 'long'`)
    const before = await store.read.all(sql`select name from item where size < ${row?.size ?? 0}`)
    assert.equal(before.length, row?.size)
    await store.close()
  })

  test('postgres: a write whose connection breaks runs again', async () => {
    const store = await open()
    attempts = 0
    await store.write(hangUp, 'a')
    assert.equal(attempts, 2)
    assert.equal((await store.read.all(sql`select name from item`)).length, 1)
    await store.close()
  })

  test('postgres: reads cannot write', async () => {
    const store = await open()
    const insert = sql`insert into item (name, size) values ('a', 1) returning name`
    await assert.rejects(async () => store.read.one(insert), { code: '25006' })
    await assert.rejects(
      store.snapshot(async db => db.one(insert)),
      { code: '25006' },
    )
    await store.close()
  })
}
