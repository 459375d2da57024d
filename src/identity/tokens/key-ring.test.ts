import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../kernel/index.ts'
import { testEngines, testStore } from '../../kernel/store/engines.fixture.ts'
import { createKeyRing, type PublishedKey, SignerAway } from './key-ring.ts'
import { readSigningKeys, signingKeys } from './key-rows.ts'
import { tokenMigrations, tokenWrites } from './schema.ts'
import { newSigningKey, type SigningKey } from './signing-key.ts'
import { REFRESH_LIFE, signToken, TOKEN_LIFE, verifyToken } from './token.ts'

const START = 1_800_000_000_000
const HERE = { kind: 'access_token', audience: 'a', registryId: 'r', shared: false } as const

async function setUp() {
  const state = { now: START, published: [] as PublishedKey[] }
  const clock = { ...systemClock('test'), now: () => state.now }
  const [first, second] = [await newSigningKey(), await newSigningKey()]
  const own = (kid: string): SigningKey | undefined => (kid === second.kid ? second : undefined)
  const ring = createKeyRing({ published: () => state.published, own, first, clock })
  const sign = async () =>
    (await signToken(ring, clock, { ...HERE, caller: 'user:admin', access: [], proof: '1.1' })).token
  const verify = (token: string) => verifyToken(ring, clock, token, HERE)
  return { state, clock, ring, first, second, own, sign, verify }
}

for (const engine of testEngines()) {
  test(`a new key takes over without a gap, and the old one is accepted until its tokens are dead, on ${engine.name}`, async t => {
    const { state, clock, ring, first, second, sign, verify } = await setUp()
    const store = await testStore(engine, { migrations: tokenMigrations, writes: tokenWrites, clock })
    t.after(() => store.close())
    const publish = async () => {
      state.published = await readSigningKeys(store.read)
    }
    await store.write(signingKeys.ensure, first)
    await store.write(signingKeys.ensure, first)
    await publish()
    const old = await sign()
    assert.equal((await verify(old)).kid, first.kid)

    await store.write(signingKeys.rotate, { ...second, immediately: false })
    await publish()
    assert.equal((await ring.signer()).kid, first.kid, 'the other nodes hear of it first')
    assert.ok(ring.find(second.kid), 'and accept it before anybody signs with it')
    state.now += 14_999
    const last = await sign()
    assert.equal((await verify(last)).kid, first.kid)
    state.now += 1
    assert.equal((await ring.signer()).kid, second.kid)
    assert.equal((await verify(await sign())).kid, second.kid)
    assert.equal((await verify(old)).kid, first.kid, 'what the old key signed goes on')
    state.now += REFRESH_LIFE * 1000
    assert.ok(ring.find(first.kid), 'a refresh token of its last moment still lives')
    state.now += 60_000
    assert.equal(ring.find(first.kid), undefined)
    assert.equal((await ring.signer()).kid, second.kid)
  })

  test(`a lost key is refused at once, and does not come back with a restart, on ${engine.name}`, async t => {
    const { state, clock, ring, first, second, sign, verify } = await setUp()
    const store = await testStore(engine, { migrations: tokenMigrations, writes: tokenWrites, clock })
    t.after(() => store.close())
    await store.write(signingKeys.ensure, first)
    state.published = await readSigningKeys(store.read)
    const old = await sign()
    await store.write(signingKeys.rotate, { ...second, immediately: true })
    await store.write(signingKeys.ensure, first)
    state.published = await readSigningKeys(store.read)
    await assert.rejects(verify(old), { status: 401, message: /not in use/ })
    assert.equal((await ring.signer()).kid, second.kid)
  })
}

test('a machine that has not the new key goes on with the old one while it may, and then says so', async () => {
  const { state, ring, first, second } = await setUp()
  const third = await newSigningKey()
  const endsAt = START + TOKEN_LIFE * 1000
  state.published = [
    { kid: first.kid, x: first.x, signsFrom: 0, endsAt },
    { kid: third.kid, x: third.x, signsFrom: START, endsAt: null },
  ]
  assert.equal((await ring.signer()).kid, first.kid)
  assert.ok(ring.find(third.kid), 'it accepts what it can not make')
  assert.equal(ring.find(second.kid), undefined)
  state.now = endsAt
  await assert.rejects(ring.signer(), { code: SignerAway.code, status: 503 })
})
