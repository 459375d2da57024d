import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import type { ReadTx } from '../../kernel/index.ts'
import { type TestEngine, testEngines } from '../../kernel/store/engines.fixture.ts'
import { type Digest, mediaTypes } from '../../oci/index.ts'
import type { ServedPolicy } from '../policies/policy.ts'
import { imageBytes, indexBytes, openTestRegistry, pushBlob, repo, TESTER } from '../registry.fixture.ts'
import {
  newSigner,
  PEMS,
  pushEvidence,
  pushRecorded,
  recordedManifest,
  SIGNED,
  trustPolicy,
  V1,
  V2,
} from './trust.fixture.ts'
import { Trust } from './trust.ts'

const app = repo('app')

for (const engine of testEngines()) describe(`trust: ${engine.name}`, () => suite(engine))

async function open(t: TestContext, engine: TestEngine, first: readonly ServedPolicy[]) {
  const base = await openTestRegistry(t, { engine })
  let policies = first
  let statements = 0
  const read: ReadTx = {
    one: query => {
      statements++
      return base.store.read.one(query)
    },
    all: query => {
      statements++
      return base.store.read.all(query)
    },
  }
  const trust = new Trust({ read, blobs: base.blobs, policies: () => policies })
  /** Names of the policies that refuse the manifest. */
  const missing = async (digest: Digest, at = app) => {
    const manifest = await base.registry.getManifest(at, digest)
    assert.ok(manifest, `${digest} is not there`)
    return (await trust.missing(at, manifest, trust.refusing(at))).map(one => one.name)
  }
  const put = (bytes: Uint8Array, tags: string[] = []) =>
    base.registry.putManifest(app, { bytes, tags }, TESTER).then(pushed => pushed.digest)
  return {
    ...base,
    ...{ trust, missing, put },
    set: (next: readonly ServedPolicy[]) => {
      policies = next
    },
    async counted(what: () => Promise<unknown>) {
      statements = 0
      await what()
      return statements
    },
  }
}

function suite(engine: TestEngine): void {
  test('each form of cosign opens its own image, and goes with its signature at once', async t => {
    const { registry, missing } = await open(t, engine, [trustPolicy({ release: PEMS.cosign })])
    await pushRecorded(registry, app)
    assert.deepEqual(await missing(V1), [])
    assert.deepEqual(await missing(V2), [])
    // The attestation by the same key stays, and opens nothing.
    await registry.deleteManifest(app, SIGNED.bundle as Digest, TESTER)
    assert.deepEqual(await missing(V1), ['signed'])
    await registry.deleteTag(app, `${V2.replace(':', '-')}.sig`, TESTER)
    assert.deepEqual(await missing(V2), [], 'the one that refers to it by itself still opens')
    await registry.deleteManifest(app, SIGNED.referring as Digest, TESTER)
    assert.deepEqual(await missing(V2), ['signed'])
    await pushRecorded(registry, app, 'app', [SIGNED.tagged])
    assert.deepEqual(await missing(V2), [])
  })

  test('another key, another image’s signature, another repository’s: none opens', async t => {
    const { registry, missing, set, put } = await open(t, engine, [trustPolicy({ other: PEMS.other })])
    await pushRecorded(registry, app)
    assert.deepEqual(await missing(V1), ['signed'])
    set([trustPolicy({ other: PEMS.other, release: PEMS.cosign })])
    assert.deepEqual(await missing(V1), [])
    const config = await pushBlob(registry, app, '{}')
    const image = await put(imageBytes({ config, note: 'unsigned' }))
    // The signature of v2 under the name of this one's: what was signed says which it is of.
    const name = `${image.replace(':', '-')}.sig`
    await registry.putManifest(app, { bytes: Buffer.from(recordedManifest(SIGNED.tagged)), tags: [name] }, TESTER)
    assert.deepEqual(await missing(image), ['signed'])
    const elsewhere = repo('elsewhere')
    await pushRecorded(registry, elsewhere, 'app', [V1])
    assert.deepEqual(await missing(V1, elsewhere), ['signed'])
  })

  test('all policies that match must be content; one that does not match or does not refuse asks nothing', async t => {
    const both = [trustPolicy({ release: PEMS.cosign }), trustPolicy({ rsa: PEMS.rsa }, { name: 'second' })]
    const { registry, missing, set, trust } = await open(t, engine, both)
    await pushRecorded(registry, app)
    assert.deepEqual(await missing(V1), ['second'])
    set([trustPolicy({ rsa: PEMS.rsa }, { name: 'second', repositories: 'team/*' })])
    assert.deepEqual(await missing(V1), [])
    set([trustPolicy({ rsa: PEMS.rsa }, { refuse: false })])
    assert.deepEqual(await missing(V1), [])
    const [verdict] = await trust.verdicts(app, V1, trust.policies(app))
    assert.equal(verdict?.found, undefined)
    set([trustPolicy({ rsa: PEMS.rsa }, { registryId: 'reg_other' })])
    assert.deepEqual(trust.policies(app), [])
  })

  test('what a signed index lists is signed by it while it is there; what an image refers to is not', async t => {
    const signer = newSigner()
    const { registry, missing, put } = await open(t, engine, [trustPolicy({ release: signer.pem })])
    const config = await pushBlob(registry, app, '{}')
    const child = await put(imageBytes({ config, note: 'child' }))
    // A signed image that has the bytes of another manifest for a layer says nothing of that.
    const stowaway = imageBytes({ config, note: 'stowaway' })
    const layer = await pushBlob(registry, app, stowaway)
    await put(stowaway)
    await signer.sign(registry, app, await put(imageBytes({ config, layers: [layer] })))
    assert.deepEqual(await missing(layer), ['signed'])
    const index = await put(indexBytes([child]))
    assert.deepEqual(await missing(child), ['signed'])
    const signature = await signer.sign(registry, app, index)
    assert.deepEqual(await missing(index), [])
    assert.deepEqual(await missing(child), [])
    await registry.deleteManifest(app, signature, TESTER)
    assert.deepEqual(await missing(child), ['signed'])
    await signer.sign(registry, app, index)
    await registry.deleteManifest(app, index, TESTER)
    assert.deepEqual(await missing(child), ['signed'])
  })

  test('signatures that others add later do not crowd out the one that counts; a key that goes closes', async t => {
    const [signer, stranger] = [newSigner(), newSigner()]
    const { registry, missing, put, set } = await open(t, engine, [trustPolicy({ release: signer.pem })])
    const image = await put(imageBytes({ config: await pushBlob(registry, app, '{}') }))
    await signer.sign(registry, app, image)
    for (let i = 0; i < 40; i++) await stranger.sign(registry, app, image)
    assert.deepEqual(await missing(image), [])
    set([trustPolicy({ release: stranger.pem })])
    assert.deepEqual(await missing(image), [])
    set([trustPolicy({ release: newSigner().pem })])
    assert.deepEqual(await missing(image), ['signed'])
  })

  test('a pull that was verified before costs one statement, and one without a policy none', async t => {
    const { registry, trust, counted, missing, set } = await open(t, engine, [trustPolicy({ release: PEMS.cosign })])
    await pushRecorded(registry, app)
    assert.ok((await counted(() => missing(V1))) > 1)
    assert.equal(await counted(() => missing(V1)), 1)
    set([])
    assert.equal(await counted(() => missing(V1)), 0)
    assert.deepEqual(trust.refusing(app), [])
  })

  test('evidence stays open, and nothing that could run passes for it', async t => {
    const { registry, missing, put } = await open(t, engine, [trustPolicy({ release: PEMS.other })])
    await pushRecorded(registry, app)
    for (const digest of Object.values(SIGNED)) assert.deepEqual(await missing(digest as Digest), [], digest)
    const sbom = { artifactType: 'application/spdx+json', mediaType: 'application/spdx+json', text: '{"a":1}' }
    assert.deepEqual(await missing(await pushEvidence(registry, app, V1, sbom)), [])
    const chart = { ...sbom, mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip' }
    assert.deepEqual(await missing(await pushEvidence(registry, app, V1, chart)), ['signed'])
    const about = await registry.getManifest(app, await pushEvidence(registry, app, V1, sbom))
    assert.ok(about)
    const { subject: _, ...alone } = JSON.parse(Buffer.from(about.bytes).toString())
    assert.deepEqual(await missing(await put(Buffer.from(JSON.stringify(alone)))), ['signed'], 'it is about nothing')
    const config = await pushBlob(registry, app, '{}')
    const referring = await put(imageBytes({ config, layers: [await pushBlob(registry, app, 'tar')], subject: V1 }))
    assert.deepEqual(await missing(referring), ['signed'])
    // An image's config, and a layer that is JSON by name alone.
    const layer = await pushBlob(registry, app, 'bin/sh\0\0\0')
    const disguised = JSON.parse(imageBytes({ config, layers: [layer], subject: V1 }).toString())
    disguised.layers[0].mediaType = 'application/vnd.dev.cosign.simplesigning.v1+json'
    assert.deepEqual(await missing(await put(Buffer.from(JSON.stringify(disguised)))), ['signed'])
    const index = {
      ...JSON.parse(indexBytes([V1]).toString()),
      subject: { mediaType: mediaTypes.ociManifest, digest: V2, size: 2 },
    }
    assert.deepEqual(await missing(await put(Buffer.from(JSON.stringify(index)))), ['signed'])
  })
}
