import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { SignJWT } from 'jose'
import { selfSigned } from '../../kernel/http/certificate.fixture.ts'
import { sql, systemClock } from '../../kernel/index.ts'
import { type TestEngine, testEngines } from '../../kernel/store/engines.fixture.ts'
import { createApiTokens } from '../api-tokens/api-tokens.ts'
import { createSignInClient } from '../api-tokens/sign-in-client.ts'
import { principals } from '../principals/principals.ts'
import { from, openTenants } from '../tenants.fixture.ts'
import { ringOf } from '../tokens/key-ring.fixture.ts'
import { newSigningKey } from '../tokens/signing-key.ts'
import { ASSERTION_TYPE, MOST_CHARS } from './assertion.ts'
import { readCertificate } from './certificate.ts'
import { certificates, readCertificatePage, readCertificates } from './certificates.ts'
import { useAssertion } from './used.ts'

const HERE = 'https://towpath.example/oauth2/token'
const START = Date.UTC(2026, 10, 25)
const S = START / 1000

type Pair = { publicKey: KeyObject; privateKey: KeyObject }

async function open(t: TestContext, engine: TestEngine) {
  const state = { now: START }
  const clock = { ...systemClock('test'), now: () => state.now }
  const fixture = await openTenants(engine, clock)
  const { store } = fixture
  t.after(() => store.close())
  await fixture.tenant('ten_a')
  await fixture.principal('ten_a', 'prn_svc', 'service')
  const signInClient = createSignInClient({
    ...{ store, clock, audiences: [HERE, 'http://localhost:7070/oauth2/token'] },
    signIn: async () => undefined,
    issuerKeys: { find: async () => assert.fail('no issuer is asked') },
  })
  const signIn = (assertion: string, clientId?: string) =>
    signInClient({
      ...{ header: undefined, clientId, clientSecret: undefined, from: '1.1.1.1' },
      ...{ assertionType: ASSERTION_TYPE, assertion },
    })
  async function register(
    id: string,
    pair: Pair = generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    life?: [string, string],
  ) {
    const facts = readCertificate(selfSigned('robot', pair, life).cert, START)
    const which = { tenantId: 'ten_a', principalId: 'prn_svc', id, from: from('ten_a') }
    await store.write(certificates.add, { ...which, ...facts })
    return { ...pair, ...which, thumbprint: facts.thumbprint }
  }
  return { ...fixture, clock, state, signIn, register }
}

type Change = { claims?: Record<string, unknown>; header?: Record<string, unknown>; alg?: string }
let serial = 0

function sign({ privateKey, thumbprint }: { privateKey: KeyObject; thumbprint: string }, change: Change = {}) {
  serial += 1
  const claims = {
    iss: 'prn_svc',
    sub: 'prn_svc',
    aud: HERE,
    iat: S,
    exp: S + 300,
    jti: `j${serial}`,
    ...change.claims,
  }
  const given = JSON.parse(JSON.stringify(claims))
  const header = { alg: change.alg ?? 'ES256', 'x5t#S256': thumbprint, ...change.header }
  return new SignJWT(given).setProtectedHeader(JSON.parse(JSON.stringify(header))).sign(privateKey)
}

for (const engine of testEngines()) {
  test(`a client signs in by the key of its certificate, once for each assertion, on ${engine.name}`, async t => {
    const { store, clock, state, signIn, register } = await open(t, engine)
    const kinds = {
      ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
      PS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
      EdDSA: generateKeyPairSync('ed25519'),
    }
    for (const [alg, pair] of Object.entries(kinds)) {
      const held = await register(`crt_${alg.toLowerCase()}`, pair)
      const principal = { tenantId: 'ten_a', id: 'prn_svc', kind: 'service' }
      const expected = { principal, proof: `certificate:${held.id}`, ends: Date.UTC(2120, 0) }
      assert.deepEqual(await signIn(await sign(held, { alg })), expected)
      for (const kid of [held.id, held.thumbprint])
        assert.ok(await signIn(await sign(held, { alg, header: { kid, 'x5t#S256': undefined } }), 'prn_svc'))
    }
    const held = (await readCertificates(store.read, 'ten_a', 'prn_svc')).find(one => one.id === 'crt_es256')
    assert.ok(held)
    const key = { privateKey: kinds.ES256.privateKey, thumbprint: held.thumbprint }
    assert.ok(await signIn(await sign(key, { claims: { aud: [HERE] } })))
    assert.ok(await signIn(await sign(key, { claims: { aud: 'http://localhost:7070/oauth2/token' } })))

    const once = await sign(key, { claims: { exp: S + 9000 } })
    assert.ok(await signIn(once))
    await assert.rejects(signIn(once), { code: 'INVALID_CLIENT', message: /used before/ })
    state.now += 359_000
    await assert.rejects(signIn(once), { message: /used before/ }, 'as long as it could be good')
    state.now += 2000
    await assert.rejects(signIn(once), { message: /too long ago/ })
    assert.ok(await signIn(await sign(key, { claims: { iat: S + 361, exp: S + 400 } })))
    const rows = await store.read.all(sql`select hash from used_assertion`)
    assert.equal(rows.length, 1, 'what is over was swept')

    // Together with what it bought.
    const tokens = createApiTokens({ store, clock, keys: ringOf(await newSigningKey(), clock) })
    const signedIn = await signIn(await sign(key, { claims: { iat: S + 361, exp: S + 400 } }))
    const header = `Bearer ${(await tokens.issue(signedIn)).token}`
    assert.equal((await tokens.admit(header))?.proof, `certificate:${held.id}`)
    await store.write(certificates.remove, { ...held, from: from('ten_a') })
    await assert.rejects(tokens.admit(header), { message: /taken away/ })
    await assert.rejects(signIn(await sign(key)), { message: /no certificate of this client/ })
    const ended = await store.read.one(sql`select proof from ended_proof`)
    assert.deepEqual({ ...ended }, { proof: `certificate:${held.id}` })
  })

  test(`a few certificates a program, the same one once, none for people, on ${engine.name}`, async t => {
    const { store, register, principal } = await open(t, engine)
    const pair = generateKeyPairSync('ed25519')
    await register('crt_1', pair)
    await register('crt_2', pair)
    assert.equal((await readCertificates(store.read, 'ten_a', 'prn_svc')).length, 1)
    for (const id of ['crt_3', 'crt_4', 'crt_5']) await register(id)
    await assert.rejects(register('crt_6'), { code: 'PRINCIPAL_REFUSED' })
    const after = { tenantId: 'ten_a', principalId: 'prn_svc', id: 'crt_1' }
    const page = await readCertificatePage(store.read, { after, limit: 2 })
    const expected = ['crt_3', 'crt_4'].map(id => [id, 'prn_svc', Date.UTC(2120, 0)])
    assert.deepEqual(
      page.map(one => [one.id, one.principalName, one.notAfter]),
      expected,
    )
    await principal('ten_a', 'prn_ann')
    const facts = readCertificate(selfSigned('ann').cert, START)
    const which = { tenantId: 'ten_a', id: 'crt_7', from: from('ten_a') }
    await assert.rejects(store.write(certificates.add, { ...which, principalId: 'prn_ann', ...facts }), {
      code: 'PRINCIPAL_REFUSED',
    })
    await assert.rejects(store.write(certificates.add, { ...which, principalId: 'prn_none', ...facts }), {
      code: 'PRINCIPAL_UNKNOWN',
    })
    await store.write(principals.delete, { tenantId: 'ten_a', id: 'prn_svc', from: from('ten_a') })
    assert.deepEqual(await readCertificates(store.read, 'ten_a', 'prn_svc'), [])
    const audit = await store.read.all<{ action: string; detail: string }>(sql`
      select action, detail from audit_entry where resource = 'prn_svc' order by id`)
    assert.equal(audit.filter(one => one.detail.includes('crt_')).length, 4)
  })

  test(`a client that runs wild is told to keep its token, on ${engine.name}`, async t => {
    const { store, signIn, register } = await open(t, engine)
    const held = await register('crt_1')
    const use = (n: number) => ({ tenantId: 'ten_a', principalId: 'prn_svc', jti: `other ${n}`, endsAt: START + 1000 })
    await Promise.all(Array.from({ length: 999 }, (_, n) => store.write(useAssertion, use(n))))
    assert.ok(await signIn(await sign(held)))
    await assert.rejects(signIn(await sign(held)), { code: 'TOO_MANY_ASSERTIONS', status: 429 })
    assert.equal((await store.read.all(sql`select hash from used_assertion`)).length, 1000)
  })
}

test('what is forged, foreign, old, early, oversized or malformed is refused, and nothing of it is repeated', async t => {
  const [engine] = testEngines()
  assert.ok(engine)
  const { state, store, signIn, register, principal } = await open(t, engine)
  const held = await register('crt_1')
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  await principal('ten_a', 'prn_other', 'service')
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = part({ iss: 'prn_svc', sub: 'prn_svc', aud: HERE, iat: S, exp: S + 300, jti: 'confused' })
  const confused = (secret: string | Buffer) => {
    const input = `${part({ alg: 'HS256', 'x5t#S256': held.thumbprint })}.${body}`
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
  }
  const cases: [string, RegExp][] = [
    [await sign({ ...held, privateKey: other.privateKey }), /signature/],
    [`${part({ alg: 'none', 'x5t#S256': held.thumbprint })}.${body}.`, /algorithm|form/],
    [confused(held.publicKey.export({ type: 'spki', format: 'pem' })), /algorithm/],
    [confused(held.publicKey.export({ type: 'spki', format: 'der' })), /algorithm/],
    [await sign({ ...held, thumbprint: 'another' }), /no certificate/],
    [await sign(held, { header: { 'x5t#S256': undefined } }), /no certificate/],
    [await sign(held, { claims: { iss: 'prn_other' } }), /no certificate/],
    [await sign(held, { claims: { iss: 'prn_none' } }), /no certificate/],
    [await sign(held, { claims: { sub: 'prn_other' } }), /"sub"/],
    [await sign(held, { claims: { sub: undefined } }), /no "sub"/],
    [await sign(held, { claims: { aud: 'https://elsewhere.example/oauth2/token' } }), /"aud"/],
    [await sign(held, { claims: { aud: [HERE, 'https://elsewhere.example'] } }), /"aud"/],
    [await sign(held, { claims: { aud: undefined } }), /no "aud"/],
    [await sign(held, { claims: { jti: undefined } }), /no "jti"/],
    [await sign(held, { claims: { jti: 'x'.repeat(201) } }), /too long/],
    [await sign(held, { claims: { jti: 7 } }), /wrong type|form|jti/],
    [await sign(held, { claims: { exp: undefined } }), /no "exp"/],
    [await sign(held, { claims: { iat: undefined } }), /no "iat"|iat/],
    [await sign(held, { claims: { exp: S - 60 } }), /expired/],
    [await sign(held, { claims: { iat: S - 361 } }), /too long ago/],
    [await sign(held, { claims: { iat: S + 61 } }), /future/],
    [await sign(held, { claims: { nbf: S + 61 } }), /not valid yet/],
    [`${await sign(held)}${'A'.repeat(MOST_CHARS)}`, /longer/],
    ['a.b.c', /form/],
    ['', /form/],
    [`${part({ alg: 'ES256' })}.${part([])}.AA`, /form/],
  ]
  for (const [token, why] of cases) {
    const error = await signIn(token).then(
      () => assert.fail(`accepted: ${token} (${why})`),
      thrown => thrown,
    )
    assert.deepEqual([error.code, error.status], ['INVALID_CLIENT', 401], `${why}: ${error}`)
    assert.match(error.message, why)
    const told = `${error.message} ${error.next}`
    for (const piece of token.split('.').filter(text => text.length > 4)) assert.ok(!told.includes(piece), told)
  }
  for (const claims of [{ exp: S - 59 }, { iat: S - 359 }, { iat: S + 59 }, { nbf: S + 60 }])
    assert.ok(await signIn(await sign(held, { claims })), JSON.stringify(claims))
  await assert.rejects(signIn(await sign(held), 'prn_other'), { code: 'INVALID_REQUEST' })

  const short = await register('crt_2', other, ['20260101000000Z', '20261125000100Z'])
  assert.ok(await signIn(await sign(short)))
  state.now += 60_000
  await assert.rejects(signIn(await sign(short)), { message: /certificate has expired/ })
  await store.write(principals.enable, { tenantId: 'ten_a', id: 'prn_svc', enabled: false, from: from('ten_a') })
  await assert.rejects(signIn(await sign(held)), { message: /no certificate of this client/ })
})
