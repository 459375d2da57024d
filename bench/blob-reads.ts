import { curlGet, wrk } from './support/clients.ts'
import { blob, pushBlob } from './support/content.ts'
import { bytesPerCpuSecond, bytesPerSecond, interleaved, median, ratio, type Work } from './support/measure.ts'
import { megabytes, millis, report, times } from './support/report.ts'
import { startPeer, startTowpath } from './support/servers.ts'

const MIB = 1024 * 1024

/** Must be 1.2 × docker-registry in bytes per CPU second. */
export function oneMebibyte(quick: boolean): Promise<void> {
  return blobReads('blob-1mib', quick, MIB, (url, headers) => wrk(url, headers, 16, quick ? 1 : 4))
}

/** Must be 1.2 × docker-registry in bytes per CPU second. */
export function hundredMebibytes(quick: boolean): Promise<void> {
  return blobReads('blob-100mib', quick, 100 * MIB, (url, headers) => curlGet(url, headers, quick ? 4 : 20))
}

async function blobReads(
  name: string,
  quick: boolean,
  size: number,
  get: (url: string, headers: Record<string, string>) => Promise<Work>,
): Promise<void> {
  const content = blob(size)
  const servers = [await startTowpath(), await startPeer()]
  try {
    for (const server of servers) await pushBlob(server, content)
    const all = await interleaved(servers, quick ? 1 : 7, (server, headers) => get(server.url + content.path, headers))
    const ours = all.get('towpath') ?? []
    const rows = [...all].map(([server, rounds]) => [
      server,
      megabytes(median(rounds.map(bytesPerSecond))),
      megabytes(median(rounds.map(bytesPerCpuSecond))),
      millis(median(rounds.map(round => round.p50 ?? Number.NaN))),
      millis(median(rounds.map(round => round.p99 ?? Number.NaN))),
      server === 'towpath' ? '' : times(ratio(ours, rounds, bytesPerSecond)),
      server === 'towpath' ? '' : times(ratio(ours, rounds, bytesPerCpuSecond)),
    ])
    const head = [
      'server',
      'bytes/s',
      'bytes per CPU second',
      'p50',
      'p99',
      'towpath, bytes/s',
      'towpath, per CPU second',
    ]
    report(name, quick, [head, ...rows])
  } finally {
    for (const server of servers) await server.stop()
  }
}
