import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { callSocket, streamSocket } from './call-socket.ts'

async function listening(t: TestContext, handler: RequestListener): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'towpath-socket-'))
  const path = join(dir, 'node.sock')
  const server = createServer(handler)
  await new Promise<void>(done => server.listen(path, done))
  t.after(() => {
    server.closeAllConnections()
    server.close()
    rmSync(dir, { recursive: true, force: true })
  })
  return path
}

async function read(chunks: AsyncGenerator<Buffer>, pause = 0): Promise<string> {
  let all = ''
  for await (const chunk of chunks) {
    all += chunk
    await sleep(pause)
  }
  return all
}

test('who does not begin to answer in time is not answering', async t => {
  const path = await listening(t, () => {})
  const failed = { code: 'PROCESS_NOT_ANSWERING', status: 503 }
  await assert.rejects(streamSocket(path, { path: '/', timeout: 50 }), failed)
  await assert.rejects(callSocket(path, { path: '/', timeout: 50 }), failed)
  await assert.rejects(streamSocket(`${path}.none`, { path: '/', timeout: 50 }), failed)
})

test('a stream that stops in the middle ends in an error, not as if it were whole', async t => {
  const stalled = await listening(t, (_req, res) => void res.write('half'))
  await assert.rejects(read((await streamSocket(stalled, { path: '/', timeout: 100 })).chunks()), /nothing for 100 ms/)
  const cut = await listening(t, (_req, res) => void res.write('half', () => res.destroy()))
  await assert.rejects(read((await streamSocket(cut, { path: '/', timeout: 5_000 })).chunks()))
})

test('a reader may take longer than the deadline of the writer', async t => {
  const path = await listening(t, (_req, res) => {
    res.write('a')
    setTimeout(() => res.end('b'), 20)
  })
  assert.equal(await read((await streamSocket(path, { path: '/', timeout: 100 })).chunks(), 200), 'ab')
})
