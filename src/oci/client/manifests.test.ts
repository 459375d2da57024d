import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestOf } from '../digest.ts'
import { mediaTypes } from '../media-types.ts'
import { setUp } from '../testing/setup.fixture.ts'
import { fallbackTag } from './referrers.ts'

const config = { mediaType: mediaTypes.ociEmpty, digest: digestOf('{}'), size: 2 }
const manifestOf = (more: object) =>
  Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers: [], ...more }))
const subject = manifestOf({})
const about = { mediaType: mediaTypes.ociManifest, digest: digestOf(subject), size: subject.length }
const signature = manifestOf({ subject: about, artifactType: 'example/signature', annotations: { by: 'me' } })
const document = manifestOf({ subject: about, artifactType: 'example/document' })
const asImage = (bytes: Uint8Array, tag?: string) => ({
  bytes,
  mediaType: mediaTypes.ociManifest,
  ...(tag ? { tag } : {}),
})

test('a manifest is pushed, resolved, read and deleted', async t => {
  const { client, repo } = await setUp(t)
  const digest = await client.pushManifest(repo, asImage(subject, '1.0'))
  assert.deepEqual(await client.resolve({ ...repo, tag: '1.0' }), {
    digest,
    mediaType: mediaTypes.ociManifest,
    size: subject.length,
  })
  const read = await client.getManifest({ ...repo, digest })
  assert.ok(subject.equals(read.bytes))
  assert.equal(read.manifest.config?.digest, config.digest)
  assert.equal(await client.deleteManifest(repo, digest), true)
  assert.equal(await client.deleteManifest(repo, digest), false)
})

test('a manifest of other bytes than its digest is refused', async t => {
  const { client, registry, repo } = await setUp(t)
  registry.manifests.set(`team/app@${about.digest}`, { bytes: document, type: mediaTypes.ociManifest })
  await assert.rejects(client.getManifest({ ...repo, digest: about.digest }), { code: 'OCI_BYTES_DIFFER' })
})

test('a manifest that is not there is named in the error', async t => {
  const { client, repo } = await setUp(t)
  const missing = client.getManifest({ ...repo, tag: 'none' })
  await assert.rejects(missing, { code: 'OCI_UNKNOWN', message: /manifest none of team\/app/ })
})

for (const referrersApi of [true, false]) {
  test(`referrers ${referrersApi ? 'by the API' : 'by the tag that stands in for it'}`, async t => {
    const { client, registry, repo } = await setUp(t, { referrersApi })
    await client.pushManifest(repo, asImage(signature))
    await client.pushManifest(repo, asImage(document))
    await client.pushManifest(repo, asImage(document))
    assert.equal(registry.manifests.has(`team/app:${fallbackTag(about.digest)}`), !referrersApi)
    const all = await Array.fromAsync(client.referrers(repo, about.digest))
    assert.deepEqual(all.map(one => one.digest).toSorted(), [digestOf(signature), digestOf(document)].toSorted())
    const [one, ...rest] = await Array.fromAsync(
      client.referrers(repo, about.digest, { artifactType: 'example/signature' }),
    )
    assert.deepEqual([one?.digest, one?.annotations, rest], [digestOf(signature), { by: 'me' }, []])
    assert.deepEqual(await Array.fromAsync(client.referrers(repo, digestOf('nothing'))), [])
  })
}

test('tags and repositories come page by page', async t => {
  const { client, registry, repo } = await setUp(t, { pageSize: 2 })
  for (const name of ['a', 'b', 'c', 'd', 'e']) await client.pushManifest(repo, asImage(subject, name))
  assert.deepEqual(await Array.fromAsync(client.listTags(repo)), ['a', 'b', 'c', 'd', 'e'])
  assert.deepEqual(await Array.fromAsync(client.listTags(repo, { pageSize: 3 })), ['a', 'b', 'c', 'd', 'e'])
  assert.equal(registry.lines('GET').length, 5)
  assert.deepEqual(await Array.fromAsync(client.catalog(registry.host)), ['team/app'])
})
