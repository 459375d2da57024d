import assert from 'node:assert/strict'
import { createHmac, sign } from 'node:crypto'
import { test } from 'node:test'
import { SignJWT } from 'jose'
import { type Clock, systemClock } from '../../kernel/index.ts'
import { ringOf } from '../tokens/key-ring.fixture.ts'
import { MAX_CHARS } from '../tokens/signed.ts'
import { newSigningKey, type SigningKey } from '../tokens/signing-key.ts'
import { signToken, verifyToken } from '../tokens/token.ts'
import { signApiToken, verifyApiToken } from './api-token.ts'

const START = 1_800_000_000_000
const robot = { tenantId: 'ten_default', id: 'prn_robot', kind: 'service' } as const
const proof = 'secret:sec_1'
const clockAt = (ms: number): Clock => ({ ...systemClock('test'), now: () => ms })
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const verify = (key: SigningKey, token: string, ms = START) => verifyApiToken(ringOf(key), clockAt(ms), token)

async function made(key: SigningKey): Promise<{ token: string; payload: Record<string, unknown> }> {
  const { token } = await signApiToken(ringOf(key), clockAt(START), { principal: robot, proof })
  return { token, payload: JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) }
}

/** A token of ours but for what `change` says. */
async function forged(key: SigningKey, change: Record<string, unknown>, header: Record<string, unknown> = {}) {
  const { payload } = await made(key)
  // By hand: jose refuses to write what it would refuse to read.
  const input = `${part({ alg: 'EdDSA', kid: key.kid, ...header })}.${part({ ...payload, ...change })}`
  return `${input}.${sign(null, Buffer.from(input), key.private).toString('base64url')}`
}

test('a token of the API says whom it was made for and what it stands on, for 15 minutes', async () => {
  const key = await newSigningKey()
  const { token, payload } = await made(key)
  const at = { issuedAt: START, expiresAt: START + 900_000 }
  const expected = { tenantId: 'ten_default', principalId: 'prn_robot', ...at }
  const held = { kind: 'secret', id: 'sec_1' }
  assert.deepEqual(await verify(key, token, START + 899_000), { ...expected, proof: held })
  await assert.rejects(verify(key, token, START + 900_000), { status: 401, message: 'The token has expired' })
  const { iss, aud, sub, kind, grant_type, proof: text } = payload
  assert.deepEqual([iss, aud, sub, kind], ['towpath', 'towpath-api', 'ten_default/prn_robot', 'service'])
  assert.deepEqual([grant_type, text], ['api_token', proof])
  const short = await signApiToken(ringOf(key), clockAt(START), { principal: robot, proof, ends: START + 42_500 })
  assert.equal(short.expiresIn, 42, 'no longer than what it stands on')
  const read = await verify(key, short.token)
  assert.deepEqual([read.expiresAt, read.ends], [START + 42_000, START + 42_000])
  const long = await signApiToken(ringOf(key), clockAt(START), { principal: robot, proof, ends: START + 9e6 })
  assert.equal((await verify(key, long.token)).ends, START + 9e6, 'of what it stands on, not its own')
})

test('clocks may differ by a minute, and by no more', async () => {
  const key = await newSigningKey()
  const { token } = await made(key)
  assert.equal((await verify(key, token, START - 60_000)).principalId, 'prn_robot')
  await assert.rejects(verify(key, token, START - 61_000), { message: /from the future/ })
  const now = START / 1000
  await assert.rejects(verify(key, await forged(key, { iat: now + 61, nbf: now })), { message: /from the future/ })
  assert.ok(await verify(key, await forged(key, { iat: now + 60, nbf: now })))
})

test('a registry’s token opens no API, and the API’s no registry', async () => {
  const key = await newSigningKey()
  const at = { audience: 'towpath-api', registryId: 'reg_default', shared: false }
  const claims = { ...at, caller: 'user:admin', access: [], proof: '1.1000' }
  for (const kind of ['access_token', 'refresh_token'] as const) {
    // Even where a registry's host has the name of our audience.
    const { token } = await signToken(ringOf(key), clockAt(START), { ...claims, kind })
    await assert.rejects(verify(key, token), { message: 'The token is not one of this platform' })
    const there = await signToken(ringOf(key), clockAt(START), { ...claims, audience: 'localhost:5000', kind })
    await assert.rejects(verify(key, there.token), { message: 'The token is for a registry, and this is the API' })
    const { token: ours } = await made(key)
    const shown = verifyToken(ringOf(key), clockAt(START), ours, { ...at, kind })
    await assert.rejects(shown, { status: 401, message: 'The token is for the API, and this is a registry' })
  }
})

test('what is not signed by a key of ours, with our algorithm, is refused', async () => {
  const key = await newSigningKey()
  const other = await newSigningKey()
  const { payload } = await made(key)
  const body = part(payload)
  const none = `${part({ alg: 'none', kid: key.kid })}.${body}.`
  await assert.rejects(verify(key, none), { status: 401 })
  for (const secret of [key.x, Buffer.from(key.x, 'base64url'), key.public.export({ type: 'spki', format: 'pem' })]) {
    const input = `${part({ alg: 'HS256', kid: key.kid })}.${body}`
    const signature = createHmac('sha256', secret).update(input).digest('base64url')
    await assert.rejects(verify(key, `${input}.${signature}`), { status: 401 }, 'the public key is no secret')
  }
  const foreign = await new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', kid: key.kid }).sign(other.private)
  await assert.rejects(verify(key, foreign), { status: 401 }, 'another key under our name')
  const unknown = await new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', kid: 'other' }).sign(key.private)
  await assert.rejects(verify(key, unknown), { message: /not in use/ })
  const brought = { jwk: { kty: 'OKP', crv: 'Ed25519', x: other.x }, jku: 'https://evil.example/jwks' }
  const embedded = await new SignJWT(payload)
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, ...brought })
    .sign(other.private)
  await assert.rejects(verify(key, embedded), { status: 401 }, 'a token does not bring its own key')
})

test('what is oversized or malformed is refused, and nothing of it is repeated', async () => {
  const key = await newSigningKey()
  const { token } = await made(key)
  const bad = [
    ...['', 'a', 'a.b', 'a.b.c', `${token}x`, token.slice(0, -2), `${part({ alg: 'EdDSA' })}.e30.AA`],
    `${token}${'A'.repeat(MAX_CHARS)}`,
    ...(await Promise.all([
      forged(key, { sub: 'prn_robot' }),
      forged(key, { sub: 'ten_default/prn_robot/x' }),
      forged(key, { sub: "ten_default/prn_' or 1=1" }),
      forged(key, { proof: 'admin:1' }),
      forged(key, { proof: undefined }),
      forged(key, { grant_type: 'access_token' }),
      forged(key, { aud: ['towpath-api', 'localhost:5000'] }),
      forged(key, { iss: 'https://elsewhere.example' }),
      forged(key, { exp: undefined }),
      forged(key, { jti: undefined }),
      forged(key, {}, { crit: ['exp'] }),
    ])),
  ]
  for (const one of bad) {
    const error = await verify(key, one).then(
      () => assert.fail(`accepted: ${one}`),
      thrown => thrown,
    )
    assert.equal(error.status, 401, String(error))
    const told = `${error.message} ${error.next}`
    for (const piece of one.split('.').filter(text => text.length > 4)) assert.ok(!told.includes(piece), told)
  }
})
