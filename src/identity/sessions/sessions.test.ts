import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { newId, type Store, sql, systemClock } from '../../kernel/index.ts'
import { type TestEngine, testEngines } from '../../kernel/store/engines.fixture.ts'
import { ensureAdmin, proofOfAdmin, readCredentials, rotateAdminPassword } from '../credentials.ts'
import { principals } from '../principals/principals.ts'
import { from, openTenants } from '../tenants.fixture.ts'
import { tenants } from '../tree/tenants.ts'
import { findSession, readSession, readSessionsOf } from './rows.ts'
import { csrfTokenOf, hashOfSecret, isCsrfTokenOf, newSessionSecret } from './secret.ts'
import type { SessionKind } from './session.ts'
import { type NewSession, sessions } from './sessions.ts'

const HOUR = 3_600_000

async function open(t: TestContext, engine: TestEngine) {
  const state = { now: Date.UTC(2026, 10, 25) }
  const clock = { ...systemClock('test'), now: () => state.now }
  const fixture = await openTenants(engine, clock)
  const { store } = fixture
  t.after(() => store.close())
  await fixture.tenant('ten_a')
  await fixture.principal('ten_a', 'prn_ann')

  async function signIn(principalId: string, more: Partial<NewSession> & { kind?: SessionKind; proof?: string } = {}) {
    const { kind = 'browser', proof = '', ...rest } = more
    const tenantId = principalId === 'prn_admin' ? 'ten_default' : 'ten_a'
    const { secret, hash } = newSessionSecret(clock)
    const session = await store.write(sessions.open, {
      session: { tenantId, id: newId(clock, 'ses'), principalId, kind, signedInBy: 'password', proof },
      ...{ secretHash: hash, replaces: undefined, address: '192.0.2.1', from: from(tenantId) },
      ...rest,
    })
    return { session, secret, hash }
  }
  const who = async (hash: string) => (await findSession(store.read, hash, state.now))?.principal.id
  return { ...fixture, clock, state, signIn, who }
}

async function ends(store: Store): Promise<string[]> {
  const rows = await store.read.all<{ detail: string }>(sql`
    select detail from audit_entry where action = 'session.end' order by id`)
  return rows.map(row => (JSON.parse(row.detail) as { why: string }).why)
}

for (const engine of testEngines()) {
  test(`a session is found by its secret, until it ends, on ${engine.name}`, async t => {
    const { store, state, signIn, who } = await open(t, engine)
    const first = await signIn('prn_ann')
    const second = await signIn('prn_ann')
    assert.notEqual(first.secret, second.secret)
    assert.equal(hashOfSecret(first.secret), first.hash)
    const found = await findSession(store.read, first.hash, state.now)
    assert.deepEqual(found?.session, first.session)
    assert.deepEqual(found?.principal, { tenantId: 'ten_a', id: 'prn_ann', kind: 'user', name: 'prn_ann' })
    const held = await store.read.all(sql`select * from sign_in_session`)
    assert.ok(!JSON.stringify(held).includes(first.secret), 'the secret itself is nowhere')
    assert.equal(await who(newSessionSecret(systemClock('other')).hash), undefined)

    const end = { tenantId: 'ten_a', id: first.session.id, principalId: 'prn_ann', from: from('ten_a') }
    await assert.rejects(store.write(sessions.end, { ...end, principalId: 'prn_admin' }), { code: 'SESSION_UNKNOWN' })
    await store.write(sessions.end, end)
    assert.equal(await who(first.hash), undefined)
    assert.equal(await who(second.hash), 'prn_ann')
    await assert.rejects(store.write(sessions.end, end), { code: 'SESSION_UNKNOWN' })
    assert.deepEqual(await ends(store), ['signed out'])
  })

  test(`it ends when nobody uses it, and after a day whoever does, on ${engine.name}`, async t => {
    const { store, state, signIn, who } = await open(t, engine)
    const { session, hash } = await signIn('prn_ann')
    const cli = await signIn('prn_ann', { kind: 'cli' })
    const see = () => store.write(sessions.see, { tenantId: 'ten_a', id: session.id })
    const seen = async () => (await readSession(store.read, 'ten_a', session.id, state.now))?.session.seenAt

    state.now += 59_000
    await see()
    assert.equal(await seen(), session.createdAt, 'once a minute is enough')
    state.now += 1000
    await see()
    assert.equal(await seen(), state.now)
    state.now += 8 * HOUR - 1
    assert.equal(await who(hash), 'prn_ann')
    state.now += 1
    assert.equal(await who(hash), undefined, 'idle for 8 h')

    const busy = await signIn('prn_ann')
    for (let hours = 0; hours < 23; hours += 1) {
      state.now += HOUR
      await store.write(sessions.see, { tenantId: 'ten_a', id: busy.session.id })
    }
    assert.equal(await who(busy.hash), 'prn_ann')
    state.now = busy.session.endsAt
    assert.equal(await who(busy.hash), undefined, '24 h in all')
    assert.equal(await who(cli.hash), 'prn_ann')

    assert.equal((await readSessionsOf(store.read, 'ten_a', 'prn_ann')).length, 3)
    await store.write(sessions.sweep, null)
    assert.deepEqual(
      (await readSessionsOf(store.read, 'ten_a', 'prn_ann')).map(({ id }) => id),
      [cli.session.id],
    )
    state.now += 30 * 24 * HOUR
    assert.equal(await who(cli.hash), undefined)
    assert.deepEqual(await ends(store), [], 'what expires was not ended by anybody')
  })

  test(`who is disabled, deleted, or no person has no session, on ${engine.name}`, async t => {
    const { store, state, principal, signIn, who } = await open(t, engine)
    const { hash } = await signIn('prn_ann')
    const ann = { tenantId: 'ten_a', id: 'prn_ann', from: from('ten_a') }
    await store.write(principals.enable, { ...ann, enabled: false })
    assert.equal(await who(hash), undefined)
    await assert.rejects(signIn('prn_ann'), { code: 'SIGN_IN_REFUSED' })
    await store.write(principals.enable, { ...ann, enabled: true })
    assert.equal(await who(hash), undefined, 'it does not come back')

    const again = await signIn('prn_ann')
    await store.write(principals.delete, ann)
    assert.equal(await findSession(store.read, again.hash, state.now), undefined)
    assert.deepEqual(await readSessionsOf(store.read, 'ten_a', 'prn_ann'), [])
    await principal('ten_a', 'prn_robot', 'service')
    await assert.rejects(signIn('prn_robot'), { code: 'SIGN_IN_REFUSED' })
    await assert.rejects(signIn('prn_nobody'), { code: 'SIGN_IN_REFUSED' })

    await principal('ten_a', 'prn_bob')
    await signIn('prn_bob')
    await store.write(tenants.delete, { id: 'ten_a', from: from('ten_a') })
    assert.deepEqual(await store.read.all(sql`select id from sign_in_session`), [])
  })

  test(`a password that is rotated takes its sessions along, the other slot's stay, on ${engine.name}`, async t => {
    const { store, clock, signIn, who } = await open(t, engine)
    await ensureAdmin({ store, clock, password: 'first' })
    await rotateAdminPassword({ store, clock, slot: 2, from: from() })
    const [one, two] = (await readCredentials(store.read)).map(proofOfAdmin)
    const first = await signIn('prn_admin', { proof: one ?? '' })
    const second = await signIn('prn_admin', { proof: two ?? '' })
    await rotateAdminPassword({ store, clock, slot: 1, from: from() })
    assert.equal(await who(first.hash), undefined)
    assert.equal(await who(second.hash), 'prn_admin')
    // It was compared before, and comes too late.
    await assert.rejects(signIn('prn_admin', { proof: one ?? '' }), { code: 'SIGN_IN_REFUSED' })
    assert.deepEqual(await ends(store), ['the password behind it was replaced'])
  })

  test(`a new sign-in ends the browser's one before, and the oldest of too many, on ${engine.name}`, async t => {
    const { store, state, signIn, who } = await open(t, engine)
    const first = await signIn('prn_ann')
    const second = await signIn('prn_ann', { replaces: { tenantId: 'ten_a', id: first.session.id } })
    assert.equal(await who(first.hash), undefined)
    for (let more = 0; more < 49; more++) {
      state.now += 1
      await signIn('prn_ann')
    }
    assert.equal(await who(second.hash), 'prn_ann')
    state.now += 1
    await signIn('prn_ann')
    assert.equal(await who(second.hash), undefined)
    assert.equal((await readSessionsOf(store.read, 'ten_a', 'prn_ann')).length, 50)
    assert.deepEqual(await ends(store), ['the same browser signed in anew', 'there were too many'])
  })
}

test('what a page shows beside the cookie fits one secret only, and is not the secret', () => {
  const [one, other] = [newSessionSecret(systemClock('a')).secret, newSessionSecret(systemClock('a')).secret]
  assert.ok(isCsrfTokenOf(one, csrfTokenOf(one)))
  assert.ok(!isCsrfTokenOf(one, csrfTokenOf(other)))
  assert.ok(!isCsrfTokenOf(one, one))
  assert.ok(!isCsrfTokenOf(one, ''))
  for (const odd of ['', 'x', `${one}x`, `${one.slice(1)}=`, `${one.slice(1)};`])
    assert.equal(hashOfSecret(odd), undefined)
})
