import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHttpClient, type HttpAsk, type HttpClient, systemClock } from '../../kernel/index.ts'
import { sampleContent } from '../testing/content.fixture.ts'
import { fakeRegistry } from '../testing/fake-registry.fixture.ts'
import { createOciClient } from './client.ts'
import { httpSend } from './http-send.ts'

test('every small answer has an end in time; a blob may take as long as it moves', async t => {
  const registry = await fakeRegistry({ referrersApi: true })
  const real = createHttpClient({ clock: systemClock('test'), allowPrivate: true })
  t.after(() => {
    real.close()
    return registry.close()
  })
  const asks = new Map<string, HttpAsk['timeouts']>()
  const http: HttpClient = {
    ...real,
    request: ask => {
      asks.set(new URL(String(ask.url)).pathname.split('/').slice(4, -1).join('/'), ask.timeouts)
      return real.request(ask)
    },
  }
  const client = createOciClient({ send: httpSend(http), clock: systemClock('test') })
  const { root, blobs } = sampleContent('a')
  registry.manifests.set('team/app:v1', { bytes: Buffer.from(root.bytes), type: root.mediaType })
  const [[digest, bytes] = [root.digest, Buffer.alloc(0)]] = blobs
  registry.blobs.set(`team/app/${digest}`, bytes)
  const from = { host: registry.host, repository: 'team/app' }
  await client.getManifest({ ...from, tag: 'v1' })
  await Array.fromAsync(client.listTags(from))
  await Array.fromAsync(client.referrers(from, root.digest))
  await Array.fromAsync(client.pullBlob(from, { digest }))
  const ends = [...asks].map(([what, timeouts]) => [what, timeouts?.total])
  assert.deepEqual(ends, [
    ['manifests', 120_000],
    ['tags', 120_000],
    ['referrers', 120_000],
    ['blobs', undefined],
  ])
})
