import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { cp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { runTowpath } from '../support/command.ts'
import { type Platform, startPlatform } from '../support/platform.ts'

const env = { TOWPATH_REGIONS_0_NODES: '1' }
let platform: Platform
before(async () => {
  platform = await startPlatform({ env })
})
after(async () => {
  await platform.stop()
  await rm(platform.home, { recursive: true, force: true })
})

type Entry = {
  sequence: number
  action: string
  resource: string
  result: string
  region: string
  requestId: string
  actor: { id: string; kind: string; tenantId: string }
  detail: Record<string, unknown>
}
type Check = {
  checked: number
  unsealed: number
  head?: { sequence: number }
  problems: { kind: string; says: string }[]
  anchors: { at: string; upTo?: number; why?: string }[]
}

const towpath = (...args: string[]) => runTowpath(platform, ['audit', ...args])

async function api<T>(path: string, init?: { method: string; body?: unknown }): Promise<T> {
  const answer = await platform.api(path, init)
  assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`)
  return (await answer.json()) as T
}

const query = async (search = 'region=home') => (await api<{ records: Entry[] }>(`/api/v1/audit?${search}`)).records
const verify = (region: string) => api<Check>(`/api/v1/audit/verify?region=${region}`)

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await what()); tries++) {
    assert.ok(tries < 400, 'It did not come to that')
    await sleep(50)
  }
}

/** Everything is sealed, and the databases know each other's heads. */
async function anchored(): Promise<void> {
  for (const region of ['control', 'home']) {
    await until(async () => {
      const { head, unsealed, anchors } = await verify(region)
      return unsealed === 0 && head !== undefined && anchors[0]?.upTo === head.sequence
    })
  }
}

async function restart(between: () => Promise<void> = async () => {}): Promise<void> {
  const ports = { control: Number(new URL(platform.control).port), registry: Number(platform.registry.split(':')[1]) }
  await platform.stop({ keep: true })
  await between()
  platform = await startPlatform({ home: platform.home, ports, env })
}

const basic = (user: string, password: string) => `Basic ${btoa(`${user}:${password}`)}`

async function push(authorization: string, repository: string, tag: string): Promise<number[]> {
  const at = `http://${platform.registry}/v2/${repository}`
  const digest = `sha256:${createHash('sha256').update('{}').digest('hex')}`
  const send = (path: string, init: RequestInit) =>
    fetch(`${at}${path}`, { ...init, headers: { authorization, ...init.headers } })
  const blob = await send(`/blobs/uploads/?digest=${digest}`, { method: 'POST', body: '{}' })
  const type = 'application/vnd.oci.image.manifest.v1+json'
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: 2 }
  const body = JSON.stringify({ schemaVersion: 2, mediaType: type, config, layers: [] })
  const manifest = await send(`/manifests/${tag}`, { method: 'PUT', body, headers: { 'content-type': type } })
  return [blob.status, manifest.status]
}

test('what callers change at a registry, and what they may not, is in the chain of its region', async () => {
  const maps = '/api/v1/registries/default/scope-maps'
  const post = <T>(path: string, body: unknown) => api<T>(path, { method: 'POST', body })
  await post(maps, { name: 'writes', actions: ['repositories/team/app/content/write'] })
  await post(maps, { name: 'reads', actions: ['repositories/team/app/content/read'] })
  const passwords: Record<string, string> = {}
  for (const [name, scopeMap] of [
    ['writer', 'writes'],
    ['reader', 'reads'],
  ] as const) {
    const made = await post<{ passwords: { value?: string }[] }>('/api/v1/registries/default/tokens', {
      name,
      scopeMap,
    })
    passwords[name] = made.passwords[0]?.value ?? ''
  }
  const admin = basic('admin', platform.adminPassword)
  const [writer, reader] = [basic('writer', passwords.writer ?? ''), basic('reader', passwords.reader ?? '')]
  assert.deepEqual(await push(admin, 'team/app', 'v1'), [201, 201])
  await until(async () => (await push(writer, 'team/app', 'v2'))[1] === 201)
  const known = (await query()).length
  await until(async () => (await push(reader, 'team/app', 'v3'))[1] === 403)
  const url = `http://${platform.registry}/v2/team/app/manifests/v1`
  const removed = await fetch(url, {
    method: 'DELETE',
    headers: { authorization: admin, 'x-request-id': 'delete-0001' },
  })
  assert.equal(removed.status, 202)
  assert.equal((await fetch(url, { headers: { authorization: basic('admin', 'not-his') } })).status, 401)

  const found = (await query()).toReversed()
  const done = found.filter(one => one.result === 'done')
  assert.deepEqual(
    done.map(one => [one.actor.id, one.actor.kind, one.action, one.detail.tags ?? one.detail.tag, one.region]),
    [
      ['prn_admin', 'user', 'registry/content/write', 'v1', 'home'],
      ['token:writer', 'token', 'registry/content/write', 'v2', 'home'],
      ['prn_admin', 'user', 'registry/content/delete', 'v1', 'home'],
    ],
  )
  const resource = '/tenants/ten_default/resources/reg_default/repositories/team/app'
  assert.ok(done.every(one => one.resource === resource && one.actor.tenantId === 'ten_default'))
  assert.equal(done[2]?.requestId, 'delete-0001')
  const denied = found.slice(known).filter(one => one.result === 'denied')
  assert.ok(denied.some(one => one.actor.id === 'token:reader' && one.resource === resource))
  assert.ok(denied.some(one => one.action === 'registry/sign-in' && one.detail.user === 'admin'))
  assert.deepEqual(await query('action=registry/content/write'), [], 'not in the one of control')
})

test('the command line looks at the chain of a region, takes it away and verifies it', async () => {
  await until(async () => (await query('region=home&limit=1'))[0]?.sequence !== 0)
  const table = await towpath('query', '--region', 'home', '--action', 'registry/content/delete')
  assert.match(table.stdout, /registry\/content\/delete +done +\/tenants\S+team\/app +\d+\n$/)
  const lines = (await towpath('export', '--region', 'home')).stdout.trimEnd().split('\n')
  const all = await query('region=home&limit=500')
  assert.equal(lines.length, all.length + 1)
  assert.match(lines.at(-1) ?? '', /^\{"head":\{"tenantId":"ten_default","region":"home"/)
  assert.equal((await verify('home')).checked, all.length)
  const both = await towpath('verify', '--all-regions')
  assert.equal(both.code, 0, both.stderr)
  assert.match(both.stdout, /^REGION .*\ncontrol .*\nhome /)
  for (const path of ['audit', 'audit/verify', 'audit/export']) {
    const answer = await platform.api(`/api/v1/${path}?region=nowhere`)
    assert.deepEqual([answer.status, ((await answer.json()) as { code: string }).code], [404, 'REGION_UNKNOWN'])
  }
  assert.equal((await platform.api('/api/v1/audit?region=home&before=nonsense')).status, 400)
})

test('what is altered in a region is found; so is a chain made anew, by the heads that control keeps', async () => {
  await restart()
  await anchored()
  const database = new DatabaseSync(join(platform.home, 'regions', 'home', 'region.sqlite'), { timeout: 5000 })
  const before = database.prepare('select actor_id from audit_entry where sequence = 2').get()?.actor_id
  database.exec(`update audit_entry set actor_id = 'prn_other' where sequence = 2`)
  const altered = await towpath('verify', '--all-regions')
  assert.equal(altered.code, 1)
  assert.match(altered.stderr, /home: altered: Record 2 /)
  assert.match(altered.stderr, /control: no problem found/)
  database.exec(`update audit_entry set actor_id = '${before}' where sequence = 2`)
  assert.deepEqual((await verify('home')).problems, [])
  database.exec('create table kept as select * from audit_entry; create table kept_head as select * from audit_head')
  database.exec('delete from audit_entry; delete from audit_head')
  const anew = await verify('home')
  database.exec('insert into audit_entry select * from kept; insert into audit_head select * from kept_head')
  database.exec(`create table kept_anchor as select * from audit_anchor; update audit_anchor set hash = 'made-up'`)
  const madeUp = await verify('control')
  database.exec('delete from audit_anchor; insert into audit_anchor select * from kept_anchor')
  database.close()
  assert.match(madeUp.problems[0]?.says ?? '', /that "home" keeps is not signed by a key of this platform/)
  assert.deepEqual([anew.checked, anew.problems.map(one => one.kind)], [0, ['anchor']])
})

test('where a region is away, verify says that it could not be asked, and what only it has is a clear failure', async () => {
  const node = (await platform.pids())['region home 0'] ?? 0
  process.kill(node, 'SIGSTOP')
  const paths = ['audit', 'audit/verify', 'audit/export'].map(path => `/api/v1/${path}?region=home`)
  const [control, ...refused] = await Promise.all([verify('control'), ...paths.map(path => platform.api(path))])
  process.kill(node, 'SIGCONT')
  assert.deepEqual(control.problems, [])
  assert.match(control.anchors[0]?.why ?? '', /No node of region "home" answers/)
  for (const answer of refused) {
    assert.deepEqual([answer.status, ((await answer.json()) as { code: string }).code], [503, 'REGION_AWAY'])
  }
})

test('an older copy of the database of control, put back, is found by the heads that the region keeps', async () => {
  const folder = join(platform.home, 'control')
  const older = join(platform.home, 'older')
  await restart(() => cp(folder, older, { recursive: true }))
  await api('/api/v1/registries', { method: 'POST', body: { name: 'later' } })
  // Heads are pulled soon after a start, and then once a minute.
  await restart()
  await anchored()
  await restart(async () => {
    for (const file of await readdir(folder)) if (file.startsWith('control.sqlite')) await rm(join(folder, file))
    await cp(older, folder, { recursive: true })
  })
  const found = await towpath('verify', '--all-regions')
  assert.equal(found.code, 1)
  assert.match(found.stderr, /control: anchor: Record \d+ was known elsewhere; the chain ends at \d+/)
  assert.match(found.stderr, /home: no problem found/)
})
