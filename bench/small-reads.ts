import { wrk } from './support/clients.ts'
import { blob, type Content, manifest, pushBlob, pushManifest } from './support/content.ts'
import { interleaved, median, perCpuSecond, perSecond, ratio } from './support/measure.ts'
import { micros, millis, report, times, whole } from './support/report.ts'
import { type Server, startBare, startPeer, startTowpath } from './support/servers.ts'

const CONNECTIONS = 64

/** A manifest by its tag, with a Bearer token: must be 10 × docker-registry and half of bare Node, per CPU second. */
export function manifestByTag(quick: boolean): Promise<void> {
  return smallReads('manifest-by-tag', quick, manifest(), pushManifest)
}

/** A blob of 1 KiB: must be 10 × docker-registry. */
export function smallBlob(quick: boolean): Promise<void> {
  return smallReads('blob-1kib', quick, blob(1024), pushBlob)
}

async function smallReads(
  name: string,
  quick: boolean,
  content: Content,
  push: (server: Server, content: Content) => Promise<void>,
): Promise<void> {
  const servers = [await startTowpath(), await startPeer(), await startBare(content)]
  try {
    for (const server of servers.slice(0, 2)) await push(server, content)
    const seconds = quick ? 1 : 4
    const all = await interleaved(servers, quick ? 1 : 7, async (server, headers) =>
      wrk(server.url + content.path, { ...headers, accept: content.type }, CONNECTIONS, seconds),
    )
    const ours = all.get('towpath') ?? []
    const rows = [...all].map(([server, rounds]) => [
      server,
      whole(median(rounds.map(perSecond))),
      micros(median(rounds.map(round => round.cpu / round.requests))),
      millis(median(rounds.map(round => round.p50 ?? Number.NaN))),
      millis(median(rounds.map(round => round.p99 ?? Number.NaN))),
      server === 'towpath' ? '' : times(ratio(ours, rounds, perSecond)),
      server === 'towpath' ? '' : times(ratio(ours, rounds, perCpuSecond)),
    ])
    const head = [
      'server',
      'requests/s',
      'CPU per request',
      'p50',
      'p99',
      'towpath, requests/s',
      'towpath, per CPU second',
    ]
    report(name, quick, [head, ...rows])
  } finally {
    for (const server of servers) await server.stop()
  }
}
