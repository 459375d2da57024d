import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runTowpath } from '../support/command.ts'
import { type Platform, startPlatform } from '../support/platform.ts'
import { openedSecret } from '../support/secrets.ts'

let platform: Platform
let dir = ''
let masterKey = ''
const env = () => ({ TOWPATH_REGIONS_0_NODES: '1', TOWPATH_SECRETS_MASTER_KEY: `file:${masterKey}` })

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'towpath-master-'))
  masterKey = join(dir, 'keys')
  await writeFile(masterKey, newKey(), { mode: 0o600 })
  platform = await startPlatform({ env: env() })
})
after(async () => {
  await platform.stop()
  await rm(dir, { recursive: true, force: true })
})

function newKey(): string {
  return `${randomBytes(32).toString('base64')}\n`
}

async function restart(change: () => Promise<void>): Promise<void> {
  const { home } = platform
  const ports = { control: Number(new URL(platform.control).port), registry: Number(platform.registry.split(':')[1]) }
  await platform.stop({ keep: true })
  await change()
  platform = await startPlatform({ home, ports, env: env() })
}

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await what()) return
    await new Promise(done => setTimeout(done, 50))
  }
  assert.fail(`It did not come to that:\n${platform.output().stderr}`)
}

const basic = () => `Basic ${btoa(`admin:${platform.adminPassword}`)}`

/** Signs in as docker does; the status of the token endpoint, and of a look with what it gave. */
async function signIn(): Promise<{ status: number; code: unknown; token: string }> {
  const url = `http://${platform.registry}/oauth2/token?service=${platform.registry}&scope=registry:catalog:*`
  const answer = await fetch(url, { headers: { authorization: basic() } })
  const body = (await answer.json()) as { access_token?: string; errors?: { code?: string }[]; code?: string }
  return { status: answer.status, code: body.errors?.[0]?.code ?? body.code, token: body.access_token ?? '' }
}

async function look(authorization: string): Promise<number> {
  return (await fetch(`http://${platform.registry}/v2/_catalog`, { headers: { authorization } })).status
}

async function locked(): Promise<{ control: unknown; node: unknown }> {
  const status = (await (await platform.api('/api/v1/status')).json()) as {
    secretsLocked: unknown
    nodes: { health?: { secretsLocked?: unknown } }[]
  }
  return { control: status.secretsLocked, node: status.nodes[0]?.health?.secretsLocked }
}

async function everyFile(): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  for (const entry of await readdir(platform.home, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files.set(path, await readFile(path))
  }
  return files
}

/** Files of the home that hold one of the texts. */
async function holding(...texts: string[]): Promise<string[]> {
  const found = [...(await everyFile())].filter(([, bytes]) => texts.some(one => bytes.includes(one)))
  return found.map(([path]) => path)
}

const towpath = (...args: string[]) => runTowpath(platform, args)

const opened = (name: string) => openedSecret(platform.home, name, `file:${masterKey}`)

/** The parts of the platform's own secrets that nobody may read, and something that does lie in the home. */
async function privateParts(): Promise<{ secrets: string[]; visible: string }> {
  const signing = JSON.parse(await opened('token-signing.jwk')) as { d: string; x: string }
  const audit = JSON.parse(await opened('audit-signing.jwks')) as { keys: { d?: string }[] }
  const secrets = [signing.d, audit.keys[0]?.d ?? '', await opened('region-home.key')]
  assert.ok(secrets.every(one => one.length > 40))
  return { secrets, visible: signing.x }
}

test('after a start no file of the home holds a private key', async () => {
  await signIn()
  await until(async () => (await readdir(join(platform.home, 'secrets'))).includes('audit-signing.jwks'))
  const { secrets, visible } = await privateParts()
  assert.ok((await holding(visible)).length > 0, 'the search would find nothing')
  assert.deepEqual(await holding(...secrets), [])
  const names = (await readdir(join(platform.home, 'secrets'))).sort()
  assert.deepEqual(names, ['audit-signing.jwks', 'data.key', 'region-home.key', 'token-signing.jwk'])
})

test('files of an earlier version are sealed at the start, and mean the same: what they signed goes on', async () => {
  const { secrets } = await privateParts()
  const { token } = await signIn()
  await restart(async () => {
    for (const name of ['token-signing.jwk', 'audit-signing.jwks', 'region-home.key']) {
      const plain = await opened(name)
      await writeFile(join(platform.home, 'secrets', name), `${plain}\n`)
    }
    assert.equal((await holding(...secrets)).length, 3)
    await rm(join(platform.home, 'secrets', 'data.key'))
  })
  assert.equal(await look(`Bearer ${token}`), 200)
  await until(async () => (await holding(...secrets)).length === 0)
  assert.deepEqual((await privateParts()).secrets, secrets)
})

test('without its master key it starts, says so, serves what needs no secret, and opens without a restart', async () => {
  const { token } = await signIn()
  await restart(() => rename(masterKey, `${masterKey}.away`))
  assert.match(platform.output().stderr, /Secrets are locked/)
  const state = await locked()
  assert.match(String(state.control), /there is no master key/)
  assert.match(String(state.node), /there is no master key/)
  const said = await towpath('status')
  assert.equal(said.code, 0)
  assert.match(said.stderr, /Sealed secrets can't be used/)

  assert.equal(await look(basic()), 200, 'a password needs no key')
  assert.equal(await look(`Bearer ${token}`), 200, 'nor does a token that was signed before')
  const { status, code } = await signIn()
  assert.deepEqual([status, code], [503, 'VAULT_LOCKED'])
  const made = await platform.api('/api/v1/registries', { method: 'POST', body: { name: 'meanwhile' } })
  assert.equal(made.status, 201)
  const rotated = await platform.api('/api/v1/signing-keys', { method: 'POST', body: {} })
  assert.equal(rotated.status, 503)
  assert.equal(((await rotated.json()) as { code: string }).code, 'VAULT_LOCKED')
  assert.equal((await platform.api('/api/v1/master-key', { method: 'POST' })).status, 503)

  await rename(`${masterKey}.away`, masterKey)
  await until(async () => (await locked()).control === null && (await locked()).node === null)
  assert.equal((await signIn()).status, 200)
  assert.match(platform.output().stderr, /Secrets are open again/)
})

test('a first start under a master key that is not there says so and makes nothing in the clear', async () => {
  const home = await mkdtemp(join(tmpdir(), 'towpath-first-'))
  const wrong = { TOWPATH_SECRETS_MASTER_KEY: `file:${join(dir, 'nowhere')}` }
  await assert.rejects(startPlatform({ home, env: wrong }), /there is no master key/)
  assert.deepEqual(await readdir(join(home, 'secrets')).catch(() => []), [])
  await rm(home, { recursive: true })
})

test('a new master key takes over while all goes on, and the old one may go', async () => {
  const { token } = await signIn()
  const unchanged = await towpath('admin', 'master-key', 'rotate')
  assert.match(unchanged.stderr, /is the one that wraps already/)
  const [next, old] = [newKey(), await readFile(masterKey, 'utf8')]
  await writeFile(masterKey, next + old)
  const rotated = await towpath('admin', 'master-key', 'rotate', '-o', 'json')
  assert.equal(rotated.code, 0, rotated.stderr)
  assert.equal((JSON.parse(rotated.stdout) as { left: number }).left, 0)
  await writeFile(masterKey, next)
  assert.equal((await signIn()).status, 200)
  const killed = await platform.kill9('region home 0')
  await platform.until(all => all.some(one => one.role === 'region' && one.state === 'ready' && one.pid !== killed))
  assert.equal(await look(`Bearer ${token}`), 200)
  assert.equal((await signIn()).status, 200)
  await restart(async () => {})
  assert.deepEqual(await locked(), { control: null, node: null })
  assert.equal((await signIn()).status, 200)
  const audit = (await (await platform.api('/api/v1/audit?action=master-key.rotate')).json()) as { records: unknown[] }
  assert.equal(audit.records.length, 1)
})

test('every secret is listed by age, in pages, and none is told', async () => {
  const there = '/api/v1/tenants/ten_default/principals'
  const robot = (await (
    await platform.api(there, { method: 'POST', body: { kind: 'service', name: 'robot' } })
  ).json()) as { id: string }
  const secret = await platform.api(`${there}/${robot.id}/secrets`, { method: 'POST', body: { days: 90 } })
  const { secret: value } = (await secret.json()) as { secret: string }
  const token = { name: 'robot-of-ci', scopeMap: '_repositories_pull' }
  const made = await platform.api('/api/v1/registries/default/tokens', { method: 'POST', body: token })
  assert.equal(made.status, 201, await made.text())
  const provider = { name: 'corp', title: 'Corp', issuer: 'https://login.example.com', clientId: 'towpath' }
  const body = { ...provider, clientSecret: 'a-secret-of-the-client' }
  const added = await platform.api('/api/v1/tenants/ten_default/sign-in-providers', { method: 'POST', body })
  assert.equal(added.status, 201, await added.text())
  const second = await platform.api('/api/v1/admin/passwords/2', { method: 'POST' })
  assert.equal(second.status, 200, await second.text())

  const shown = await towpath('admin', 'secrets', '-o', 'tsv')
  assert.equal(shown.code, 0, shown.stderr)
  const lines = shown.stdout.trimEnd().split('\n')
  const kinds = lines.map(line => line.split('\t')[1])
  const count = (kind: string) => kinds.filter(one => one === kind).length
  assert.deepEqual(
    ['admin-password', 'service-secret', 'token-password', 'provider-secret', 'signing-key'].map(count),
    [2, 1, 2, 1, 1],
  )
  assert.deepEqual(['data-key', 'master-key', 'region-key', 'audit-key'].map(count), [2, 1, 1, 1])
  assert.ok(lines.every(line => line.endsWith('\tfine')))
  assert.ok(lines.some(line => /^robot sec_\S+\tservice-secret\tten_default\t/.test(line)))
  assert.ok(lines.some(line => line.startsWith('corp\tprovider-secret\tten_default\t')))
  const { secrets } = await privateParts()
  for (const one of [value, body.clientSecret, ...secrets]) assert.ok(!shown.stdout.includes(one))

  type Page = { secrets: { kind: string; name: string; tenantId: string; principalId: string }[]; next?: string }
  const page = async (after: string) =>
    (await (await platform.api(`/api/v1/secrets?limit=2&after=${encodeURIComponent(after)}`)).json()) as Page
  const all: string[] = []
  for (let after = ''; ; ) {
    const { secrets: some, next } = await page(after)
    assert.ok(some.length <= 2)
    const theirs = some.find(({ kind }) => kind === 'service-secret')
    if (theirs) assert.deepEqual([theirs.tenantId, theirs.principalId], ['ten_default', robot.id])
    all.push(...some.map(one => `${one.name}\t${one.kind}`))
    if (next === undefined) break
    after = next
  }
  assert.deepEqual(
    all,
    lines.map(line => line.split('\t').slice(0, 2).join('\t')),
  )
  assert.equal((await platform.api('/api/v1/secrets?after=nowhere')).status, 400)
})
