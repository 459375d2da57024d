import { createHash, randomBytes } from 'node:crypto'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuSeconds, memory, resetPeak } from '../test/peers/support/proc.ts'
import { curlGet, pushFile } from './support/clients.ts'
import { megabytes, millis, report, whole } from './support/report.ts'
import { REPOSITORY, startTowpath } from './support/servers.ts'

const CLIENTS = 64
const MIB = 1024 * 1024

/** 64 clients pull one blob of 1 GiB at once: each process stays under 200 MB, and its event loop answers. */
export async function manyPulls(quick: boolean): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'towpath-bench-pull-'))
  const size = (quick ? 16 : 1024) * MIB
  const server = await startTowpath()
  try {
    const file = join(dir, 'blob')
    const digest = writeRandom(file, size)
    const headers = await server.headers()
    await pushFile(server.url, headers, REPOSITORY, file, digest)
    const url = `${server.url}/v2/${REPOSITORY}/blobs/${digest}`
    await delays(server.registry.controlUrl)
    for (const pid of server.pids()) resetPeak(pid)
    const before = cpuSeconds(server.pids())
    const from = performance.now()
    const all = await Promise.all(Array.from({ length: CLIENTS }, () => curlGet(url, headers, 1)))
    const seconds = (performance.now() - from) / 1000
    const cpu = cpuSeconds(server.pids()) - before
    const late = await delays(server.registry.controlUrl)
    const bytes = all.reduce((sum, work) => sum + work.bytes, 0)
    if (bytes !== size * CLIENTS) throw new Error(`${bytes} bytes came of ${size * CLIENTS}`)
    const rows = server.registry.processes().map(({ role, pid }) => [role, megabytes(memory(pid).peak)])
    const note = [
      `${whole(bytes / seconds / 1e6)} MB/s in all, ${whole(bytes / cpu / 1e6)} MB per CPU second.`,
      `Event loop delay meanwhile, p99: ${late.map(one => `${one.node} ${millis(one.seconds)}`).join(', ')}.`,
    ].join(' ')
    report('pull-64-clients', quick, [['process', 'most memory (resident)'], ...rows], note)
  } finally {
    await server.stop()
    rmSync(dir, { recursive: true })
  }
}

function writeRandom(file: string, size: number): string {
  const hash = createHash('sha256')
  for (let written = 0; written < size; written += MIB) {
    const chunk = randomBytes(MIB)
    hash.update(chunk)
    appendFileSync(file, chunk)
  }
  return `sha256:${hash.digest('hex')}`
}

/** Event loop delay p99 since the last time it was asked for. */
async function delays(controlUrl: string): Promise<{ node: string; seconds: number }[]> {
  const text = await (await fetch(`${controlUrl}/metrics`)).text()
  const lines = text.split('\n').filter(line => /^nodejs_eventloop_delay_seconds\{.*quantile="0.99"/.test(line))
  if (lines.length === 0) throw new Error('/metrics tells no event loop delay')
  return lines.map(line => ({
    node: /node="([^"]*)"/.exec(line)?.[1] ?? 'control',
    seconds: Number(line.slice(line.lastIndexOf(' ') + 1)),
  }))
}
