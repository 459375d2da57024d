import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { Wire } from '../test/peers/support/client.ts'
import { OCI } from '../test/peers/support/digest.ts'
import { freePort } from '../test/peers/support/process.ts'
import { interleaved, median, type Round, ratio, type Work } from './support/measure.ts'
import { micros, report, times, whole } from './support/report.ts'
import { REPOSITORY, type Server, startTowpath } from './support/servers.ts'

const LAYER_BYTES = 100 * 1024

/** Pushes must not pay for receivers: an image pushed beside a dead one, and one that answers, against no hook at all. */
export async function webhooks(quick: boolean): Promise<void> {
  const images = quick ? 40 : 200
  const receiver = createServer((req, res) => void req.resume().once('end', () => res.end()))
  const [dead, alive] = [await freePort(), await freePort()]
  await new Promise<void>(resolve => receiver.listen(alive, '127.0.0.1', resolve))
  const none = { ...(await startTowpath()), name: 'no hook' }
  const servers = [none, await hooked('dead receiver', dead), await hooked('live receiver', alive)]
  try {
    const all = await interleaved(servers, quick ? 1 : 9, (server, headers) => pushImages(server, headers, images))
    const base = all.get(none.name) ?? []
    const cpu = (round: Round) => round.cpu / round.requests
    const rows = servers.map(server => {
      const rounds = all.get(server.name) ?? []
      const each = [whole(median(rounds.map(one => one.requests / one.seconds))), micros(median(rounds.map(cpu)))]
      return [server.name, ...each, server === none ? '' : times(ratio(rounds, base, cpu))]
    })
    const head = ['pushed beside', 'images/s', 'CPU per image', 'CPU, against no hook']
    const note = `Rounds of ${images} images, each a config, a layer of 100 KiB and a manifest with a tag of its own, one after the other; each round goes on for 2 s, so that what is done later counts.`
    report('webhooks', quick, [head, ...rows], note)
  } finally {
    for (const server of servers) await server.stop()
    receiver.closeAllConnections()
    receiver.close()
  }
}

async function hooked(name: string, port: number): Promise<Server> {
  const server = await startTowpath({ allow: [`127.0.0.1:${port}`] })
  const { wire, controlUrl } = server.registry
  const control = new Wire(controlUrl)
  const body = JSON.stringify({
    name: 'benchhook',
    serviceUri: `http://127.0.0.1:${port}/`,
    actions: ['push', 'delete'],
  })
  const headers = { ...wire.headers, 'content-type': 'application/json' }
  const made = await control.request('/api/v1/registries/default/webhooks', { method: 'POST', body, headers })
  if (made.status !== 201) throw new Error(`The hook was answered ${made.status}: ${await made.text()}`)
  // Once the region answers for it, it has heard of it.
  const ping = '/api/v1/registries/default/webhooks/benchhook/ping'
  for (let tries = 0; ; tries++) {
    const answer = await control.request(ping, { method: 'POST', headers: wire.headers })
    if (answer.status === 200) return { ...server, name }
    if (tries === 100) throw new Error(`The ping was answered ${answer.status}: ${await answer.text()}`)
    await wait(100)
  }
}

async function pushImages(server: Server, headers: Record<string, string>, count: number): Promise<Work> {
  const wire = new Wire(server.url)
  Object.assign(wire.headers, headers)
  const from = performance.now()
  for (let i = 0; i < count; i++) {
    const parts = [randomBytes(1000), randomBytes(LAYER_BYTES)]
    const [config = '', layer = ''] = [
      await wire.pushBlob(REPOSITORY, parts[0] ?? Buffer.alloc(0)),
      await wire.pushBlob(REPOSITORY, parts[1] ?? Buffer.alloc(0)),
    ]
    await wire.putManifest(REPOSITORY, `t${from.toString(36).replace('.', '-')}-${i}`, {
      ...{ schemaVersion: 2, mediaType: OCI.manifest },
      config: { mediaType: OCI.config, digest: config, size: 1000 },
      layers: [{ mediaType: OCI.layerGzip, digest: layer, size: LAYER_BYTES }],
    })
  }
  const seconds = (performance.now() - from) / 1000
  await wait(2000)
  return { requests: count, bytes: count * LAYER_BYTES, seconds }
}
