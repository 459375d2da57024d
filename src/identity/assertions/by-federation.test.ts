import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type TestContext, test } from 'node:test'
import { SignJWT } from 'jose'
import { testServer } from '../../kernel/http/serve.fixture.ts'
import { createHttpClient, sql, systemClock } from '../../kernel/index.ts'
import { type TestEngine, testEngines } from '../../kernel/store/engines.fixture.ts'
import { createApiTokens } from '../api-tokens/api-tokens.ts'
import { createSignInClient } from '../api-tokens/sign-in-client.ts'
import { principals } from '../principals/principals.ts'
import { from, openTenants } from '../tenants.fixture.ts'
import { ringOf } from '../tokens/key-ring.fixture.ts'
import { newSigningKey } from '../tokens/signing-key.ts'
import { ASSERTION_TYPE } from './assertion.ts'
import { createIssuerKeys } from './issuer-keys.ts'
import { readTrusts, trusts } from './trusts.ts'

const START = Date.UTC(2026, 10, 25)
const S = START / 1000
const SUBJECT = 'repo:octo/app:environment:production'

type Answer = (req: IncomingMessage, res: ServerResponse) => void

/** An issuer on the loopback that publishes `keys`, and counts who asks. */
async function openIssuer(t: TestContext) {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const state = {
    keys: [publish('k1', pair.publicKey)] as unknown[],
    asked: 0,
    answer: undefined as Answer | undefined,
  }
  const server = await testServer((req, res) => {
    state.asked += 1
    if (state.answer) return state.answer(req, res)
    const issuer = `http://127.0.0.1:${server.port}`
    const discovery = { issuer, jwks_uri: `${issuer}/keys` }
    res.end(JSON.stringify(req.url === '/keys' ? { keys: state.keys } : discovery))
  })
  t.after(() => server.drain())
  return { state, pair, issuer: `http://127.0.0.1:${server.port}` }
}

function publish(kid: string, key: KeyObject, more: Record<string, unknown> = {}) {
  return { ...key.export({ format: 'jwk' }), kid, use: 'sig', ...more }
}

async function open(t: TestContext, engine: TestEngine | undefined = testEngines()[0]) {
  assert.ok(engine)
  const time = { now: START }
  const clock = { ...systemClock('test'), now: () => time.now, monotonic: () => time.now }
  const fixture = await openTenants(engine, clock)
  const { store } = fixture
  t.after(() => store.close())
  const { issuer, state, pair } = await openIssuer(t)
  await fixture.tenant('ten_a')
  await fixture.principal('ten_a', 'prn_svc', 'service')
  const http = createHttpClient({ clock: systemClock('test'), allow: ['127.0.0.1'], retry: { attempts: 1 } })
  t.after(() => http.close())
  const issuerKeys = createIssuerKeys({ http, clock, allow: ['127.0.0.1'] })
  const signInClient = createSignInClient({ store, clock, audiences: [], signIn: async () => undefined, issuerKeys })
  const signIn = (assertion: string, clientId: string | undefined = 'prn_svc') =>
    signInClient({
      ...{ header: undefined, clientId, clientSecret: undefined, from: '1.1.1.1' },
      ...{ assertionType: ASSERTION_TYPE, assertion },
    })
  const trust = (
    id: string,
    more: { issuer?: string; audience?: string; subject?: string; principalId?: string } = {},
  ) =>
    store.write(trusts.add, {
      ...{ tenantId: 'ten_a', principalId: 'prn_svc', id, issuer, audience: 'towpath', subject: SUBJECT, ...more },
      from: from('ten_a'),
    })
  const token = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}, key = pair.privateKey) => {
    const all = { iss: issuer, sub: SUBJECT, aud: 'towpath', iat: S, nbf: S, exp: S + 300, ...claims }
    return new SignJWT(JSON.parse(JSON.stringify(all)))
      .setProtectedHeader(JSON.parse(JSON.stringify({ alg: 'RS256', kid: 'k1', ...header })))
      .sign(key)
  }
  return { ...fixture, clock, time, issuer, state, pair, signIn, trust, token }
}

for (const engine of testEngines()) {
  test(`a client signs in by the token of an issuer that it trusts, and keeps no secret, on ${engine.name}`, async t => {
    const { store, clock, signIn, trust, token, issuer, state } = await open(t, engine)
    await trust('fed_1')
    const principal = { tenantId: 'ten_a', id: 'prn_svc', kind: 'service' } as const
    const given = await token()
    assert.deepEqual(await signIn(given), { principal, proof: 'federation:fed_1' })
    assert.ok(await signIn(given), 'Kubernetes hands out one token for an hour')
    assert.ok(await signIn(await token({ aud: ['kubernetes', 'towpath'] })))
    assert.equal(state.asked, 2, 'both documents once')

    await trust('fed_2', { subject: 'repo:octo/app:ref:refs/heads/main' })
    const second = await signIn(await token({ sub: 'repo:octo/app:ref:refs/heads/main' }))
    assert.equal(second.proof, 'federation:fed_2')
    const tokens = createApiTokens({ store, clock, keys: ringOf(await newSigningKey(), clock) })
    const header = `Bearer ${(await tokens.issue(second)).token}`
    assert.deepEqual((await tokens.admit(header))?.principal, principal)
    const which = { tenantId: 'ten_a', principalId: 'prn_svc', from: from('ten_a') }
    await store.write(trusts.remove, { ...which, id: 'fed_2' })
    await assert.rejects(tokens.admit(header), { message: /taken away/ })
    await assert.rejects(signIn(await token({ sub: 'repo:octo/app:ref:refs/heads/main' })), { message: /"sub"/ })
    const ended = await store.read.one(sql`select proof from ended_proof`)
    assert.deepEqual({ ...ended }, { proof: 'federation:fed_2' })

    assert.equal((await trust('fed_3')).id, 'fed_1', 'the same again')
    for (let n = 2; n <= 10; n++) await trust(`fed_x${n}`, { subject: `subject ${n}` })
    await assert.rejects(trust('fed_y', { subject: 'one more' }), { code: 'PRINCIPAL_REFUSED' })
    assert.equal((await readTrusts(store.read, 'ten_a', 'prn_svc'))[0]?.issuer, issuer)
    await assert.rejects(trust('fed_z', { principalId: 'prn_none' }), { code: 'PRINCIPAL_UNKNOWN' })
    await store.write(principals.delete, { tenantId: 'ten_a', id: 'prn_svc', from: from('ten_a') })
    assert.deepEqual(await readTrusts(store.read, 'ten_a', 'prn_svc'), [])
    await assert.rejects(signIn(given), { message: /trusts no such issuer/ })
  })
}

test('issuer, audience and subject are what was named, letter by letter; the rest is refused and not repeated', async t => {
  const { signIn, trust, token, pair, state, principal, issuer } = await open(t)
  await trust('fed_1')
  await trust('fed_2', { subject: 'other', audience: 'elsewhere' })
  await principal('ten_a', 'prn_other', 'service')
  const evil = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = part({ iss: issuer, sub: SUBJECT, aud: 'towpath', iat: S, exp: S + 300 })
  const hs = `${part({ alg: 'HS256', kid: 'k1' })}.${body}`
  const pem = pair.publicKey.export({ type: 'spki', format: 'pem' })
  state.keys = [...state.keys, { kty: 'oct', kid: 'shared', k: Buffer.from('secret').toString('base64url') }]
  state.keys = [...state.keys, publish('encrypts', pair.publicKey, { use: 'enc' })]
  state.keys = [...state.keys, publish('weak', generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)]
  const shared = `${part({ alg: 'HS256', kid: 'shared' })}.${body}`
  const hmac = (input: string, secret: string | Buffer) =>
    `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
  const cases: [string, RegExp][] = [
    [await token({ sub: `${SUBJECT}x` }), /"sub"/],
    [await token({ sub: SUBJECT.toUpperCase() }), /"sub"/],
    [await token({ sub: undefined }), /no "sub"/],
    [await token({ aud: 'elsewhere' }), /"aud"/],
    [await token({ aud: [] }), /"aud"/],
    [await token({ aud: undefined }), /no "aud"/],
    [await token({ iss: `${issuer}/` }), /no such issuer/],
    [await token({ iss: 'https://evil.example' }), /no such issuer/],
    [await token({ iss: undefined }), /form/],
    [await token({ exp: undefined }), /no "exp"/],
    [await token({ exp: S - 61 }), /expired/],
    [await token({ iat: S - 24 * 3600 - 61, nbf: undefined }), /too long ago/],
    [await token({ iat: S + 61 }), /future/],
    [await token({ nbf: S + 61 }), /not valid yet/],
    [await token({}, {}, evil.privateKey), /signature/],
    [await token({}, { kid: 'made-up' }), /no key of that kid/],
    [await token({}, { kid: undefined }), /which key/],
    [await token({}, { kid: 'encrypts' }), /no key of that kid/],
    [`${part({ alg: 'none', kid: 'k1' })}.${body}.`, /algorithm|form/],
    [hmac(hs, pem), /algorithm/],
    [hmac(shared, 'secret'), /no key of that kid/],
  ]
  for (const [given, why] of cases) {
    const error = await signIn(given).then(
      () => assert.fail(`accepted: ${why}`),
      thrown => thrown,
    )
    assert.deepEqual([error.code, error.status], ['INVALID_CLIENT', 401], `${why}: ${error}`)
    assert.match(error.message, why)
    for (const piece of [...given.split('.').filter(text => text.length > 4), SUBJECT])
      assert.ok(!`${error.message} ${error.next}`.includes(piece), error.message)
  }
  await assert.rejects(signIn(await token(), 'prn_other'), { message: /no such issuer/ })
  await assert.rejects(signIn(await token(), 'prn_none'), { message: /no such issuer/ })
  assert.ok(await signIn(await token({ exp: S - 59, nbf: S - 60 })))
  assert.ok(await signIn(await token({ nbf: S + 59, iat: S + 59 })))
})

test('a new key of the issuer is found, names that are made up cost it little, and old keys end', async t => {
  const { signIn, trust, token, time, state } = await open(t)
  await trust('fed_1')
  assert.ok(await signIn(await token()))
  assert.equal(state.asked, 2)
  const next = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const rotated = () => token({}, { alg: 'ES256', kid: 'k2' }, next.privateKey)
  for (let n = 0; n < 5; n++) await assert.rejects(signIn(await rotated()), { message: /no key of that kid/ })
  assert.equal(state.asked, 2, 'within half a minute nobody asks again')
  state.keys = [publish('k2', next.publicKey)]
  time.now += 30_000
  const all = await Promise.all(Array.from({ length: 10 }, async () => signIn(await rotated())))
  assert.equal(all.length, 10)
  assert.equal(state.asked, 4, 'once for all who wait')
  await assert.rejects(signIn(await token()), { message: /no key of that kid/ }, 'what was taken back')
  state.keys = []
  time.now += 3_600_000
  await assert.rejects(
    signIn(await token({ iat: S + 3600, exp: S + 4000 }, { alg: 'ES256', kid: 'k2' }, next.privateKey)),
    {
      message: /no key of that kid/,
    },
  )
})

test('an issuer that is away, lies, leads elsewhere or never ends is told apart from a bad token, and rests', async t => {
  const { signIn, trust, token, time, state, issuer } = await open(t)
  await trust('fed_1')
  const json =
    (value: unknown): Answer =>
    (_req, res) =>
      void res.end(JSON.stringify(value))
  const cases: [Answer, RegExp][] = [
    [(_req, res) => void res.writeHead(500).end(), /answered 500/],
    [(_req, res) => void res.writeHead(302, { location: 'http://169.254.169.254/' }).end(), /answered 302/],
    [(_req, res) => void res.end('<html>'), /no JSON/],
    [(_req, res) => void res.end('x'.repeat(100_000)), /more than 65536 bytes/],
    [req => void req.socket.destroy(), /can't be had/],
    [json({ issuer: 'https://elsewhere.example', jwks_uri: `${issuer}/keys` }), /another issuer/],
    [json({ issuer, jwks_uri: 'https://169.254.169.254/keys' }), /link-local|metadata|may not reach/],
    [json({ issuer, jwks_uri: 'http://keys.example/keys' }), /without TLS/],
    [json({ issuer, jwks_uri: 'file:///etc/passwd' }), /not what it should be/],
    [
      (req, res) =>
        void res.end(
          JSON.stringify(
            req.url === '/keys' ? { keys: Array(101).fill({ kty: 'EC' }) } : { issuer, jwks_uri: `${issuer}/keys` },
          ),
        ),
      /not what it should be/,
    ],
  ]
  for (const [answer, why] of cases) {
    state.answer = answer
    const before = state.asked
    for (let n = 0; n < 3; n++)
      await assert.rejects(signIn(await token()), { code: 'ISSUER_UNUSABLE', status: 503, message: why })
    assert.ok(state.asked - before <= 2, `left alone: ${why}`)
    time.now += 10_000
  }
  state.answer = undefined
  assert.ok(await signIn(await token()))
})

test('an issuer at a private address is called only where who runs this allows it', async t => {
  const { issuer } = await openIssuer(t)
  const clock = systemClock('test')
  const http = createHttpClient({ clock })
  t.after(() => http.close())
  const refused = createIssuerKeys({ http, clock, allow: [new URL(issuer).host] }).find(issuer, 'k1')
  await assert.rejects(refused, { code: 'ISSUER_UNUSABLE', message: /loopback address/, next: /outbound.allow/ })
})

test('while an issuer is away its keys are good for as long as they were, whatever names are made up', async t => {
  const { signIn, trust, token, time, state } = await open(t)
  await trust('fed_1')
  assert.ok(await signIn(await token()))
  state.answer = (_req, res) => void res.writeHead(500).end()
  time.now += 30_000
  await assert.rejects(signIn(await token({}, { kid: 'made-up' })), { code: 'ISSUER_UNUSABLE' })
  assert.ok(await signIn(await token()))
  time.now += 3_600_000
  await assert.rejects(signIn(await token({ iat: S + 3600, exp: S + 4000 })), { code: 'ISSUER_UNUSABLE' })
})
