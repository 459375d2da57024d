import { randomFillSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { sha256 } from '../test/peers/support/digest.ts'
import { start, until } from '../test/peers/support/process.ts'
import { debianPeer } from '../test/peers/support/tools.ts'
import { pushFile } from './support/clients.ts'
import { bytesPerCpuSecond, bytesPerSecond, interleaved, median, ratio } from './support/measure.ts'
import { megabytes, report, times } from './support/report.ts'
import { REPOSITORY, type Server, startPeer, startTowpath } from './support/servers.ts'

const SIZE = 100 * 1024 * 1024

/** Must be as fast as docker-registry, with every byte hashed once and synced before the answer. */
export async function push(quick: boolean): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'towpath-bench-push-'))
  const file = join(dir, 'blob')
  const bytes = randomFillSync(Buffer.alloc(SIZE))
  const servers = [await startTowpath(), await startPeer()]
  // New content each time: what a registry holds already, it need not write.
  const pushNew = (server: Server, headers: Record<string, string>) => {
    randomFillSync(bytes, 0, 4096)
    writeFileSync(file, bytes)
    return pushFile(server.url, headers, REPOSITORY, file, sha256(bytes))
  }
  try {
    const all = await interleaved(servers, quick ? 1 : 9, pushNew)
    const ours = all.get('towpath') ?? []
    const rows: string[][] = []
    for (const server of servers) {
      const rounds = all.get(server.name) ?? []
      const calls = await traced(server, join(dir, `${server.name}.log`), pushNew)
      rows.push([
        server.name,
        megabytes(median(rounds.map(bytesPerSecond))),
        megabytes(median(rounds.map(bytesPerCpuSecond))),
        `${calls.data} + ${calls.rest}`,
        megabytes(calls.readBack),
        server.name === 'towpath' ? '' : times(ratio(ours, rounds, bytesPerSecond)),
        server.name === 'towpath' ? '' : times(ratio(ours, rounds, bytesPerCpuSecond)),
      ])
    }
    const head = [
      'server',
      'bytes/s',
      'bytes per CPU second',
      'fsyncs: the bytes + all else',
      'read back from disk',
      'towpath, bytes/s',
      'towpath, per CPU second',
    ]
    const note =
      'Fsyncs and reads are of one more push, counted by strace on every process of the server. Nothing read back means that the bytes were hashed on their way in, once.'
    report('push-100mib', quick, [head, ...rows], note)
  } finally {
    for (const server of servers) await server.stop()
    rmSync(dir, { recursive: true })
  }
}

type Calls = { data: number; rest: number; readBack: number }

/** One push under strace: what is synced, and how much of the blob is read again. */
async function traced(
  server: Server,
  log: string,
  work: (server: Server, headers: Record<string, string>) => Promise<unknown>,
): Promise<Calls> {
  const pids = server.pids().flatMap(pid => ['-p', `${pid}`])
  const what = 'trace=fsync,fdatasync,read,pread64,preadv'
  const strace = start(debianPeer('strace'), ['-f', '-qq', '-y', '-e', what, '-o', log, ...pids], { log: `${log}.err` })
  const text = () => readFileSync(log, { encoding: 'utf8', flag: 'a+' })
  await until('strace', async () => {
    await fetch(`${server.url}/v2/`).then(response => response.arrayBuffer())
    return text().length > 0
  })
  const before = text().length
  await work(server, await server.headers())
  await wait(300)
  const lines = text().slice(before).split('\n')
  await strace.stop('SIGINT')
  const synced = lines
    .filter(line => /\bf(data)?sync\(\d+<\//.test(line))
    .map(line => /<([^>]*)>/.exec(line)?.[1] ?? '')
  const data = synced.filter(path => /\/uploads\/[^/]+$|\/_uploads\/[^/]+\/data$/.test(path)).length
  const back = lines
    .filter(line => /\bp?readv?(64)?\(\d+<\/.*\/(blobs|uploads|_uploads)\//.test(line))
    .map(line => Number(/= (\d+)$/.exec(line)?.[1] ?? 0))
  return { data, rest: synced.length - data, readBack: back.reduce((sum, size) => sum + size, 0) }
}
