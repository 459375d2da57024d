import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { runTowpath, towpathDone } from '../support/command.ts'
import { type Descriptor, pusher } from '../support/content.ts'
import { type Platform, startPlatform } from '../support/platform.ts'

const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json'
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

let platform: Platform
let dir: string
let push: ReturnType<typeof pusher>
/** Of a token that may pull and no more. */
let reader: string

before(async () => {
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '1' } })
  dir = mkdtempSync(join(tmpdir(), 'towpath-trust-'))
  push = pusher(platform)
  writeFileSync(join(dir, 'cosign.pub'), publicKey.export({ type: 'spki', format: 'pem' }))
  const scope = ['--repository', 'team/app', 'content/read']
  const made = JSON.parse(await done('token', 'create', 'reader', ...scope, '-o', 'json'))
  reader = `Basic ${btoa(`reader:${made.passwords[0].value}`)}`
})
after(async () => {
  await platform?.stop()
  if (dir) rmSync(dir, { recursive: true, force: true })
})

const done = (...args: string[]) => towpathDone(platform, args)
const pull = (reference: string) =>
  fetch(`http://${platform.registry}/v2/team/app/manifests/${reference}`, { headers: { authorization: reader } })

/** Regions hear of policies within 10 s. */
async function until(status: number, reference = 'v1'): Promise<Response> {
  for (let tries = 0; ; tries++) {
    const answer = await pull(reference)
    if (answer.status === status || tries === 150) return answer
    await answer.body?.cancel()
    await sleep(100)
  }
}

/** As cosign 3 does. */
function signed(subject: Descriptor): Promise<Descriptor> {
  const payloadType = 'application/vnd.in-toto+json'
  const predicateType = 'https://sigstore.dev/cosign/sign/v1'
  const statement = { _type: 'https://in-toto.io/Statement/v1', predicateType, predicate: {} }
  const payload = JSON.stringify({ ...statement, subject: [{ digest: { sha256: subject.digest.slice(7) } }] })
  const sig = sign('sha256', Buffer.from(`DSSEv1 28 ${payloadType} ${payload.length} ${payload}`), privateKey)
  const dsseEnvelope = { payload: btoa(payload), payloadType, signatures: [{ sig: sig.toString('base64') }] }
  const bundle = { mediaType: BUNDLE, verificationMaterial: { publicKey: { hint: '' } }, dsseEnvelope }
  return push.image('team/app', '', {
    ...{ artifactType: BUNDLE, layerType: BUNDLE, configType: 'application/vnd.oci.empty.v1+json', subject },
    layers: [JSON.stringify(bundle)],
  })
}

test('a policy refuses what is unsigned until it is signed, and again when the signature goes', async () => {
  const image = await push.image('team/app', 'v1', { layers: ['v1'] })
  assert.equal((await until(200)).status, 200)
  const key = ['--key', `release=${join(dir, 'cosign.pub')}`]
  await done('policy', 'create', 'signed', '--kind', 'trust', '--repositories', 'team/*', ...key, '--refuse')
  const refused = await until(403)
  assert.equal(refused.status, 403)
  assert.match(await refused.text(), /trust policy \\"signed\\" found no signature by key \\"release\\"/)

  const list = () => runTowpath(platform, ['manifest', 'list-referrers', 'team/app:v1'])
  assert.match((await list()).stderr, /Trust policy "signed" finds no signature by its keys; pulls are refused\./)
  const signature = await signed(image)
  assert.equal((await pull('v1')).status, 200)
  assert.equal((await pull(image.digest)).status, 200)
  const { stdout, stderr } = await list()
  assert.match(stdout, new RegExp(`^signature +sigstore-bundle +${signature.digest} +verified by signed/release`, 'm'))
  assert.match(stderr, /Trust policy "signed" verified by key "release"\./)
  const whole = JSON.parse(await done('manifest', 'list-referrers', `team/app@${image.digest}`, '-o', 'json'))
  assert.equal(whole.trust[0].subject, image.digest)

  await done('repository', 'delete', '-n', platform.registry, '--image', `team/app@${signature.digest}`, '--yes')
  assert.equal((await pull('v1')).status, 403)
  await done('policy', 'update', 'signed', '--refuse', 'false')
  assert.equal((await until(200)).status, 200)
  const audit = JSON.parse(await done('audit', 'query', '--action', 'policy/write', '-o', 'json'))
  assert.match(audit.records[0].detail.keys, /^release=sha256:[0-9a-f]{32}$/)
})

test('what is no public key makes no policy, and a private one does not get into a row', async () => {
  writeFileSync(join(dir, 'private.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
  for (const [file, says] of [
    ['private.pem', /not one PEM block "PUBLIC KEY"/],
    ['missing.pem', /can't be read/],
  ] as const) {
    const { code, stderr } = await runTowpath(platform, [
      ...['policy', 'create', 'wrong', '--kind', 'trust', '--key', `a=${join(dir, file)}`],
    ])
    assert.notEqual(code, 0)
    assert.match(stderr, says)
  }
})

test('a report is shown as a table, the worst first, and what it counts in the list', async () => {
  const subject = await push.image('team/app', 'v2', { layers: ['v2'] })
  const vulnerability = (id: string, severity: string) => ({ id, ratings: [{ severity }], affects: [{ ref: 'a' }] })
  const document = {
    ...{ bomFormat: 'CycloneDX', specVersion: '1.6', metadata: { tools: [{ name: 'trivy', version: '1' }] } },
    components: [{ 'bom-ref': 'a', name: 'openssl', version: '3.0.1' }],
    vulnerabilities: [vulnerability('CVE-2026-1', 'low'), vulnerability('CVE-2026-2', 'critical')],
  }
  const type = 'application/vnd.cyclonedx+json'
  const report = await push.image('team/app', '', {
    ...{ artifactType: type, layerType: type, subject },
    layers: [JSON.stringify(document)],
  })
  const listed = await done('manifest', 'list-referrers', 'team/app:v2')
  assert.match(listed, new RegExp(`^report +cyclonedx +${report.digest} +1 critical, 1 low`, 'm'))
  const shown = await done('manifest', 'show-report', `team/app@${report.digest}`)
  assert.deepEqual(
    shown.split('\n').map(line => line.split(/ {2,}/).slice(0, 4).join('|')),
    ['SEVERITY|ID|PACKAGE|VERSION', 'critical|CVE-2026-2|openssl|3.0.1', 'low|CVE-2026-1|openssl|3.0.1', ''],
  )
  const query = ['--severity', 'low', '--query', 'findings[].id', '-o', 'tsv']
  assert.equal(await done('manifest', 'show-report', `team/app@${report.digest}`, ...query), 'CVE-2026-1\n')
  const wrong = await runTowpath(platform, ['manifest', 'show-report', `team/app@${subject.digest}`])
  assert.match(wrong.stderr, /neither SARIF nor CycloneDX/)
  assert.match((await runTowpath(platform, ['manifest', 'list-referrers', 'team/app:none'])).stderr, /none is not in/)
})
