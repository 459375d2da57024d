import assert from 'node:assert/strict'
import { rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { runTowpath } from '../support/command.ts'
import { type Platform, startPlatform } from '../support/platform.ts'
import { openedSecret } from '../support/secrets.ts'

let platform: Platform
before(async () => {
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '1' } })
})
after(async () => {
  await platform.stop()
  // One that was given, as at the second start, stays.
  await rm(platform.home, { recursive: true, force: true })
})

type Entry = {
  sequence: number
  action: string
  resource: string
  result: string
  requestId: string
  actor: { id: string; kind: string }
  detail: Record<string, unknown>
}

const towpath = (...args: string[]) => runTowpath(platform, ['audit', ...args])

async function query(search = ''): Promise<Entry[]> {
  const answer = await platform.api(`/api/v1/audit?${search}`)
  assert.equal(answer.status, 200)
  return ((await answer.json()) as { records: Entry[] }).records
}

async function sealed(): Promise<void> {
  for (let tries = 0; (await query('limit=1')).some(one => one.sequence === 0); tries++) {
    assert.ok(tries < 200, 'nothing seals the audit')
    await sleep(50)
  }
}

const post = (name: string) => platform.api('/api/v1/registries', { method: 'POST', body: { name } })

test('what changes is in the audit with who asked; what was refused changed nothing and is not', async () => {
  const made = await post('team')
  const { id } = (await made.json()) as { id: string }
  assert.equal((await post('team')).status, 409)
  const change = { anonymousPull: true, hosts: ['team.example'] }
  await platform.api('/api/v1/registries/team', { method: 'PATCH', body: change })
  await platform.api('/api/v1/registries/team', { method: 'DELETE' })
  await platform.api('/api/v1/admin/passwords/2', { method: 'POST', body: { password: 'a-second-password' } })
  const resource = `/tenants/ten_default/resources/${id}`
  const [removed, updated, created, ...more] = await query(`resource=${encodeURIComponent(resource)}`)
  assert.deepEqual(more, [])
  assert.deepEqual(
    [created, updated, removed].map(one => [one?.action, one?.result, one?.actor.kind]),
    ['registry/write', 'registry/write', 'registry/delete'].map(action => [action, 'done', 'user']),
  )
  const { name, hosts, anonymousPull } = updated?.detail ?? {}
  assert.deepEqual({ name, hosts, anonymousPull }, { name: 'team', hosts: 'team.example', anonymousPull: true })
  assert.equal(created?.requestId, made.headers.get('x-request-id'))
  const [rotated] = await query('action=admin.rotate')
  assert.deepEqual([rotated?.resource, rotated?.detail], ['user:admin', { slot: 2 }])
  assert.ok(!JSON.stringify(await query()).includes('a-second-password'))
})

test('who was turned away is in the audit, so often and no oftener', async () => {
  const wrong = { authorization: `Basic ${btoa('admin:no-password-of-his')}` }
  const status = async () => (await fetch(`${platform.control}/api/v1/status?x=secret`, { headers: wrong })).status
  for (let i = 0; i < 15; i++) assert.ok([401, 429].includes(await status()))
  assert.equal((await fetch(`${platform.control}/api/v1/session`)).status, 401, 'nobody, who claims to be nobody')
  const denied = await query('result=denied')
  assert.equal(denied.length, 10)
  assert.ok(denied.every(one => one.action !== 'session.read'))
  const [first] = denied
  assert(first)
  const { actor, action, resource, detail } = first
  assert.deepEqual([actor.kind, action, resource], ['anonymous', 'status.read', '/api/v1/status'])
  assert.deepEqual(detail, { address: '127.0.0.1', method: 'GET', code: 'UNAUTHORIZED' })
})

test('the command line queries, exports and verifies; an altered row and a chain cut back are found', async () => {
  await sealed()
  const table = await towpath('query', '--action', 'registry/delete')
  assert.match(
    table.stdout,
    /^TIME +ACTOR +ACTION +RESULT +RESOURCE +SEALED\n\S+Z +\S+ +registry\/delete +done +\/tenants\S+ +\d+\n$/,
  )
  const page = await towpath('query', '--limit', '2', '-o', 'json')
  const { records, next } = JSON.parse(page.stdout) as { records: Entry[]; next: string }
  const later = await towpath('query', '--limit', '1', '--before', next, '-o', 'json')
  const [third] = (JSON.parse(later.stdout) as { records: Entry[] }).records
  assert.equal(third?.sequence, (records[1]?.sequence ?? 0) - 1)
  assert.equal((await towpath('query', '--before', 'nonsense')).code, 1)

  const file = join(platform.home, 'kept.jsonl')
  const lines = await towpath('export')
  await writeFile(file, lines.stdout)
  const all = lines.stdout.trimEnd().split('\n')
  assert.equal(all.length, (await query('limit=500')).length + 1)
  const events = await towpath('export', '--format', 'ocsf', '--result', 'denied')
  const parsed = events.stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)
  assert.deepEqual(new Set(parsed.map(event => `${event.class_uid} ${event.status_id}`)), new Set(['6003 2']))

  const fine = await towpath('verify', '--anchors', file)
  assert.equal(fine.code, 0, fine.stderr)
  assert.match(fine.stdout, /^REGION +CHECKED +HEAD .*\ncontrol +(\d+) +\1 /)
  assert.equal((await towpath('verify', '--anchors', '/nowhere')).code, 1)
  assert.equal((await towpath('verify', '--region', 'elsewhere', '--anchors', file)).code, 1)

  const database = new DatabaseSync(join(platform.home, 'control', 'control.sqlite'), { timeout: 5000 })
  const before = database.prepare('select actor_id from audit_entry where sequence = 2').get()?.actor_id
  database.exec(`update audit_entry set actor_id = 'user:other' where sequence = 2`)
  const altered = await towpath('verify')
  assert.equal(altered.code, 1)
  assert.match(altered.stderr, /altered: Record 2 /)
  database.exec(`update audit_entry set actor_id = '${before}' where sequence = 2`)
  assert.equal((await towpath('verify')).code, 0)
  database.exec('create table kept as select * from audit_entry; create table kept_head as select * from audit_head')
  database.exec('delete from audit_entry; delete from audit_head')
  const cut = await towpath('verify', '--anchors', file)
  database.exec('insert into audit_entry select * from kept; insert into audit_head select * from kept_head')
  database.exec('drop table kept; drop table kept_head')
  database.close()
  assert.equal(cut.code, 1)
  assert.match(cut.stderr, /anchor: /)
})

test('the key that signs is a secret; taken away, a new one signs, and what the old one signed keeps counting', async () => {
  const path = join(platform.home, 'secrets', 'audit-signing.jwks')
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  const held = async () => {
    const text = await openedSecret(platform.home, 'audit-signing.jwks')
    return (JSON.parse(text) as { keys: { x: string; d?: string }[] }).keys
  }
  const [before, ...more] = await held()
  assert.deepEqual(more, [])
  await post('before')
  await sealed()
  const ports = { control: Number(new URL(platform.control).port), registry: Number(platform.registry.split(':')[1]) }
  await platform.stop({ keep: true })
  await rm(path)
  platform = await startPlatform({ home: platform.home, ports, env: { TOWPATH_REGIONS_0_NODES: '1' } })
  await post('after')
  await sealed()
  const keys = await held()
  assert.deepEqual(
    keys.map(key => [key.x === before?.x, key.d !== undefined]),
    [
      [false, true],
      [true, false],
    ],
  )
  const fine = await towpath('verify', '-o', 'json')
  assert.equal(fine.code, 0, fine.stderr)
  assert.ok((JSON.parse(fine.stdout) as { checked: number }).checked > 2)
})
