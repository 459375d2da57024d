import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Wire } from '../test/peers/support/client.ts'
import { OCI, sha256 } from '../test/peers/support/digest.ts'
import { startDockerRegistry } from '../test/peers/support/docker-registry.ts'
import { until } from '../test/peers/support/process.ts'
import { fillPeer } from './support/fill-peer.ts'
import { type Filled, filled, fillStore, keyOf } from './support/fill-store.ts'
import { millis, report, whole } from './support/report.ts'
import { REPOSITORY, startTowpath } from './support/servers.ts'

const DELETED = 100
const RECLAIM_DELAY_S = 2
const BETWEEN_MS = 20

type Asked = { url: string; headers(repositories: readonly string[]): Record<string, string> }
type Figures = { name: string; seconds: number; pushes: Pushes }

/** Collection of the same store, online here and offline there, while somebody pushes all the time. */
export async function collectionOffline(quick: boolean): Promise<void> {
  const count = quick ? 2000 : 50_000
  const all = [await here(count), await there(count)]
  const rows = all.map(({ name, seconds, pushes }) => [
    name,
    `${seconds.toFixed(1)} s`,
    whole(pushes.done),
    whole(pushes.refused),
    `${pushes.closed.toFixed(1)} s`,
    millis(pushes.longest),
  ])
  const head = [
    'server',
    'until the bytes are gone',
    'pushes meanwhile',
    'refused',
    'no push is taken for',
    'longest push',
  ]
  const note = `${whole(count)} manifests with a layer each, of which ${DELETED} are deleted. Towpath's time holds its \`reclaimDelay\`, here ${RECLAIM_DELAY_S} s, once for links and once for blobs. docker-registry is started again read-only, as its documentation asks for, collects, and is started again: what is pushed during its mark and sweep it may delete.`
  report('collection-offline', quick, [head, ...rows], note)
}

async function here(count: number): Promise<Figures> {
  const home = mkdtempSync(join(tmpdir(), 'towpath-bench-collection-'))
  const options = { home, limits: { reclaimDelay: `${RECLAIM_DELAY_S} s` } }
  try {
    // Once for its schema.
    await (await startTowpath(options)).stop()
    fillStore(join(home, 'regions/home/region.sqlite'), count)
    const files = chosen(count).map(one => {
      const [algorithm = '', name = ''] = keyOf(one).split(':')
      return { path: join(home, 'regions/home/blobs', algorithm, name.slice(0, 2), name), bytes: one.layerBytes }
    })
    for (const { path, bytes } of files) {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, bytes)
    }
    const server = await startTowpath(options)
    try {
      const { headers } = server.registry.wire
      const asked = { url: server.url, headers: () => headers }
      await pulls(asked, count)
      const gone = async () => files.every(({ path }) => statSync(path, { throwIfNoEntry: false }) === undefined)
      return {
        name: server.name,
        ...(await measured(asked, count, () => until('collection', gone, { timeoutMs: 120_000 }))),
      }
    } finally {
      await server.stop()
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

async function there(count: number): Promise<Figures> {
  const server = await startDockerRegistry()
  try {
    fillPeer(server.data, count)
    const asked = {
      url: server.url,
      headers: (repositories: readonly string[]) => ({ authorization: `Bearer ${server.token(repositories)}` }),
    }
    await pulls(asked, count)
    const collect = async () => {
      await server.restart({ readOnly: true })
      await server.collectGarbage()
      await server.restart({ readOnly: false })
    }
    return { name: 'docker-registry', ...(await measured(asked, count, collect)) }
  } finally {
    await server.stop()
  }
}

function chosen(count: number): Filled[] {
  return Array.from({ length: DELETED }, (_, i) => filled(Math.floor((i / DELETED) * count)))
}

/** Some of what was put there past the server: it takes it for its own. */
async function pulls(asked: Asked, count: number): Promise<void> {
  for (const number of [0, 1, Math.floor(count / 2), count - 1]) {
    const { repository, digest } = filled(number)
    const wire = wireOf(asked, [repository])
    const found = await wire.digestOf(`/v2/${repository}/manifests/${digest}`)
    if (found?.digest !== digest) throw new Error(`${asked.url} serves ${found?.digest} for ${digest}`)
  }
}

async function measured(asked: Asked, count: number, collect: () => Promise<void>) {
  for (const { repository, digest } of chosen(count)) {
    const answer = await wireOf(asked, [repository]).request(`/v2/${repository}/manifests/${digest}`, {
      method: 'DELETE',
    })
    if (answer.status !== 202) throw new Error(`DELETE ${digest} was answered ${answer.status}: ${await answer.text()}`)
  }
  const ending = new AbortController()
  const pushing = push(wireOf(asked, [REPOSITORY]), ending.signal)
  const from = performance.now()
  await collect()
  const seconds = (performance.now() - from) / 1000
  await wait(500)
  ending.abort()
  return { seconds, pushes: await pushing }
}

function wireOf({ url, headers }: Asked, repositories: readonly string[]): Wire {
  const wire = new Wire(url)
  Object.assign(wire.headers, headers(repositories))
  return wire
}

/** `closed`: seconds from the last push that was taken to the next. `longest`: seconds that one took. */
type Pushes = { done: number; refused: number; closed: number; longest: number }

/** Small images, one after the other, until the signal; what is refused is tried again. */
async function push(wire: Wire, signal: AbortSignal): Promise<Pushes> {
  const pushes: Pushes = { done: 0, refused: 0, closed: 0, longest: 0 }
  let last = performance.now()
  for (let serial = 0; !signal.aborted; serial++) {
    const from = performance.now()
    try {
      await pushOne(wire, serial)
      const now = performance.now()
      pushes.done += 1
      pushes.closed = Math.max(pushes.closed, (now - last) / 1000)
      pushes.longest = Math.max(pushes.longest, (now - from) / 1000)
      last = now
    } catch {
      // Counted: that is what is asked here.
      pushes.refused += 1
    }
    await wait(BETWEEN_MS)
  }
  return pushes
}

async function pushOne(wire: Wire, serial: number): Promise<void> {
  const bytes = Buffer.from(`pushed ${serial}`)
  const digest = await wire.pushBlob(REPOSITORY, bytes)
  const config = { mediaType: OCI.config, digest, size: bytes.length }
  const manifest = { schemaVersion: 2, mediaType: OCI.manifest, config, layers: [] }
  await wire.putManifest(REPOSITORY, sha256(JSON.stringify(manifest)), manifest)
}
