import assert from 'node:assert/strict'
import { test } from 'node:test'
import { queryAudit } from '../../audit/index.ts'
import { newTokenPassword, type TokenConfig } from '../../identity/index.ts'
import { systemClock } from '../../kernel/index.ts'
import { digestOf, mediaTypes } from '../../oci/index.ts'
import { imageBytes, pushBlob, repo } from '../registry.fixture.ts'
import { ADMIN, type Serving, serveRegistry } from './data-plane.fixture.ts'

const clock = systemClock('test')
const reader = (async () => {
  const { password, hash } = await newTokenPassword(clock)
  const token: TokenConfig = {
    ...{ id: 'tok_1', registryId: 'reg_default', name: 'reader', enabled: true },
    actions: ['repositories/team/app/content/read'],
    passwords: [{ slot: 1, hash, changedAt: 1000, expiresAt: null }],
  }
  return { token, authorization: `Basic ${btoa(`reader:${password}`)}` }
})()

async function serve(t: Parameters<typeof serveRegistry>[0]) {
  const { token, authorization } = await reader
  const serving = await serveRegistry(t, { tokens: [token] })
  return { serving, authorization }
}

async function recorded({ store }: Serving) {
  const { records } = await queryAudit(store.read, { tenantId: 'ten_test' }, { limit: 100 })
  return records.toReversed().map(({ actor, action, result, resource, requestId, detail }) => ({
    ...{ who: actor.id, kind: actor.kind, action, result, resource, requestId, detail },
  }))
}

const REGISTRY = '/tenants/ten_test/resources/reg_default'

test('what a caller changes is recorded under who that is; a pull never is', async t => {
  const { serving, authorization } = await serve(t)
  const app = repo('team/app')
  const config = await pushBlob(serving.registry, app, '{}')
  const push = { method: 'PUT', headers: { 'content-type': mediaTypes.ociManifest, 'x-request-id': 'push-0001' } }
  const pushed = await serving.call('/v2/team/app/manifests/v1', { ...push, body: imageBytes({ config }) as never })
  assert.equal(pushed.status, 201)
  const head = await fetch(`${serving.url}/v2/team/app/manifests/v1`, { headers: { authorization } })
  assert.equal(head.status, 200)
  assert.equal((await serving.call('/v2/team/app/manifests/v1', { method: 'DELETE' })).status, 202)
  assert.equal((await serving.call('/v2/team/app/manifests/v1', { method: 'DELETE' })).status, 404)
  const [first, second, ...more] = await recorded(serving)
  assert.deepEqual(more, [])
  assert.deepEqual([first?.who, first?.kind, first?.action], ['prn_admin', 'user', 'registry/content/write'])
  assert.equal(first?.requestId, 'push-0001')
  assert.equal(first?.detail.tags, 'v1')
  assert.match(String(first?.detail.proof), /^1\.\d+$/)
  assert.deepEqual([second?.action, second?.detail.tag], ['registry/content/delete', 'v1'])
})

test('one who may not write is recorded with the repository, before the answer; who is asked to sign in is not', async t => {
  const { serving, authorization } = await serve(t)
  const { url } = serving
  const upload = { method: 'POST', headers: { authorization } }
  assert.equal((await fetch(`${url}/v2/team/app/blobs/uploads/`, upload)).status, 403)
  const path = `/v2/team/app/manifests/${digestOf('x')}`
  assert.equal((await fetch(url + path, { method: 'DELETE', headers: { authorization } })).status, 403)
  assert.equal((await fetch(`${url}/v2/`)).status, 401)
  assert.equal((await fetch(`${url}/v2/team/app/manifests/v1`)).status, 401)
  assert.equal((await fetch(`${url}/v2/team/app/blobs/uploads/`, { method: 'POST' })).status, 401)
  const found = await recorded(serving)
  assert.deepEqual(
    found.map(one => [one.who, one.kind, one.result, one.action, one.resource]),
    ['write', 'delete'].map(verb => [
      ...['token:reader', 'token', 'denied', `registry/content/${verb}`],
      `${REGISTRY}/repositories/team/app`,
    ]),
  )
  assert.deepEqual(found[0]?.detail, { address: '127.0.0.1', method: 'POST', code: 'DENIED', proof: 'tok_1.1.1000' })
})

test('a wrong password is recorded under the name given, at the registry and at its token endpoint', async t => {
  const { serving } = await serve(t)
  const wrong = { headers: { authorization: `Basic ${btoa('reader:no-password-of-it')}` } }
  assert.equal((await fetch(`${serving.url}/v2/`, wrong)).status, 401)
  assert.equal((await fetch(`${serving.url}/oauth2/token?service=${new URL(serving.url).host}`, wrong)).status, 401)
  const form = new URLSearchParams({ grant_type: 'password', service: new URL(serving.url).host, scope: '' })
  form.set('username', 'ghost')
  form.set('password', 'anything')
  assert.equal((await fetch(`${serving.url}/oauth2/token`, { method: 'POST', body: form })).status, 401)
  assert.equal((await fetch(`${serving.url}/v2/`, { headers: { authorization: 'Bearer a.b.c' } })).status, 401)
  const found = await recorded(serving)
  assert.deepEqual(
    found.map(one => [one.who, one.action, one.resource, one.detail.user]),
    ['reader', 'reader', 'ghost'].map(user => ['anonymous', 'registry/sign-in', REGISTRY, user]),
  )
  assert.ok(!JSON.stringify(found).includes('no-password-of-it'))
})

test('one who knocks without end is recorded so often and no oftener, and others are answered', async t => {
  const { serving, authorization } = await serve(t)
  for (let i = 0; i < 15; i++) {
    const upload = { method: 'POST', headers: { authorization } }
    assert.equal((await fetch(`${serving.url}/v2/team/app/blobs/uploads/`, upload)).status, 403)
  }
  assert.equal((await recorded(serving)).length, 10)
  assert.equal((await fetch(`${serving.url}/v2/_catalog`, { headers: { authorization: ADMIN } })).status, 200)
})
