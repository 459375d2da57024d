import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql, systemClock } from '../../kernel/index.ts'
import { type TestEngine, testEngines } from '../../kernel/store/engines.fixture.ts'
import { createApiTokens } from '../api-tokens/api-tokens.ts'
import { enterByProvider } from '../oidc/enter.ts'
import { findProvider, signInProviders } from '../oidc/providers.ts'
import { principals } from '../principals/principals.ts'
import { findSession } from '../sessions/rows.ts'
import { sessions } from '../sessions/sessions.ts'
import { from, openTenants } from '../tenants.fixture.ts'
import { ringOf } from '../tokens/key-ring.fixture.ts'
import { newSigningKey } from '../tokens/signing-key.ts'
import { newUserCode, readUserCode, userCodeText } from './codes.ts'
import { createDeviceFlow } from './device-flow.ts'
import { devices } from './devices.ts'

const ANN = { tenantId: 'ten_a', id: 'prn_ann', kind: 'user' } as const
const REUSED = { code: 'INVALID_GRANT', message: /used before.*ended/ }
const OVER = { code: 'INVALID_GRANT', message: /has ended or expired/ }

async function open(t: TestContext, engine: TestEngine) {
  const state = { now: Date.UTC(2026, 10, 25) }
  const clock = { ...systemClock('test'), now: () => state.now, monotonic: () => state.now }
  const fixture = await openTenants(engine, clock)
  const { store } = fixture
  t.after(() => store.close())
  await fixture.tenant('ten_a')
  await fixture.principal('ten_a', 'prn_ann')
  const corp = {
    ...{ tenantId: 'ten_a', id: 'sip_corp', name: 'corp', title: 'Corp', issuer: 'https://corp.example' },
    ...{ clientId: 'towpath', sealedSecret: '', scopes: ['openid'], groupsClaim: '', groups: [] },
    ...{ provisioning: 'invited' as const, invitedBy: 'mail' as const },
  }
  await store.write(signInProviders.create, { provider: corp, from: from('ten_a') })
  await store.write(enterByProvider, {
    ...{ tenantId: 'ten_a', provider: 'corp', providerId: 'sip_corp', newId: '', from: from('ten_a') },
    person: { subject: 'ann', mail: 'prn_ann', username: undefined, groups: [] },
  })
  const flow = createDeviceFlow({ store, clock, region: 'control' })
  const answer = async (typed: string, allow = true) => {
    const { userCode } = await flow.find(typed, '9.9.9.9')
    const by = { signedInBy: 'oidc:corp', proof: '' }
    await store.write(devices.answer, { userCode, allow, principal: ANN, ...by, from: from('ten_a') })
  }
  const login = async () => {
    const started = await flow.start('1.1.1.1')
    await answer(started.userCode)
    return flow.poll(started.deviceCode, 'req')
  }
  return { ...fixture, clock, state, flow, answer, login }
}

for (const engine of testEngines()) {
  test(`a command line waits, is allowed by a person, and is signed in once, on ${engine.name}`, async t => {
    const { store, state, flow, answer } = await open(t, engine)
    const started = await flow.start('1.1.1.1')
    assert.match(started.userCode, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
    assert.deepEqual([started.expiresIn, started.interval], [600, 5])
    const poll = () => flow.poll(started.deviceCode, 'req')
    await assert.rejects(poll(), { code: 'AUTHORIZATION_PENDING' })
    await assert.rejects(poll(), { code: 'SLOW_DOWN', next: /10 s/ })
    state.now += 9_000
    await assert.rejects(poll(), { code: 'SLOW_DOWN', next: /15 s/ }, 'and it stays slower')
    state.now += 15_000
    await assert.rejects(poll(), { code: 'AUTHORIZATION_PENDING' })

    const typed = started.userCode.toLowerCase().replace('-', ' ')
    const seen = await flow.find(typed, '9.9.9.9')
    assert.deepEqual([seen.address, seen.expiresAt - seen.createdAt], ['1.1.1.1', 600_000])
    await answer(typed)
    await assert.rejects(answer(typed, false), { code: 'DEVICE_UNKNOWN' }, 'one answer')
    const { signedIn, sessionId } = await poll()
    const ends = state.now + 30 * 24 * 3_600_000
    assert.deepEqual(signedIn, { principal: ANN, proof: `session:${sessionId}`, ends })
    await assert.rejects(poll(), { code: 'EXPIRED_TOKEN' }, 'the code is used')
    const held = await store.read.all<{ kind: string; signed_in_by: string }>(sql`
      select kind, signed_in_by from sign_in_session`)
    assert.deepEqual(
      held.map(row => ({ ...row })),
      [{ kind: 'cli', signed_in_by: 'oidc:corp' }],
    )
    const audit = await store.read.all<{ action: string; detail: string }>(sql`select action, detail from audit_entry
      where action in ('device.answer', 'session.create') order by id`)
    assert.deepEqual(
      audit.map(one => [one.action, one.detail.includes('1.1.1.1')]),
      [
        ['device.answer', true],
        ['session.create', true],
      ],
    )
  })

  test(`what is refused, forgotten or unknown signs nobody in, on ${engine.name}`, async t => {
    const { store, state, flow, answer } = await open(t, engine)
    const denied = await flow.start('1.1.1.1')
    await answer(denied.userCode, false)
    await assert.rejects(flow.poll(denied.deviceCode, 'req'), { code: 'ACCESS_DENIED' })
    await assert.rejects(flow.poll(denied.deviceCode, 'req'), { code: 'EXPIRED_TOKEN' })

    const forgotten = await flow.start('1.1.1.1')
    state.now += 600_000
    await assert.rejects(answer(forgotten.userCode), { code: 'DEVICE_UNKNOWN' })
    await assert.rejects(flow.poll(forgotten.deviceCode, 'req'), { code: 'EXPIRED_TOKEN' })
    await flow.start('1.1.1.1')
    assert.equal((await store.read.all(sql`select user_code from device_request`)).length, 1, 'what is over is swept')

    const late = await flow.start('1.1.1.1')
    await answer(late.userCode)
    await store.write(principals.enable, { ...ANN, enabled: false, from: from('ten_a') })
    await assert.rejects(flow.poll(late.deviceCode, 'req'), { code: 'SIGN_IN_REFUSED' })
    for (const code of ['', 'x'.repeat(5000), 'AAAA-AAAA'])
      await assert.rejects(flow.poll(code, 'req'), { code: 'EXPIRED_TOKEN' })
    assert.deepEqual(await store.read.all(sql`select id from sign_in_session`), [])
  })

  test(`what a provider’s sign-in allowed is over once the provider is deleted, on ${engine.name}`, async t => {
    const { store, flow, answer } = await open(t, engine)
    const [one, two] = [await flow.start('1.1.1.1'), await flow.start('1.1.1.1')]
    await answer(one.userCode)
    await answer(two.userCode)
    const corp = await findProvider(store.read, 'ten_a', 'corp')
    assert.ok(corp)
    await store.write(signInProviders.delete, { tenantId: 'ten_a', name: 'corp', from: from('ten_a') })
    const refused = { code: 'SIGN_IN_REFUSED', message: /provider/ }
    await assert.rejects(flow.poll(one.deviceCode, 'req'), refused)
    // Another one under its name did not sign her in.
    const provider = { ...corp, id: 'sip_new', sealedSecret: '' }
    await store.write(signInProviders.create, { provider, from: from('ten_a') })
    await assert.rejects(flow.poll(two.deviceCode, 'req'), refused)
  })

  test(`a refresh token is good once; an old one ends the session, on ${engine.name}`, async t => {
    const { store, clock, state, flow, login } = await open(t, engine)
    const tokens = createApiTokens({ store, clock, keys: ringOf(await newSigningKey(), clock) })
    const first = await login()
    const header = async (signedIn: typeof first.signedIn) => `Bearer ${(await tokens.issue(signedIn)).token}`
    const bearer = await header(first.signedIn)
    assert.deepEqual((await tokens.admit(bearer))?.principal, ANN)
    state.now += 60_000
    const second = await flow.refresh(first.refreshToken, 'req')
    assert.equal(second.sessionId, first.sessionId)
    assert.notEqual(second.refreshToken, first.refreshToken)
    // The answer was lost, and the client asks again: once more within half a minute.
    const again = await flow.refresh(first.refreshToken, 'req')
    state.now += 30_000
    const third = await flow.refresh(again.refreshToken, 'req')
    assert.ok(await tokens.admit(await header(third.signedIn)))
    await assert.rejects(flow.refresh(first.refreshToken, 'req'), REUSED)
    await assert.rejects(flow.refresh(third.refreshToken, 'req'), OVER, 'nobody goes on, whoever had the copy')
    await assert.rejects(tokens.admit(bearer), { message: /taken away/ })
    const ended = await store.read.one<{ detail: string }>(
      sql`select detail from audit_entry where action = 'session.end'`,
    )
    assert.match(ended?.detail ?? '', /old refresh token was used again/)

    const other = await login()
    state.now += 60_000
    const fresh = await flow.refresh(other.refreshToken, 'req')
    state.now += 30_000
    await assert.rejects(flow.refresh(other.refreshToken, 'req'), REUSED, 'after half a minute nobody lost an answer')
    await assert.rejects(flow.refresh(fresh.refreshToken, 'req'), OVER)
    const [family = '', turn = ''] = (await login()).refreshToken.split('.')
    for (const bad of ['', 'a.b', `${family}.${turn}x`, `${turn}.${family}`, family, 'x'.repeat(9000)])
      await assert.rejects(flow.refresh(bad, 'req'), { code: 'INVALID_GRANT' })
    assert.ok(await flow.refresh(`${family}.${turn}`, 'req'), 'what is not of the family ends nothing')
    const rows = JSON.stringify(await store.read.all(sql`select * from sign_in_session`))
    assert.ok(!rows.includes(family) && !rows.includes(turn), 'the secrets are nowhere')
  })

  test(`a login ends by sign-out and by time; a browser’s session gives no tokens, on ${engine.name}`, async t => {
    const { store, clock, state, flow, login } = await open(t, engine)
    const tokens = createApiTokens({ store, clock, keys: ringOf(await newSigningKey(), clock) })
    const one = await login()
    const header = `Bearer ${(await tokens.issue(one.signedIn)).token}`
    await store.write(sessions.end, {
      tenantId: 'ten_a',
      id: one.sessionId,
      principalId: 'prn_ann',
      from: from('ten_a'),
    })
    await assert.rejects(tokens.admit(header), { message: /taken away/ })
    await assert.rejects(flow.refresh(one.refreshToken, 'req'), OVER)
    const two = await login()
    state.now += 30 * 24 * 3_600_000
    await assert.rejects(flow.refresh(two.refreshToken, 'req'), OVER)
    const session = {
      tenantId: 'ten_a',
      id: 'ses_browser',
      principalId: 'prn_ann',
      kind: 'browser' as const,
      signedInBy: 'x',
      proof: '',
    }
    const rest = { secretHash: 'h', replaces: undefined, address: '', from: from('ten_a') }
    await store.write(sessions.open, { session, ...rest })
    const { token } = await tokens.issue({ principal: ANN, proof: 'session:ses_browser' })
    await assert.rejects(tokens.admit(`Bearer ${token}`), { message: /taken away/ })
    assert.ok(await findSession(store.read, 'h', state.now))
  })
}

test('guesses and beginnings are slowed down, by address', async t => {
  const [engine] = testEngines()
  assert.ok(engine)
  const { flow, clock, state, store } = await open(t, engine)
  const { userCode } = await flow.start('1.1.1.1')
  for (let n = 0; n < 10; n++)
    await assert.rejects(flow.find(newUserCode(clock), '6.6.6.6'), { code: 'DEVICE_UNKNOWN' })
  await assert.rejects(flow.find(userCode, '6.6.6.6'), { code: 'TOOMANYREQUESTS' })
  assert.ok(await flow.find(userCode, '7.7.7.7'))
  state.now += 2000
  assert.ok(await flow.find(userCode, '6.6.6.6'))
  for (let n = 0; n < 10; n++) await flow.start('6.6.6.6')
  await assert.rejects(flow.start('6.6.6.6'), { code: 'TOOMANYREQUESTS' })
  const start = (n: number) => store.write(devices.start, { deviceHash: `h${n}`, userCode: `c${n}`, address: '' })
  await Promise.all(Array.from({ length: 2000 - 11 }, (_, n) => start(n)))
  await assert.rejects(start(9999), { code: 'DEVICES_TOO_MANY', status: 503 })
})

test('user codes: every letter as likely, read as people type them', () => {
  const clock = systemClock('test')
  const codes = Array.from({ length: 500 }, () => newUserCode(clock))
  assert.equal(new Set(codes).size, 500)
  assert.equal(new Set(codes.join('')).size, 20)
  const [code = ''] = codes
  for (const typed of [code, userCodeText(code), ` ${code.toLowerCase()} `, userCodeText(code).replace('-', ' ')])
    assert.equal(readUserCode(typed), code)
  for (const typed of ['', code.slice(1), `${code}B`, 'AEIOUAEI', '0'.repeat(8), "' or 1=1"])
    assert.equal(readUserCode(typed), undefined)
})
