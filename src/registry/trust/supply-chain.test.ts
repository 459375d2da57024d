import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { type TestEngine, testEngines } from '../../kernel/store/engines.fixture.ts'
import { type Digest, digestOf } from '../../oci/index.ts'
import type { ServedPolicy } from '../policies/policy.ts'
import { imageBytes, openTestRegistry, pushBlob, repo, TESTER } from '../registry.fixture.ts'
import { SupplyChains } from './supply-chain.ts'
import { PEMS, pushEvidence, pushRecorded, recordedManifest, SIGNED, trustPolicy, V1, V2 } from './trust.fixture.ts'
import { Trust } from './trust.ts'

const app = repo('app')

for (const engine of testEngines()) describe(`supply chain: ${engine.name}`, () => suite(engine))

async function open(t: TestContext, engine: TestEngine, policies: readonly ServedPolicy[] = []) {
  const base = await openTestRegistry(t, { engine })
  const { read } = base.store
  const trust = new Trust({ read, blobs: base.blobs, policies: () => policies })
  return { ...base, chains: new SupplyChains({ read, blobs: base.blobs, clock: base.clock, trust }) }
}

function sarif(results: number) {
  const rules = [{ id: 'CVE-1', properties: { 'security-severity': '9.8' } }]
  const one = { ruleId: 'CVE-1', message: { text: `Package: openssl\n${'x'.repeat(100)}` } }
  const driver = { name: 'Trivy', version: '1', rules }
  return JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver }, results: new Array(results).fill(one) }] })
}

const SARIF = 'application/sarif+json'
const report = (text: string) => ({ artifactType: SARIF, mediaType: SARIF, text })

function suite(engine: TestEngine): void {
  test('cosign’s signatures and attestations, in each form, with the keys that verify them', async t => {
    const policies = [trustPolicy({ release: PEMS.cosign, other: PEMS.other }, { refuse: false })]
    const { registry, chains } = await open(t, engine, policies)
    await pushRecorded(registry, app)
    const first = await chains.of(app, V1, '')
    assert.deepEqual(first.verdicts[0]?.found, { key: 'release', signature: SIGNED.bundle, subject: V1 })
    const verified = [{ state: 'verified', keys: ['signed/release'], why: '', signer: null }]
    const shown = ({ referrers }: typeof first) =>
      referrers.map(one => [one.digest, one.kind, one.format, one.tag.slice(71), one.predicateTypes, one.signatures])
    const attests = ['https://cosign.sigstore.dev/attestation/v1']
    assert.deepEqual(shown(first), [
      [SIGNED.bundle, 'signature', 'sigstore-bundle', '', [], verified],
      [SIGNED.attestation, 'attestation', 'sigstore-bundle', '', attests, verified],
    ])
    assert.deepEqual(shown(await chains.of(app, V2, '')), [
      [SIGNED.taggedAttestation, 'attestation', 'in-toto', '.att', attests, verified],
      [SIGNED.tagged, 'signature', 'cosign', '.sig', [], verified],
      [SIGNED.referring, 'signature', 'cosign', '', [], verified],
    ])
    const copied = { bytes: Buffer.from(recordedManifest(SIGNED.tagged)), tags: [`${V1.replace(':', '-')}.sig`] }
    await registry.putManifest(app, copied, TESTER)
    const [wrong] = (await chains.of(app, V1, '')).referrers
    const why = 'it is of another digest'
    assert.deepEqual(wrong?.signatures, [{ state: 'unverified', keys: [], why, signer: null }])
  })

  test('why a signature is not verified: no policy, no such key, another digest, notation', async t => {
    const { registry, chains } = await open(t, engine)
    await pushRecorded(registry, app)
    const why = async (of: SupplyChains, digest: Digest) => {
      const { referrers } = await of.of(app, digest, '')
      return referrers.flatMap(one => one.signatures.map(({ state, why }) => `${state}: ${why}`))
    }
    assert.ok((await why(chains, V1)).includes('unverified: no trust policy is for this repository'))
    const other = await open(t, engine, [trustPolicy({ other: PEMS.other })])
    await pushRecorded(other.registry, app)
    assert.ok((await why(other.chains, V1)).includes('unverified: no key of a trust policy made it'))
    const config = await pushBlob(other.registry, app, '{}')
    const { digest } = await other.registry.putManifest(
      app,
      { bytes: imageBytes({ config, subject: V1, artifactType: 'application/vnd.cncf.notary.signature' }), tags: [] },
      TESTER,
    )
    assert.ok(
      (await why(other.chains, V1)).includes('shown: notation signatures are shown and not verified here'),
      digest,
    )
    await other.registry.putManifest(
      app,
      { bytes: Buffer.from(recordedManifest(SIGNED.tagged)), tags: [`${digest.replace(':', '-')}.sig`] },
      TESTER,
    )
    assert.deepEqual(await why(other.chains, digest), ['unverified: it is of another digest'])
  })

  test('SBOMs, reports and others by kind, with what a report counts; a long report is read by a thread', async t => {
    const { registry, chains } = await open(t, engine)
    await pushRecorded(registry, app, 'app', [V1])
    const push = (artifactType: string, text: string) =>
      pushEvidence(registry, app, V1, { artifactType, mediaType: artifactType, text })
    const large = sarif(1000)
    assert.ok(large.length > 64 * 1024)
    const digests = {
      spdx: await push('application/spdx+json', '{}'),
      sbom: await push('application/vnd.cyclonedx+json', '{"bomFormat":"CycloneDX"}'),
      vex: await push('application/vnd.cyclonedx+json', '{"bomFormat":"CycloneDX","vulnerabilities":[{"id":"CVE-1"}]}'),
      small: await pushEvidence(registry, app, V1, report(sarif(2))),
      large: await pushEvidence(registry, app, V1, report(large)),
      broken: await pushEvidence(registry, app, V1, report('{')),
      other: await push('text/plain', 'hello'),
    }
    const { referrers } = await chains.of(app, V1, '')
    const of = (name: keyof typeof digests) => referrers.find(one => one.digest === digests[name])
    const kinds = Object.fromEntries(Object.keys(digests).map(name => [name, of(name as keyof typeof digests)?.kind]))
    assert.deepEqual(kinds, {
      ...{ spdx: 'sbom', sbom: 'sbom', vex: 'report', small: 'report', large: 'report', broken: 'report' },
      other: 'other',
    })
    assert.equal(of('small')?.report?.counts.critical, 2)
    assert.equal(of('large')?.report?.counts.critical, 1000)
    assert.equal(of('vex')?.report?.counts.unknown, 1)
    assert.match(of('broken')?.problem ?? '', /it is not JSON/)
    const whole = await chains.report(app, digests.large)
    assert.equal(whole.subject, V1)
    assert.equal(whole.findings.length, 1000)
    await assert.rejects(chains.report(app, digests.broken), { code: 'REPORT_UNREADABLE', message: /not JSON/ })
    await assert.rejects(chains.report(app, digests.sbom), { code: 'REPORT_UNREADABLE', message: /no vulnerabilities/ })
    await assert.rejects(chains.report(app, digests.other), { code: 'REPORT_UNREADABLE' })
    await assert.rejects(chains.report(app, digestOf('x')), { code: 'MANIFEST_UNKNOWN' })
  })

  test('a page has 50 and goes on; what is hidden from lists is not shown, and what may not be pulled not told', async t => {
    const { registry, chains } = await open(t, engine)
    await pushRecorded(registry, app, 'app', [V1])
    for (let i = 0; i < 51; i++) {
      await pushEvidence(registry, app, V1, {
        ...{ artifactType: 'text/plain', mediaType: 'text/plain', text: `${i}` },
      })
    }
    const first = await chains.of(app, V1, '')
    assert.equal(first.referrers.length, 50)
    const second = await chains.of(app, V1, first.next ?? '')
    assert.deepEqual([second.referrers.length, second.next], [1, undefined])
    const [hidden] = first.referrers
    assert.ok(hidden)
    await registry.setAttributes(app, { kind: 'manifest', name: hidden.digest }, { list: false }, TESTER)
    assert.equal((await chains.of(app, V1, '')).referrers.length, 49)
    await registry.setAttributes(app, { kind: 'repository', name: '' }, { read: false }, TESTER)
    await assert.rejects(chains.of(app, V1, ''), { code: 'REGISTRY_DISALLOWED_OPERATION' })
    await assert.rejects(chains.report(app, hidden.digest), { code: 'REGISTRY_DISALLOWED_OPERATION' })
  })
}
