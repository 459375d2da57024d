import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../clock.ts'
import { Failure } from '../failure.ts'
import { MAX_FRAME } from './frames.ts'
import { serveWriter } from './serve-writer.ts'
import { sql } from './sql.ts'
import { openSqliteReader } from './sqlite-reader.ts'
import { write } from './types.ts'
import { crash, large, migrations, put, Refused, refuse, writes } from './writer.fixture.ts'

const clock = systemClock('reader')
const program = join(import.meta.dirname, 'writer.fixture.ts')

function place(t: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), 'towpath-writer-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return { path: join(dir, 'region.sqlite'), socket: join(dir, 'w.sock') }
}

type Place = ReturnType<typeof place>

async function startWriter(t: TestContext, { path, socket }: Place): Promise<ChildProcess> {
  const child = fork(program, [path, socket])
  t.after(() => child.kill('SIGKILL'))
  await once(child, 'message')
  return child
}

async function openReader(t: TestContext, { path, socket }: Place, deadlineMs = 20_000) {
  const store = await openSqliteReader({ path, writerSocket: socket, clock, migrations, deadlineMs })
  t.after(() => store.close())
  return store
}

async function inProcess(t: TestContext, at: Place) {
  const stop = new AbortController()
  const writer = await serveWriter({ ...at, migrations, writes, clock, signal: stop.signal })
  const end = () => {
    stop.abort()
    return writer.stopped
  }
  t.after(end)
  return { ...writer, end }
}

const body = Uint8Array.from([1, 2, 3])

test('a write acknowledged to one process is seen by the next read of every other', async t => {
  const at = place(t)
  await startWriter(t, at)
  const [one, two] = [await openReader(t, at), await openReader(t, at)]
  for (let i = 0; i < 200; i++) {
    assert.deepEqual(await one.write(put, { name: `n${i}`, body }), { name: `n${i}`, length: 3 })
    const row = await two.read.one<{ body: Uint8Array }>(sql`select body from item where name = ${`n${i}`}`)
    assert.deepEqual(row?.body, body)
  }
  const counted = await two.snapshot(async db => db.one<{ n: number }>(sql`select count(*) as n from item`))
  assert.equal(counted?.n, 200)
})

test('failures cross the socket whole, and the failed write leaves nothing', async t => {
  const at = place(t)
  await inProcess(t, at)
  const store = await openReader(t, at)
  await assert.rejects(store.write(refuse, 'it'), error => {
    assert(error instanceof Failure && error.is(Refused))
    const { code, status, message, next, detail } = Refused('it')
    assert.deepEqual({ ...error, message: error.message }, { code, status, message, next, detail, name: 'Failure' })
    return true
  })
  await assert.rejects(store.write(crash, 'me'), { code: 'STORE_WRITE_CRASHED', message: /broken by me/ })
  const stranger = write('test.stranger', async () => 1)
  await assert.rejects(store.write(stranger, null), { code: 'STORE_WRITE_UNKNOWN' })
  assert.equal(await store.read.one(sql`select name from item`), undefined)
})

test('writes in flight when the writer is killed are sent again to the next one', async t => {
  const at = place(t)
  const first = await startWriter(t, at)
  const store = await openReader(t, at)
  const names = Array.from({ length: 300 }, (_, i) => `n${i}`)
  const answers = Promise.all(names.map(name => store.write(put, { name, body: new Uint8Array(20_000) })))
  await Promise.race([store.write(put, { name: 'first', body }), answers])
  first.kill('SIGKILL')
  await once(first, 'exit')
  const late = store.write(put, { name: 'late', body })
  await startWriter(t, at)
  await Promise.all([answers, late])
  const row = await store.read.one<{ n: number }>(sql`select count(*) as n from item`)
  assert.equal(row?.n, 302)
})

test('writes received before the stop are answered, later ones wait for the next writer', async t => {
  const at = place(t)
  const first = await startWriter(t, at)
  const store = await openReader(t, at)
  const early = Array.from({ length: 50 }, (_, i) => store.write(put, { name: `early${i}`, body }))
  first.kill('SIGTERM')
  const [code] = await once(first, 'exit')
  assert.equal(code, 0)
  const late = store.write(put, { name: 'late', body })
  await startWriter(t, at)
  await Promise.all([...early, late])
  assert.equal((await store.read.one<{ n: number }>(sql`select count(*) as n from item`))?.n, 51)
})

test('without a writer, reads go on and a write fails by its deadline', async t => {
  const at = place(t)
  const writer = await inProcess(t, at)
  let ahead = 0
  const jumping = { ...clock, monotonic: () => clock.monotonic() + ahead }
  const store = await openSqliteReader({ path: at.path, writerSocket: at.socket, clock: jumping })
  t.after(() => store.close())
  await store.write(put, { name: 'a', body })
  await writer.end()
  setImmediate(() => {
    ahead = 30_001
  })
  await assert.rejects(store.write(put, { name: 'b', body }), { code: 'STORE_UNAVAILABLE', status: 503 })
  assert.equal((await store.read.one<{ name: string }>(sql`select name from item`))?.name, 'a')
})

test('a reader waits for its writer to migrate, until its deadline', async t => {
  const at = place(t)
  await assert.rejects(openReader(t, at, 30), { code: 'STORE_UNAVAILABLE' })
  const opening = openReader(t, at)
  await inProcess(t, at)
  assert.equal((await (await opening).read.one<{ n: number }>(sql`select count(*) as n from item`))?.n, 0)
})

test('a reader refuses a writer with a newer schema at once', async t => {
  const at = place(t)
  await inProcess(t, at)
  const options = { path: at.path, writerSocket: at.socket, clock }
  await assert.rejects(openSqliteReader({ ...options, migrations: [] }), { code: 'STORE_SCHEMA_NEWER' })
  const newer = [...migrations, { id: 'w-2', statements: [] }]
  await assert.rejects(openSqliteReader({ ...options, migrations: newer, deadlineMs: 50 }), {
    code: 'STORE_UNAVAILABLE',
  })
})

test('a second writer of the same file is refused; a socket left by a killed one is not in the way', async t => {
  const at = place(t)
  const writer = await inProcess(t, at)
  const signal = new AbortController().signal
  await assert.rejects(serveWriter({ ...at, migrations, writes, clock, signal }), { code: 'STORE_WRITER_RUNNING' })
  await writer.end()
  writeFileSync(at.socket, '')
  await inProcess(t, at)
})

test('what is too large for a frame is refused on its way in and out', async t => {
  const at = place(t)
  await inProcess(t, at)
  const store = await openReader(t, at)
  const over = new Uint8Array(MAX_FRAME + 1)
  await assert.rejects(store.write(put, { name: 'a', body: over }), { code: 'STORE_FRAME_TOO_LARGE', status: 413 })
  await assert.rejects(store.write(large, MAX_FRAME + 1), { code: 'STORE_FRAME_TOO_LARGE' })
  const most = new Uint8Array(MAX_FRAME - 1000).fill(7)
  assert.equal((await store.write(put, { name: 'b', body: most })).length, most.length)
})

test('a writer that speaks another language is hung up on', async t => {
  const at = place(t)
  const sockets: Socket[] = []
  const server = createServer(socket => {
    sockets.push(socket)
    socket.on('error', () => {}).write('HTTP/1.1 400 Bad Request\r\n\r\n')
  }).listen(at.socket)
  await once(server, 'listening')
  t.after(() => server.close())
  await assert.rejects(openReader(t, at, 500), { code: 'STORE_UNAVAILABLE' })
  assert(sockets.length > 0)
})
