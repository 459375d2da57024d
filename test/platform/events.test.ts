import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Live } from '../../src/api/index.ts'
import { type Platform, startPlatform } from '../support/platform.ts'

type Event = { id: string; live: Live }
type Opened = { status: number; next(): Promise<Event | undefined>; close(): Promise<void> }
type Program = { id: string; header: string }

let platform: Platform
const admin = () => `Basic ${btoa(`admin:${platform.adminPassword}`)}`

before(async () => {
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '1' } })
})
after(() => platform.stop())

const make = <T>(path: string, body: unknown) => platform.make<T>(`/api/v1/tenants${path}`, body)

async function program(name: string): Promise<Program> {
  const { id } = await make<{ id: string }>('/default/principals', { kind: 'service', name })
  const { secret } = await make<{ secret: string }>(`/default/principals/${id}/secrets`, {})
  return { id, header: `Basic ${btoa(`${id}:${secret}`)}` }
}

async function open(tenant: string, authorization = admin(), heard = ''): Promise<Opened> {
  const headers = { authorization, ...(heard === '' ? {} : { 'last-event-id': heard }) }
  const answer = await fetch(`${platform.control}/api/v1/events?tenant=${tenant}`, { headers })
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    status: answer.status,
    async next() {
      for (;;) {
        const found = /id: (\S+)\nevent: live\ndata: (.*)\n\n/.exec(text)
        if (found?.[1] && found[2]) {
          text = text.slice(found.index + found[0].length)
          return { id: found[1], live: JSON.parse(found[2]) as Live }
        }
        const more = await reader?.read()
        if (!more || more.done) return undefined
        text += more.value
      }
    },
    close: async () => reader?.cancel(),
  }
}

test('a stream says how far things are, and again once they went on; what was heard is not said twice', async () => {
  const stream = await open('default')
  const first = await stream.next()
  assert.equal(first?.live.tenant.id, 'ten_default')
  assert.ok(first.live.status)
  await make('/default/groups', { name: 'later' })
  // The audit is sealed a moment after: that is an event of its own.
  let now = await stream.next()
  while (now && now.live.tenant.version === first.live.tenant.version) now = await stream.next()
  assert.equal(now?.live.tenant.version, first.live.tenant.version + 1)
  while (now && now.live.audit === first.live.audit) now = await stream.next()
  assert.ok(now)
  await stream.close()

  const again = await open('default', admin(), now.id)
  const quiet = again.next()
  await make('/default/groups', { name: 'after-that' })
  const event = await quiet
  assert.notEqual(event?.id, now.id)
  assert.equal(event?.live.tenant.version, now.live.tenant.version + 1)
  await again.close()
})

test('only what the caller may see is in it, and it ends when the caller may see nothing', async () => {
  const { id, header } = await program('onlooker')
  const role = { principalId: id, roleId: 'rol_acr_pull', scope: '/tenants/ten_default' }
  assert.equal((await open('default', header)).status, 403)
  const reading = await make<{ id: string }>('/default/assignments', { ...role, roleId: 'rol_monitoring_reader' })
  const stream = await open('default', header)
  const first = await stream.next()
  assert.deepEqual(Object.keys(first?.live ?? {}), ['tenant', 'own'])
  const gone = await platform.api(`/api/v1/tenants/default/assignments/${reading.id}`, { method: 'DELETE' })
  assert.equal(gone.status, 204)
  assert.equal(await stream.next(), undefined)

  await platform.api('/api/v1/tenants', { method: 'POST', body: { name: 'closed' } })
  for (const tenant of ['closed', 'nowhere']) assert.equal((await open(tenant, header)).status, 404)
  assert.equal((await fetch(`${platform.control}/api/v1/events?tenant=default`)).status, 401)
})

test('one caller holds sixteen streams and no more, until it closes one', async () => {
  const { id, header } = await program('collector')
  await make('/default/assignments', { principalId: id, roleId: 'rol_reader', scope: '/tenants/ten_default' })
  const held: Opened[] = []
  while (held.length < 16) held.push(await open('default', header))
  assert.deepEqual([...new Set(held.map(({ status }) => status))], [200])
  assert.equal((await open('default', header)).status, 429)
  await held[0]?.close()
  let status = 429
  for (let tries = 0; status !== 200 && tries < 200; tries++) {
    const one = await open('default', header)
    status = one.status
    await one.close()
  }
  assert.equal(status, 200)
  await Promise.all(held.map(one => one.close()))
})
