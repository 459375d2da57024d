import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type Clock, systemClock } from '../clock.ts'
import { GroupCommit } from './group-commit.ts'
import { sql } from './sql.ts'
import { openSqlite } from './sqlite.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import { type Tx, write } from './types.ts'

class CountingConnection extends SqliteConnection {
  commits = 0
  override step(text: string): void {
    if (text === 'commit') this.commits++
    super.step(text)
  }
}

/** Stands still, so that a slow machine can't end a batch early: only the test about that moves it. */
const clock: Clock = { ...systemClock('test'), monotonic: () => 0 }
const put = write('put', async (tx, n: number) => {
  await tx.run(sql`insert into item (n) values (${n})`)
  return n
})

function setUp(t: TestContext, time: Clock = clock) {
  const dir = mkdtempSync(join(tmpdir(), 'towpath-commit-'))
  const path = join(dir, 'test.sqlite')
  const connection = new CountingConnection(path, 'write')
  connection.script('create table parent (n integer primary key) strict')
  connection.script(`create table item (n integer primary key, body blob,
    parent integer references parent (n) deferrable initially deferred) strict`)
  const commits = new GroupCommit(connection, time, start => setImmediate(start))
  t.after(async () => {
    await commits.close()
    connection.close()
    rmSync(dir, { recursive: true })
  })
  const count = () => connection.one<{ n: number }>(sql`select count(*) as n from item`)?.n
  return { commits, connection, count, path }
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i)

test('writes that wait together share one commit', async t => {
  const { commits, connection, count } = setUp(t)
  const outputs = await Promise.all(upTo(200).map(n => commits.submit(put, n)))
  assert.deepEqual(outputs, upTo(200))
  assert.equal(connection.commits, 1)
  assert.equal(count(), 200)
})

test('a batch ends after 256 writes, or after 5 ms', async t => {
  const many = setUp(t)
  await Promise.all(upTo(600).map(n => many.commits.submit(put, n)))
  assert.equal(many.connection.commits, 3)
  let time = 0
  const slow = setUp(t, { ...clock, monotonic: () => time++ })
  await Promise.all(upTo(50).map(n => slow.commits.submit(put, n)))
  assert.equal(slow.connection.commits, 10)
})

test('nobody is answered before the commit', async t => {
  const { commits, connection } = setUp(t)
  const seen = await Promise.all(upTo(5).map(n => commits.submit(put, n).then(() => connection.commits)))
  assert.deepEqual(seen, [1, 1, 1, 1, 1])
  const failing = write('fail', async () => {
    throw new Error('no')
  })
  const [, atFailure] = await Promise.all([
    commits.submit(put, 100),
    commits.submit(failing, null).catch(() => connection.commits),
  ])
  assert.equal(atFailure, 2)
})

test('a commit that fails fails every write of its batch, and none after it', async t => {
  const { commits, count } = setUp(t)
  const orphan = write('orphan', async tx => {
    await tx.run(sql`insert into item (n, parent) values (1000, 99)`)
  })
  const results = await Promise.allSettled([
    commits.submit(put, 1),
    commits.submit(orphan, null),
    commits.submit(put, 2),
  ])
  assert.deepEqual(
    results.map(result => result.status),
    ['rejected', 'rejected', 'rejected'],
  )
  assert.equal(count(), 0)
  assert.equal(await commits.submit(put, 3), 3)
  assert.equal(count(), 1)
})

test('a full file is a clear failure, reads go on, and writing resumes when there is room', async t => {
  const { commits, connection, count } = setUp(t)
  await commits.submit(put, 1)
  const fill = write('fill', async (tx, n: number) => {
    await tx.run(sql`insert into item (n, body) values (${n}, ${new Uint8Array(100_000)})`)
  })
  connection.script('pragma max_page_count = 20')
  const [failed, after] = await Promise.allSettled([commits.submit(fill, 2), commits.submit(put, 3)])
  assert(failed?.status === 'rejected' && after)
  assert.deepEqual([failed.reason.code, failed.reason.status], ['STORE_FULL', 507])
  assert.equal(count(), after.status === 'fulfilled' ? 2 : 1)
  connection.script('pragma max_page_count = 100000')
  await commits.submit(fill, 4)
  assert.equal(await commits.submit(put, 5), 5)
})

test('a write that waits for something else is rolled back and holds up nobody for long', async t => {
  const { commits, count } = setUp(t)
  let late: unknown
  const wander = write('wander', async tx => {
    await tx.run(sql`insert into item (n) values (50)`)
    await wait(20)
    late = await Promise.resolve()
      .then(() => tx.run(sql`insert into item (n) values (51)`))
      .catch((error: unknown) => error)
  })
  const never = write('never', () => new Promise<void>(() => {}))
  const [wandered, stuck, fine] = await Promise.allSettled([
    commits.submit(wander, null),
    commits.submit(never, null),
    commits.submit(put, 1),
  ])
  assert(wandered?.status === 'rejected' && stuck?.status === 'rejected')
  assert.equal(wandered.reason.code, 'STORE_WRITE_WANDERED')
  assert.equal(stuck.reason.code, 'STORE_WRITE_WANDERED')
  assert.equal(fine?.status, 'fulfilled')
  while (late === undefined) await wait(5)
  assert(late instanceof Error, 'its transaction is over')
  assert.equal(count(), 1)
})

test('past a bound of waiting writes callers hear "busy"', async t => {
  const { commits, count } = setUp(t)
  const results = await Promise.allSettled(upTo(4100).map(n => commits.submit(put, n)))
  const refused = results.filter(result => result.status === 'rejected')
  assert.equal(refused.length, 4)
  assert.deepEqual([refused[0]?.reason.code, refused[0]?.reason.status], ['STORE_BUSY', 503])
  assert.equal(count(), 4096)
})

test('in memory a read between the steps of a write sees nothing of it', async () => {
  let seen: unknown = 'nothing yet'
  const { promise: inside, resolve: enter } = Promise.withResolvers<void>()
  const slow = write('slow', async (tx: Tx) => {
    await tx.run(sql`insert into item (n) values (1)`)
    enter()
    for (let i = 0; i < 20; i++) await null
    throw new Error('rolled back')
  })
  const migrations = [{ id: 'i', statements: ['create table item (n {bigint} not null primary key) {strict}'] }]
  const store = await openSqlite({ path: ':memory:', migrations, writes: [slow], clock })
  const reading = inside.then(async () => {
    seen = await store.read.one(sql`select n from item`)
  })
  await assert.rejects(store.write(slow, null), /rolled back/)
  await reading
  assert.equal(seen, undefined)
  await store.close()
})

test('reads cannot write', async t => {
  const { path } = setUp(t)
  const reader = new SqliteConnection(path, 'read')
  assert.throws(() => reader.run(sql`insert into item (n) values (1)`), /readonly/)
  reader.close()
})
