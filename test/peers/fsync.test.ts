import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sha256 } from './support/digest.ts'
import { start, until } from './support/process.ts'
import { startRegistry } from './support/registry.ts'
import { summary } from './support/summary.ts'
import { debianPeer } from './support/tools.ts'

// strace sees the calls themselves, so nothing that the program says of itself is believed. A background
// write of the metadata (a lease, a sequence number) may fall into the window: hence bounds, and five pushes.
const PUSHES = 5

test('each push syncs its file, its folder and its row, and none is acknowledged before', async t => {
  const registry = await startRegistry('sqlite+files')
  t.after(() => registry.stop())
  const log = join(registry.home, '../strace.log')
  const pids = registry.processes().filter(one => one.role === 'region' || one.role === 'writer')
  const args = ['-f', '-qq', '-y', '-ttt', '-e', 'trace=fsync,fdatasync,rename', '-o', log]
  const strace = start(debianPeer('strace'), [...args, ...pids.flatMap(one => ['-p', `${one.pid}`])], {
    log: `${log}.err`,
  })
  t.after(() => strace.stop('SIGINT'))
  await registry.wire.pushBlob('sync/warm', randomBytes(1000))
  await until('strace', async () => read(log).length > 0, { context: strace.output })

  const rows = [['100 MiB push', 'file', 'folder', 'SQLite', 'acknowledged after all']]
  for (let i = 0; i < PUSHES; i++) {
    const bytes = randomBytes(100 * 1024 * 1024)
    const before = read(log).length
    await registry.wire.pushBlob('sync/push', bytes, sha256(bytes))
    const acknowledged = Date.now() / 1000
    // strace writes its lines a moment later.
    await new Promise(resolve => setTimeout(resolve, 300))
    const calls = read(log).slice(before)
    const before201 = calls.filter(call => call.at < acknowledged)
    const file = before201.filter(
      call => call.sync && /\/(uploads|blobs)\/.*[^/]$/.test(call.path) && !isFolder(call.path),
    )
    const folder = before201.filter(call => call.sync && isFolder(call.path))
    const sqlite = before201.filter(call => call.sync && call.path.includes('.sqlite'))
    assert.equal(file.length, 1, `the data is synced once\n${told(calls)}`)
    const own = sha256(bytes).slice('sha256:'.length, 'sha256:'.length + 2)
    assert.ok(
      folder.some(call => call.path.endsWith(`/blobs/sha256/${own}`)),
      `its folder is synced\n${told(calls)}`,
    )
    // Two more at most: the folder of uploads, and blobs/sha256 where the folder of two digits is new.
    assert.ok(folder.length <= 3, `no folder is synced twice\n${told(calls)}`)
    assert.ok(sqlite.length >= 1, `the row is synced\n${told(calls)}`)
    rows.push([`${i + 1}`, `${file.length}`, `${folder.length}`, `${sqlite.length}`, 'yes'])
  }
  summary('fsync', rows)
})

type Call = { at: number; sync: boolean; path: string; line: string }

function read(log: string): Call[] {
  const text = readFileSync(log, { encoding: 'utf8', flag: 'a+' })
  return text.split('\n').flatMap(line => {
    const match = /^\d+ +([\d.]+) (fsync|fdatasync|rename)\((?:\d+<([^>]*)>|"([^"]*)")/.exec(line)
    if (!match) return []
    return [{ at: Number(match[1]), sync: match[2] !== 'rename', path: match[3] ?? match[4] ?? '', line }]
  })
}

function told(calls: readonly Call[]): string {
  return calls.map(call => call.line).join('\n')
}

function isFolder(path: string): boolean {
  return /\/(blobs|uploads|sha256|sha512)(\/[0-9a-f]{2})?$/.test(path)
}
