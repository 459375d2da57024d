import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { SignJWT } from 'jose'
import { type Clock, systemClock } from '../../kernel/index.ts'
import { ringOf } from './key-ring.fixture.ts'
import { newSigningKey, type SigningKey } from './signing-key.ts'
import { HostOfToken, REFRESH_LIFE, signToken, type TokenClaims, verifyToken } from './token.ts'

const AUDIENCE = 'localhost:5000'
const claims: TokenClaims = {
  kind: 'access_token',
  caller: 'user:admin',
  audience: AUDIENCE,
  registryId: 'reg_default',
  shared: false,
  access: [{ type: 'repository' as const, name: 'a/b', actions: ['pull'] }],
  proof: '1.1000',
}
const START = 1_800_000_000_000
const HERE = { kind: 'access_token', audience: AUDIENCE, registryId: 'reg_default', shared: false } as const

const clockAt = (ms: number): Clock => ({ ...systemClock('test'), now: () => ms })
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const sign = (key: SigningKey, more: Partial<TokenClaims> = {}, ms = START, until?: number) =>
  signToken(ringOf(key), clockAt(ms), { ...claims, ...more }, until)
const verify = (key: SigningKey, token: string, at: Partial<Parameters<typeof verifyToken>[3]> = {}, ms = START) =>
  verifyToken(ringOf(key), clockAt(ms), token, { ...HERE, ...at })

/** A token of ours but for what `change` says. */
async function forged(key: SigningKey, change: Record<string, unknown>, header: Record<string, unknown> = {}) {
  const { token } = await sign(key)
  const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  return new SignJWT({ ...payload, ...change })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, ...header })
    .sign(key.private)
}

test('a token says what was signed, until it expires', async () => {
  const key = await newSigningKey()
  const { token } = await sign(key)
  const read = await verify(key, token, {}, START + 299_000)
  assert.deepEqual(read, { ...claims, kid: key.kid, issued: START / 1000, expires: START / 1000 + 300 })
  await assert.rejects(verify(key, token, {}, START + 300_000), { status: 401, message: /expired/ })
})

test('a token has three parts and ACR’s claims, and ends no later than it may', async () => {
  const key = await newSigningKey()
  const { token, expires } = await sign(key, { kind: 'refresh_token' }, START, START + 42_000)
  assert.equal(token.split('.').length, 3)
  const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  assert.deepEqual(Object.keys(payload).sort(), [
    ...['aud', 'exp', 'grant_type', 'iat', 'iss', 'jti', 'nbf', 'proof', 'registry', 'sub', 'version'],
  ])
  assert.equal(payload.exp, START / 1000 + 42)
  assert.equal(expires, payload.exp)
  assert.equal((await sign(key, { kind: 'refresh_token' })).expires, START / 1000 + REFRESH_LIFE)
})

test('one kind of token never passes for the other', async () => {
  const key = await newSigningKey()
  const access = await sign(key)
  const refresh = await sign(key, { kind: 'refresh_token' })
  await assert.rejects(verify(key, access.token, { kind: 'refresh_token' }), { message: /is an access token/ })
  await assert.rejects(verify(key, refresh.token), { message: /is a refresh token/ })
  assert.equal((await verify(key, refresh.token, { kind: 'refresh_token' })).caller, 'user:admin')
})

test('a token for one host is refused at another, and replayed at another registry of the same host', async () => {
  const key = await newSigningKey()
  const { token } = await sign(key)
  const audience = 'localhost:5001'
  const refused = { message: HostOfToken(audience).message }
  await assert.rejects(verify(key, token, { audience }), refused)
  await assert.rejects(verify(key, token, { audience, shared: true }), refused, 'it was not made to be shared')
  await assert.rejects(verify(key, token, { registryId: 'reg_other' }), { message: /another host/ })
})

test('a shared token serves every host of its registry, while the registry says so', async () => {
  const key = await newSigningKey()
  const { token } = await sign(key, { shared: true })
  const audience = 'localhost:5001'
  assert.equal((await verify(key, token, { audience, shared: true })).caller, 'user:admin')
  await assert.rejects(verify(key, token, { audience }), { message: HostOfToken(audience).message })
  await assert.rejects(verify(key, token, { audience, shared: true, registryId: 'reg_other' }), { status: 401 })
  assert.equal((await verify(key, token)).caller, 'user:admin')
})

test('another key, a changed payload, a foreign issuer and a key that is not ours are refused', async () => {
  const key = await newSigningKey()
  const other = await newSigningKey()
  const { token } = await sign(key)
  await assert.rejects(verify(other, token), { status: 401, message: /not in use/ })

  const [header = '', payload = '', signature = ''] = token.split('.')
  const read = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const more = part({ ...read, access: [{ type: 'registry', name: 'catalog', actions: ['*'] }] })
  await assert.rejects(verify(key, `${header}.${more}.${signature}`), { status: 401 })
  await assert.rejects(verify(key, await forged(key, { iss: 'elsewhere' })), { status: 401 })
  // Signed by another, in the name of ours; and with a key that the token itself brings.
  await assert.rejects(verify(key, await forged(other, {}, { kid: key.kid })), { status: 401 })
  const jwk = other.public.export({ format: 'jwk' })
  await assert.rejects(verify(key, await forged(other, {}, { jwk, kid: key.kid })), { status: 401 })
  await assert.rejects(verify(key, await forged(key, {}, { kid: undefined })), { message: /names no key/ })
})

test('the algorithm is ours to choose: none, and HMAC with the public key, are refused', async () => {
  const key = await newSigningKey()
  const payload = (await sign(key)).token.split('.')[1] ?? ''
  for (const alg of ['none', 'None', 'nOnE']) {
    const none = `${part({ alg, typ: 'JWT', kid: key.kid })}.${payload}.`
    await assert.rejects(verify(key, none), { status: 401 })
    await assert.rejects(verify(key, `${none}AA`), { status: 401 })
  }
  const signed = `${part({ alg: 'HS256', typ: 'JWT', kid: key.kid })}.${payload}`
  for (const secret of [
    key.public.export({ format: 'pem', type: 'spki' }),
    key.public.export({ format: 'der', type: 'spki' }),
    Buffer.from(key.x, 'base64url'),
    Buffer.from(key.x),
  ]) {
    await assert.rejects(verify(key, `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`), {
      status: 401,
    })
  }
})

test('a clock that is wrong by minutes is told, one that is wrong by seconds is not', async () => {
  const key = await newSigningKey()
  const { token } = await sign(key)
  assert.equal((await verify(key, token, {}, START - 59_000)).caller, 'user:admin')
  await assert.rejects(verify(key, token, {}, START - 61_000), { status: 401, message: /from the future/ })
  const ahead = await forged(key, { iat: START / 1000 + 3600, exp: START / 1000 + 3700 })
  await assert.rejects(verify(key, ahead), { message: /from the future/ })
})

test('a token of ours without an end, or with a payload of another form, is refused', async () => {
  const key = await newSigningKey()
  assert.equal((await verify(key, await forged(key, {}))).caller, 'user:admin')
  const odd: Record<string, unknown>[] = [
    { exp: undefined },
    { iat: undefined },
    { jti: undefined },
    { aud: undefined },
    { access: 'all' },
    { grant_type: undefined },
    { registry: undefined },
    { proof: 7 },
  ]
  for (const change of odd) {
    await assert.rejects(verify(key, await forged(key, change)), { status: 401 }, JSON.stringify(change))
  }
})

test('what is no token, or far too long for one, is refused without a word of it', async () => {
  const key = await newSigningKey()
  const secret = 'c2VjcmV0LXRleHQ'
  for (const text of ['', 'a', 'a.b.c', `${secret}.${secret}.${secret}`, `${part({ alg: 'EdDSA' })}.${secret}.x`]) {
    await assert.rejects(verify(key, text), (error: Error & { status?: number; next?: string }) => {
      assert.equal(error.status, 401)
      assert.ok(!`${error.message} ${error.next}`.includes(secret))
      return true
    })
  }
  await assert.rejects(verify(key, `${'a'.repeat(20_000)}.b.c`), { status: 401, message: /longer than/ })
})
