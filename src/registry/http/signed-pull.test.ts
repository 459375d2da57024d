import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { queryAudit } from '../../audit/index.ts'
import { newTokenPassword } from '../../identity/index.ts'
import { systemClock } from '../../kernel/index.ts'
import type { Digest } from '../../oci/index.ts'
import type { ServedPolicy } from '../policies/policy.ts'
import { repo, TESTER } from '../registry.fixture.ts'
import { PEMS, pushRecorded, SIGNED, trustPolicy, V1, V2 } from '../trust/trust.fixture.ts'
import { serveRegistry } from './data-plane.fixture.ts'

const app = repo('app')

async function serve(t: TestContext, policies: readonly ServedPolicy[]) {
  const { password, hash } = await newTokenPassword(systemClock('test'))
  const passwords = [{ slot: 1 as const, hash, changedAt: 1000, expiresAt: null }]
  const token = (name: string, ...actions: string[]) => ({
    ...{ id: `tok_${name}`, registryId: 'reg_default', name, enabled: true, passwords },
    actions: actions.map(action => `repositories/app/${action}`),
  })
  const tokens = [token('reader', 'content/read'), token('signer', 'content/read', 'content/write')]
  let now = policies
  const serving = await serveRegistry(t, { tokens, policies: () => now })
  await pushRecorded(serving.registry, app)
  const pull = (reference: string, user = 'reader', method = 'GET') =>
    serving.call(`/v2/app/manifests/${reference}`, {
      method,
      headers: { authorization: `Basic ${btoa(`${user}:${password}`)}` },
    })
  return { ...serving, pull, password, set: (next: readonly ServedPolicy[]) => (now = next) }
}

test('what no key of the policy signed is refused by tag, by digest and to HEAD, in words, and stands in the audit', async t => {
  const { pull, store } = await serve(t, [trustPolicy({ release: PEMS.other, build: PEMS.rsa })])
  for (const reference of ['v1', V1]) {
    const answer = await pull(reference)
    assert.equal(answer.status, 403)
    const { errors } = (await answer.json()) as { errors: [{ code: string; message: string; detail: object }] }
    assert.equal(errors[0].code, 'DENIED')
    const words = `trust policy "signed" found no signature by any of the keys "release", "build".`
    assert.ok(errors[0].message.includes(`${reference} of app may not be pulled: ${words}`), errors[0].message)
    const missing = [{ policy: 'signed', keys: ['release', 'build'] }]
    assert.deepEqual(errors[0].detail, { repository: 'app', reference, digest: V1, missing })
    assert.equal((await pull(reference, 'reader', 'HEAD')).status, 403)
  }
  assert.equal((await pull('unknown')).status, 404)
  const { records } = await queryAudit(store.read, { tenantId: 'ten_test' }, { limit: 100 })
  const denied = records.filter(one => one.result === 'denied')
  assert.equal(denied.length, 4)
  const [last] = denied
  assert.equal(last?.action, 'registry/content/read')
  assert.equal(last?.detail.digest, V1)
  assert.equal(last?.detail.policies, 'signed')
})

test('what is signed is pulled, until its signature or the key goes', async t => {
  const { pull, registry, set } = await serve(t, [trustPolicy({ release: PEMS.cosign })])
  for (const reference of ['v1', 'v2', V1, V2]) assert.equal((await pull(reference)).status, 200, reference)
  await registry.deleteManifest(app, SIGNED.bundle as Digest, TESTER)
  assert.equal((await pull('v1')).status, 403)
  assert.equal((await pull('v2')).status, 200)
  set([trustPolicy({ release: PEMS.other })])
  assert.equal((await pull('v2')).status, 403)
  set([])
  assert.equal((await pull('v1')).status, 200)
})

test('signatures can be read by all who may pull, and images by who may push, whose token says pull alone', async t => {
  const { pull, url, password } = await serve(t, [trustPolicy({ release: PEMS.other })])
  for (const digest of Object.values(SIGNED)) assert.equal((await pull(digest)).status, 200, digest)
  assert.equal((await pull(`${V2.replace(':', '-')}.sig`)).status, 200)
  assert.equal((await pull('v1', 'signer')).status, 200)
  const basic = `Basic ${btoa(`signer:${password}`)}`
  const host = new URL(url).host
  const asked = await fetch(`${url}/oauth2/token?service=${host}&scope=repository:app:pull`, {
    headers: { authorization: basic },
  })
  const { access_token: token } = (await asked.json()) as { access_token: string }
  const answer = await fetch(`${url}/v2/app/manifests/v1`, { headers: { authorization: `Bearer ${token}` } })
  assert.equal(answer.status, 200)
})

test('a pull without a trust policy makes one statement, as it did before there were any', async t => {
  const { store, call } = await serve(t, [trustPolicy({ release: PEMS.other }, { registryId: 'reg_other' })])
  assert.equal((await call('/v2/app/manifests/v1')).status, 200)
  let statements = 0
  const { one, all } = store.read
  t.mock.method(store.read, 'one', (query: Parameters<typeof one>[0]) => {
    statements++
    return one.call(store.read, query)
  })
  t.mock.method(store.read, 'all', (query: Parameters<typeof all>[0]) => {
    statements++
    return all.call(store.read, query)
  })
  assert.equal((await call('/v2/app/manifests/v1')).status, 200)
  assert.equal(statements, 1)
})
