import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pushImage, repo } from '../registry.fixture.ts'
import { serveRegistry } from './data-plane.fixture.ts'

const none = { registry: 0, identity: 0 }
const BAD = { authorization: `Basic ${btoa('admin:not the password')}` }

test('what is too much is answered 429 in the registry’s own form, and Retry-After counts down until it goes on', async t => {
  const { registry, call, clock } = await serveRegistry(t, { throttle: { read: { registry: 3, identity: 0 } } })
  await pushImage(registry, repo('team/app'), 'v1')
  const pull = async () => {
    const answer = await call('/v2/team/app/manifests/v1')
    const body = await answer.text()
    return { status: answer.status, after: Number(answer.headers.get('retry-after')), body }
  }
  for (let i = 0; i < 3; i++) assert.equal((await pull()).status, 200)
  const first = await pull()
  assert.equal(first.status, 429)
  const { errors } = JSON.parse(first.body) as { errors: { code: string; message: string; detail: unknown }[] }
  assert.equal(errors[0]?.code, 'TOOMANYREQUESTS')
  assert.match(errors[0]?.message ?? '', /This registry takes 3 read requests a minute/)
  assert.deepEqual(errors[0]?.detail, { class: 'read', of: 'registry', perMinute: 3, retryAfter: first.after })
  assert.ok(first.after <= 20 && first.after > 15, `${first.after} s`)
  clock.skip(10_000)
  const later = await pull()
  assert.ok(later.after <= first.after - 10, `${later.after} s after 10 s more`)
  clock.skip(later.after * 1000)
  assert.equal((await pull()).status, 200)
})

test('methods and endpoints have the classes that ACR gives them', async t => {
  const one = { registry: 1, identity: 0 }
  const throttle = { read: none, write: one, delete: one, referrers: one, oauth: one }
  const { call } = await serveRegistry(t, { throttle })
  const digest = `sha256:${'0'.repeat(64)}`
  const twice = async (path: string, method = 'GET') => {
    const answers = [await call(path, { method }), await call(path, { method })]
    const bodies = await Promise.all(answers.map(one => one.text()))
    return [answers[0]?.status, answers[1]?.status, JSON.parse(bodies[1] || '{}').errors?.[0]?.detail?.class]
  }
  assert.deepEqual(await twice('/v2/a/blobs/uploads/', 'POST'), [202, 429, 'write'])
  assert.deepEqual(await twice(`/v2/a/manifests/${digest}`, 'DELETE'), [404, 429, 'delete'])
  assert.deepEqual(await twice(`/v2/a/referrers/${digest}`), [200, 429, 'referrers'])
  assert.deepEqual(await twice('/oauth2/token?scope=repository:a:pull'), [200, 429, 'oauth'])
  assert.deepEqual(await twice('/v2/a/tags/list'), [404, 404, undefined])
})

test('who may not, or can not sign in, takes nothing from those who may', async t => {
  const throttle = { read: { registry: 2, identity: 0 }, oauth: { registry: 2, identity: 0 } }
  const { call, url } = await serveRegistry(t, { throttle })
  const statuses = async (path: string, headers?: Record<string, string>) => {
    const found = new Set<number>()
    for (let i = 0; i < 20; i++) {
      const answer = await fetch(`${url}${path}`, headers ? { headers } : {})
      await answer.arrayBuffer()
      found.add(answer.status)
    }
    return [...found]
  }
  assert.deepEqual(await statuses('/v2/a/tags/list'), [401])
  assert.deepEqual(await statuses('/v2/a/tags/list', BAD), [401])
  assert.deepEqual(await statuses('/oauth2/token', BAD), [401])
  assert.equal((await call('/v2/a/tags/list')).status, 404)
  assert.equal((await call('/oauth2/token?scope=repository:a:pull')).status, 200)
})

test('a part of an upload that one node hands to another is one request', async t => {
  const throttle = { write: { registry: 2, identity: 0 } }
  const owner = await serveRegistry(t, { throttle, node: '0' })
  const sockets: Record<string, string> = { '0': owner.socket }
  const beside = await serveRegistry(t, { throttle, node: '1', beside: owner, forward: name => sockets[name] })
  const begun = await owner.call('/v2/a/blobs/uploads/', { method: 'POST' })
  const location = begun.headers.get('location') ?? ''
  const patch = (on: typeof owner) => on.call(location, { method: 'PATCH', body: 'abc' }).then(answer => answer.status)
  assert.equal(await patch(beside), 202)
  assert.equal(await patch(beside), 202)
  assert.equal(await patch(beside), 429, 'that node has let two through')
  assert.equal(await patch(owner), 202, 'and the owner one beside the beginning')
  assert.equal(await patch(owner), 429)
})
