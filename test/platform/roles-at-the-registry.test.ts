import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { runTowpath } from '../support/command.ts'
import { type Platform, PROGRAM, startPlatform } from '../support/platform.ts'
import { adminSession } from '../support/session.ts'

/** What the plan promises of the data plane. */
const HEARD_MS = 10_000
const HOME = '/api/v1/tenants/ten_default'
const REGISTRY = '/tenants/ten_default/resources/reg_default'
let platform: Platform
before(async () => {
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '2' } })
})
after(() => platform.stop())

const make = <T = { id: string }>(path: string, body: unknown, method = 'POST') => platform.make<T>(path, body, method)

type Program = { id: string; secretId: string; basic: Record<string, string> }

type Wanted = { roleId?: string; scope?: string; tenant?: string }

async function program(
  name: string,
  { roleId, scope = REGISTRY, tenant = 'ten_default' }: Wanted = {},
): Promise<Program> {
  const there = `/api/v1/tenants/${tenant}`
  const { id } = await make(`${there}/principals`, { kind: 'service', name })
  if (roleId) await make(`${there}/assignments`, { principalId: id, roleId, scope })
  const made = await make<{ id: string; clientId: string; secret: string }>(`${there}/principals/${id}/secrets`, {})
  return { id, secretId: made.id, basic: { authorization: `Basic ${btoa(`${made.clientId}:${made.secret}`)}` } }
}

const ask = async (headers: Record<string, string>, path: string, method = 'GET') => {
  const answer = await fetch(`http://${platform.registry}/v2/${path}`, { headers, method })
  const body = await answer.text()
  if (answer.status === 401 || answer.status === 403) {
    const { errors } = JSON.parse(body) as { errors: { code: string; message: string }[] }
    assert.deepEqual(
      errors.map(one => one.code),
      [answer.status === 401 ? 'UNAUTHORIZED' : 'DENIED'],
    )
    assert.equal(answer.headers.has('www-authenticate'), answer.status === 401)
  }
  return answer.status
}
// Nothing is there: 404 is a pull that was allowed.
const pull = (headers: Record<string, string>) => ask(headers, 'team/app/manifests/none')
const push = (headers: Record<string, string>) => ask(headers, 'team/app/blobs/uploads/', 'POST')

/** Every node in turn: 20 connections reach both of them, and none may still think otherwise. */
async function becomes(status: number, asked: () => Promise<number>): Promise<void> {
  const from = performance.now()
  for (let right = 0; right < 20; ) {
    const now = await asked()
    right = now === status ? right + 1 : 0
    if (right === 0) await sleep(20)
    assert.ok(performance.now() - from < HEARD_MS, `still ${now} after ${HEARD_MS} ms`)
  }
}

test('a program pulls by a role of its group, may not push, and ends with the role, the group or itself', async () => {
  const { id, basic, secretId } = await program('puller')
  assert.equal(await pull(basic), 401, 'it has no role')
  const team = await make(`${HOME}/principals`, { kind: 'group', name: 'pullers' })
  const membership = `${HOME}/principals/${team.id}/members/${id}`
  await make(membership, undefined, 'PUT')
  const role = { principalId: team.id, roleId: 'rol_acr_pull', scope: '/tenants/ten_default' }
  const { id: assignment } = await make(`${HOME}/assignments`, role)
  await becomes(404, () => pull(basic))
  assert.equal(await push(basic), 403)
  assert.equal(await ask(basic, '_catalog'), 200)

  await make(membership, undefined, 'DELETE')
  await becomes(401, () => pull(basic))
  await make(membership, undefined, 'PUT')
  await becomes(404, () => pull(basic))
  await make(`${HOME}/principals/${id}`, { enabled: false }, 'PATCH')
  await becomes(401, () => pull(basic))
  await make(`${HOME}/principals/${id}`, { enabled: true }, 'PATCH')
  await becomes(404, () => pull(basic))
  await make(`${HOME}/assignments/${assignment}`, undefined, 'DELETE')
  await becomes(401, () => pull(basic))
  await make(`${HOME}/assignments`, role)
  await becomes(404, () => pull(basic))
  await make(`${HOME}/principals/${id}/secrets/${secretId}`, undefined, 'DELETE')
  await becomes(401, () => pull(basic))
})

test('docker’s token flow with a client id and secret gives what the role allows', async () => {
  const { basic } = await program('pusher', { roleId: 'rol_acr_push' })
  await becomes(202, () => push(basic))
  const asked = `service=${platform.registry}&scope=repository:team/app:pull,push,delete`
  const answer = await fetch(`http://${platform.registry}/oauth2/token?${asked}`, { headers: basic })
  const { access_token } = (await answer.json()) as { access_token: string }
  const claims = JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString())
  assert.deepEqual(claims.access, [{ type: 'repository', name: 'team/app', actions: ['pull', 'push'] }])
  const bearer = { authorization: `Bearer ${access_token}` }
  assert.equal(await push(bearer), 202)
  assert.equal(await ask(bearer, `team/app/manifests/sha256:${'0'.repeat(64)}`, 'DELETE'), 403)
})

test('a role under a condition opens nothing, and neither does one over the registry itself', async () => {
  const { id, basic } = await program('limited')
  const under = { principalId: id, scope: REGISTRY, condition: 'context.now > 0' }
  await make(`${HOME}/assignments`, { ...under, roleId: 'rol_acr_pull' })
  await make(`${HOME}/assignments`, { principalId: id, scope: REGISTRY, roleId: 'rol_contributor' })
  assert.equal((await login(basic)).body.code, 'REGISTRY_LOGIN_OPENS_NOTHING')
  const other = await program('afterwards', { roleId: 'rol_acr_pull' })
  // Its role came later: whoever has heard of that has heard of the others.
  await becomes(404, () => pull(other.basic))
  assert.equal(await pull(basic), 401)
})

type Login = { host: string; username: string; refreshToken: string; expiresAt: number; code?: string }

async function login(headers: Record<string, string>, body?: unknown, name = 'default') {
  const answer = await fetch(`${platform.control}/api/v1/registries/${name}/login`, {
    method: 'POST',
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, policy: answer.headers.get('x-towpath-policy'), body: (await answer.json()) as Login }
}

async function bought(refreshToken: string, host = platform.registry): Promise<number> {
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken, service: host }
  const answer = await fetch(`http://${host}/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) })
  await answer.arrayBuffer()
  return answer.status
}

test('whoever may do anything in a registry gets a login for it, by any way of signing in, for any endpoint', async () => {
  const { basic } = await program('logs-in', { roleId: 'rol_acr_delete' })
  const made = await login(basic)
  assert.equal(made.status, 200, JSON.stringify(made.body))
  const { host, username, refreshToken, expiresAt } = made.body
  assert.deepEqual([host, username], [platform.registry, '00000000-0000-0000-0000-000000000000'])
  assert.match(made.policy ?? '', /^asg_/)
  assert.ok(expiresAt - Date.now() > 2.9 * 3_600_000)
  await becomes(200, () => bought(refreshToken))
  const asPassword = { authorization: `Basic ${btoa(`${username}:${refreshToken}`)}` }
  assert.equal(await pull(asPassword), 403, 'it may delete, and that alone')
  assert.equal(await ask(asPassword, `team/app/manifests/sha256:${'0'.repeat(64)}`, 'DELETE'), 404)

  const form = { grant_type: 'client_credentials' }
  const token = await fetch(`${platform.control}/oauth2/token`, {
    method: 'POST',
    headers: basic,
    body: new URLSearchParams(form),
  })
  const { access_token } = (await token.json()) as { access_token: string }
  const byToken = await login({ authorization: `Bearer ${access_token}` }, { endpoint: 'home' })
  assert.equal(byToken.body.host, platform.regional())
  assert.ok(byToken.body.expiresAt - Date.now() > 2.9 * 3_600_000, 'longer than the token of the API')
  assert.equal(await bought(byToken.body.refreshToken, platform.regional()), 200)
  assert.equal(await bought(byToken.body.refreshToken), 401, 'for the endpoint that was named')
  const exchanged = await fetch(`http://${platform.registry}/oauth2/exchange`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'access_token', service: platform.registry, access_token }),
  })
  assert.equal(exchanged.status, 200)
  assert.equal(await bought(((await exchanged.json()) as { refresh_token: string }).refresh_token), 200)

  const nobody = await program('without-a-role')
  const refused = await login(nobody.basic)
  assert.deepEqual([refused.status, refused.body.code, refused.policy], [403, 'FORBIDDEN', 'default-deny'])
  assert.deepEqual((await login(basic, {}, 'nowhere')).body.code, 'REGISTRY_UNKNOWN')
  assert.deepEqual((await login(basic, { endpoint: 'mars.example' })).status, 200, 'a host that leads to it')
  assert.deepEqual((await login(basic, { endpoint: 'mars' })).body.code, 'REGISTRY_ENDPOINT_UNKNOWN')
  assert.deepEqual((await login(basic, { endpoint: 'no host' })).body.code, 'REGISTRY_ENDPOINT_UNKNOWN')
  const audit = await platform.api('/api/v1/audit?limit=200')
  const { records } = (await audit.json()) as { records: { action: string; result: string; resource: string }[] }
  assert.ok(records.some(one => one.action === 'registry/login' && one.result === 'done' && one.resource === REGISTRY))
  assert.ok(records.some(one => one.action === 'registry/content/read' && one.result === 'denied'))
  assert.ok(!JSON.stringify(records).includes(refreshToken))
})

const towpath = (env: Record<string, string>, ...args: string[]) => runTowpath(platform, args, { env })

test('towpath registry login writes what clients read, or shows it, and logout takes it away', async t => {
  const home = await mkdtemp(join(tmpdir(), 'towpath-test-'))
  t.after(() => rm(home, { recursive: true }))
  const { basic } = await program('at-a-terminal', { roleId: 'rol_acr_pull' })
  const [id = '', secret = ''] = atob(basic.authorization?.slice('Basic '.length) ?? '').split(':')
  const nobody = { HOME: home, XDG_RUNTIME_DIR: '', REGISTRY_AUTH_FILE: '', TOWPATH_PASSWORD: '' }
  const who = { ...nobody, TOWPATH_USERNAME: id, TOWPATH_PASSWORD: secret }
  await becomes(404, () => pull(basic))
  const shown = await towpath(who, 'registry', 'login', '--expose-token', '--endpoint', 'home', '-o', 'json')
  assert.equal(shown.code, 0, shown.stderr)
  const exposed = JSON.parse(shown.stdout) as { loginServer: string; accessToken: string }
  assert.equal(exposed.loginServer, platform.regional())
  assert.equal(await bought(exposed.accessToken, exposed.loginServer), 200)
  assert.equal((await towpath(nobody, 'oci', 'ls', platform.registry)).code, 3)

  const done = await towpath(who, 'registry', 'login', 'default', '--endpoint', 'global')
  assert.equal(done.code, 0, done.stderr)
  assert.match(done.stdout, /\.docker\/config\.json/)
  assert.ok(!`${done.stdout}${done.stderr}`.includes('eyJ'), 'the token itself is not shown')
  const listed = await towpath(nobody, 'oci', 'ls', platform.registry)
  assert.equal(listed.code, 0, listed.stderr)
  const pushed = await towpath(nobody, 'oci', 'push', PROGRAM, `${platform.registry}/team/mine:1`)
  assert.equal(pushed.code, 3, pushed.stderr)
  const left = await towpath(nobody, 'registry', 'logout', platform.registry)
  assert.match(left.stderr, /is taken out of/)
  assert.equal((await towpath(nobody, 'oci', 'ls', platform.registry)).code, 3)
})

test('signing out ends what the session opened at the registry', async () => {
  const session = await adminSession(platform)
  const { refreshToken } = (await login(session)).body
  await becomes(200, () => bought(refreshToken))
  const asked = `grant_type=refresh_token&service=${platform.registry}&scope=repository:team/app:pull`
  const bearer = await fetch(`http://${platform.registry}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams(`${asked}&refresh_token=${refreshToken}`),
  })
  const { access_token } = (await bearer.json()) as { access_token: string }
  const header = { authorization: `Bearer ${access_token}` }
  assert.equal(await pull(header), 404)
  const left = await fetch(`${platform.control}/api/v1/session`, { method: 'DELETE', headers: session })
  assert.equal(left.status, 200)
  await becomes(401, () => pull(header))
  await becomes(401, () => bought(refreshToken))
})

test('a lock on the registry stops pushes of programs, tokens and the admin, and no pull', async () => {
  const { basic } = await program('locked-out', { roleId: 'rol_acr_push' })
  const admin = { authorization: `Basic ${btoa(`admin:${platform.adminPassword}`)}` }
  await becomes(202, () => push(basic))
  const { id } = await make(`${HOME}/locks`, { nodeId: 'reg_default', kind: 'read-only', note: '' })
  await becomes(403, () => push(basic))
  await becomes(403, () => push(admin))
  assert.equal(await pull(basic), 404)
  assert.equal(await pull(admin), 404)
  await make(`${HOME}/locks/${id}`, undefined, 'DELETE')
  await becomes(202, () => push(basic))
  assert.equal(await push(admin), 202)
})

test('a registry of another tenant is closed, whatever one has at home', async () => {
  const { basic } = await program('traveller', { roleId: 'rol_acr_push' })
  await becomes(202, () => push(basic))
  const { id: tenant } = await make('/api/v1/tenants', { name: 'elsewhere' })
  const owner = await program('their-owner', { roleId: 'rol_owner', tenant, scope: `/tenants/${tenant}` })
  const host = platform.regional()
  const made = await fetch(`${platform.control}/api/v1/registries`, {
    method: 'POST',
    headers: { ...owner.basic, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'theirs', hosts: [host] }),
  })
  assert.equal(made.status, 201, await made.text())
  const theirs = async (headers: Record<string, string>) => {
    const answer = await fetch(`http://${host}/v2/team/app/manifests/none`, { headers })
    await answer.arrayBuffer()
    return answer.status
  }
  await becomes(404, () => theirs(owner.basic))
  assert.equal(await theirs(basic), 401)
  assert.equal(await pull(owner.basic), 401)
})
