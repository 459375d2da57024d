import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { runTowpath } from '../support/command.ts'
import { type Platform, startPlatform } from '../support/platform.ts'

/** What the plan promises of the data plane. */
const HEARD_MS = 10_000
let platform: Platform
before(async () => {
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '2' } })
})
after(() => platform.stop())

const towpath = (...args: string[]) => runTowpath(platform, args)

type Shown = { passwords: { name: string; value?: string }[]; scopeMap: string; status: string }

async function created(...args: string[]): Promise<{ shown: Shown; password: string }> {
  const made = await towpath('token', 'create', ...args, '-o', 'json')
  assert.equal(made.code, 0, made.stderr)
  const shown = JSON.parse(made.stdout) as Shown
  return { shown, password: shown.passwords[0]?.value ?? '' }
}

const basic = (user: string, password: string) => ({ authorization: `Basic ${btoa(`${user}:${password}`)}` })

const bearer = (user: string, password: string, scope: string, at = platform.registry) =>
  bearerOf(basic(user, password), scope, at)

async function bearerOf(headers: Record<string, string>, scope = '', at = platform.registry) {
  const answer = await fetch(`http://${at}/oauth2/token?service=${at}&scope=${scope}`, { headers })
  assert.equal(answer.status, 200, await answer.clone().text())
  const { access_token } = (await answer.json()) as { access_token: string }
  return { authorization: `Bearer ${access_token}` }
}

const pull = async (headers: Record<string, string>, repository = 'team/app', at = platform.registry) => {
  const answer = await fetch(`http://${at}/v2/${repository}/manifests/none`, { headers })
  await answer.arrayBuffer()
  return answer.status
}
const push = async (headers: Record<string, string>, repository = 'team/app') => {
  const answer = await fetch(`http://${platform.registry}/v2/${repository}/blobs/uploads/`, { method: 'POST', headers })
  await answer.arrayBuffer()
  return answer.status
}

/** Every node in turn: 20 connections reach both of them, and none may still think otherwise. */
async function becomes(status: number, ask: () => Promise<number>): Promise<void> {
  const from = performance.now()
  for (let right = 0; right < 20; ) {
    const now = await ask()
    right = now === status ? right + 1 : 0
    if (right === 0) await sleep(20)
    assert.ok(performance.now() - from < HEARD_MS, `still ${now} after ${HEARD_MS} ms`)
  }
}

test('a token is made, does what its scope map says, follows its changes, and ends when it is deleted', async () => {
  const { shown, password } = await created('robot', '--repository', 'team/app', 'content/read', 'content/write')
  assert.deepEqual([shown.scopeMap, shown.status, shown.passwords.length], ['robot-scope-map', 'enabled', 2])
  const own = basic('robot', password)
  // Nothing is there yet: 404 is a pull that was allowed.
  await becomes(404, () => pull(own))
  assert.equal(await push(own), 202)
  assert.equal(await pull(own, 'team/other'), 403)
  assert.equal((await fetch(`http://${platform.registry}/v2/_catalog`, { headers: own })).status, 403)
  const control = await fetch(`${platform.control}/api/v1/registries`, { headers: own })
  assert.ok([401, 403].includes(control.status), 'control knows no tokens')

  const token = await bearer('robot', password, 'repository:team/app:pull,push')
  assert.equal(await push(token), 202)
  const update = ['--remove-repository', 'team/app', 'content/write', '--add-repository', 'brand/*', 'content/read']
  assert.equal((await towpath('scope-map', 'update', 'robot-scope-map', ...update)).code, 0)
  await becomes(403, () => push(token))
  await becomes(403, () => push(own))
  assert.equal(await pull(token), 404)
  assert.equal(await pull(own, 'brand/new'), 404)

  await towpath('token', 'update', 'robot', '--status', 'disabled')
  await becomes(401, () => pull(own))
  await becomes(401, () => pull(token))
  await towpath('token', 'update', 'robot', '--status', 'enabled')
  await becomes(404, () => pull(token))
  assert.equal((await towpath('token', 'delete', 'robot', '--yes')).code, 0)
  await becomes(401, () => pull(token))
  await becomes(401, () => pull(own))
})

test('one password is replaced or taken away, and the other goes on', async () => {
  const { shown, password } = await created('keeper', '--scope-map', '_repositories_pull')
  const second = basic('keeper', shown.passwords[1]?.value ?? '')
  await becomes(404, () => pull(basic('keeper', password)))
  const replaced = await towpath('token', 'credential', 'generate', 'keeper', '--password1', '-o', 'tsv')
  const fresh = replaced.stdout.split('\t')[2] ?? ''
  await becomes(404, () => pull(basic('keeper', fresh)))
  await becomes(401, () => pull(basic('keeper', password)))
  assert.equal(await pull(second), 404)
  await towpath('token', 'credential', 'delete', 'keeper', '--password1', '--yes')
  await becomes(401, () => pull(basic('keeper', fresh)))
  assert.equal(await pull(second), 404)
  const listed = await towpath('token', 'list')
  const head = /^NAME +SCOPE MAP +PASSWORD1 EXPIRY +PASSWORD2 EXPIRY +STATUS +PROVISIONING STATE +CREATION DATE\n/
  assert.match(listed.stdout, head)
  assert.ok(
    !listed.stdout.includes(fresh) &&
      !JSON.stringify(await towpath('token', 'show', 'keeper', '-o', 'json')).includes('scrypt'),
  )
})

test('a token is good at the endpoint that gave it, and at all of them where the registry says so', async () => {
  const { password } = await created('walker', '--scope-map', '_repositories_pull')
  await becomes(404, () => pull(basic('walker', password)))
  const scope = 'repository:team/app:pull'
  const own = await bearer('walker', password, scope)
  assert.equal(await pull(own), 404)
  assert.equal(await pull(own, 'team/app', platform.regional()), 401)
  const set = (which: string) => towpath('registry', 'update', 'default', '--token-audience', which)
  assert.equal((await set('registry')).code, 0)
  const shared = () => bearer('walker', password, scope)
  await becomes(404, async () => pull(await shared(), 'team/app', platform.regional()))
  const token = await shared()
  assert.equal(await pull(own, 'team/app', platform.regional()), 401, 'it was made for one')
  assert.equal((await set('endpoint')).code, 0)
  await becomes(401, () => pull(token, 'team/app', platform.regional()))
  assert.equal(await pull(token), 404)
})

test('the signing key is replaced without a restart: old tokens go on, or end at once where they must', async () => {
  const before = await bearer('admin', platform.adminPassword, 'repository:team/app:pull')
  const rotated = await towpath('admin', 'signing-keys', '--rotate', '-o', 'tsv')
  assert.equal(rotated.code, 0, rotated.stderr)
  const states = (table: string) =>
    table
      .trim()
      .split('\n')
      .map(line => line.split('\t')[1])
  assert.deepEqual(states(rotated.stdout), ['signing', 'announced'])
  assert.equal(await pull(before), 404)
  const lost = await towpath('admin', 'signing-keys', '--rotate', '--immediately', '-o', 'tsv')
  assert.deepEqual(states(lost.stdout).sort(), ['over', 'over', 'signing'])
  await becomes(401, () => pull(before))
  await becomes(404, async () => pull(await bearer('admin', platform.adminPassword, 'repository:team/app:pull')))
})

test('what can not be is refused with a reason and an exit code', async () => {
  const cases: [string[], number, RegExp][] = [
    [['token', 'create', 'admin', '--scope-map', '_repositories_pull'], 1, /admin/],
    [['token', 'create', 'lonely'], 1, /scopeMap or actions/],
    [['token', 'create', 'lonely', '--scope-map', 'nowhere'], 4, /no scope map/],
    [['token', 'create', '--scope-map', '_repositories_pull'], 2, /Which token/],
    [['scope-map', 'create', 'my-map', '--repository', 'UPPER', 'content/read'], 1, /no repository/],
    [['scope-map', 'create', 'my-map', '--repository', 'lower'], 2, /followed by no action/],
    [['scope-map', 'delete', '_repositories_pull', '--yes'], 5, /defined by the system/],
    [['token', 'show', 'nobody'], 4, /no token/],
    [['token', 'list', '--registry', 'nowhere'], 4, /no registry/],
  ]
  for (const [args, code, says] of cases) {
    const done = await towpath(...args)
    assert.match(done.stderr, says, args.join(' '))
    assert.equal(done.code, code, `${args.join(' ')}: ${done.stderr}`)
  }
})

test('each change of tokens, scope maps and keys is in the audit, with who asked, and no password is', async () => {
  const { shown, password } = await created('tallyman', '--scope-map', '_repositories_pull')
  await towpath('token', 'credential', 'delete', 'tallyman', '--password2', '--yes')
  const refused = await towpath('scope-map', 'delete', '_repositories_push', '--yes')
  assert.equal(refused.code, 5)
  const answer = await platform.api('/api/v1/audit?limit=200')
  const text = await answer.text()
  const { records } = JSON.parse(text) as { records: { action: string; resource: string; actor: { id: string } }[] }
  const mine = records.filter(one => one.resource.endsWith('/resources/reg_default/tokens/tallyman'))
  assert.deepEqual(mine.map(one => one.action).sort(), ['token/delete', 'token/write'])
  assert.ok(mine.every(one => one.actor.id !== 'anonymous'))
  assert.ok(records.some(one => one.action === 'signing-key.rotate'))
  assert.ok(!records.some(one => one.resource.endsWith('_repositories_push')), 'what was refused changed nothing')
  for (const secret of [password, shown.passwords[1]?.value ?? password, 'scrypt$']) assert.ok(!text.includes(secret))
})

test('a refresh token of the admin for a registry opens no door of the API, whatever host the request names', async () => {
  const form = { grant_type: 'password', service: platform.registry, username: 'admin', access_type: 'offline' }
  const body = new URLSearchParams({ ...form, password: platform.adminPassword })
  const bought = await fetch(`http://${platform.registry}/oauth2/token`, { method: 'POST', body })
  const { refresh_token } = (await bought.json()) as { refresh_token: string }
  const shown = basic('00000000-0000-0000-0000-000000000000', refresh_token)
  assert.ok(await bearerOf(shown), 'it is good at its registry')
  // What fetch does not let one say: that the request is for the host that the token is for.
  const ask = request(`${platform.control}/api/v1/admin/passwords`, { headers: { ...shown, host: platform.registry } })
  ask.end()
  const [answer] = await once(ask, 'response')
  assert.equal(answer.statusCode, 401, await text(answer))
})
