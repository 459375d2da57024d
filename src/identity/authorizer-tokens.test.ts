import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Clock, systemClock } from '../kernel/index.ts'
import type { RegistryAction } from './access.ts'
import { createAuthorizer } from './authorizer.ts'
import { identityRows } from './identity-rows.ts'
import { ringOf } from './tokens/key-ring.fixture.ts'
import type { TokenConfig } from './tokens/rows.ts'
import { newSigningKey } from './tokens/signing-key.ts'
import { signToken, TOKEN_LIFE } from './tokens/token.ts'
import { tokenOf } from './tokens/tokens.fixture.ts'

const HOST = 'localhost:5000'
const START = 1_800_000_000_000
const READ = 'repositories/team/app/content/read'
const WRITE = 'repositories/team/app/content/write'
const yes = { allowed: true }
const signIn = { allowed: false, authenticate: true }
const denied = { allowed: false, authenticate: false }

/** A region as it sees its rows: `hear` is the moment when the configuration feed tells of a change. */
async function setUp(more: Parameters<typeof tokenOf>[1] = {}) {
  const state = { now: START, tokenAudience: 'endpoint' as 'endpoint' | 'registry' }
  const clock: Clock = { ...systemClock('test'), now: () => state.now, monotonic: () => state.now }
  const registry = (host: string) => ({
    id: host === 'other.example' ? 'reg_other' : 'reg_default',
    tokenAudience: state.tokenAudience,
  })
  const passwords = { 1: { text: 'first' }, 2: { text: 'second', expiresAt: START + 600_000 } }
  let token = await tokenOf(clock, { actions: [READ, WRITE], passwords, ...more })
  let rows = identityRows({ credentials: [], tokens: [token], registry })
  const keys = ringOf(await newSigningKey(), clock)
  const authorizer = createAuthorizer({ rows: () => rows, anonymousPull: () => false, keys, clock })
  const hear = (change: Partial<TokenConfig> | 'deleted') => {
    if (change !== 'deleted') token = { ...token, ...change }
    rows = identityRows({ credentials: [], tokens: change === 'deleted' ? [] : [token], registry })
  }
  const bearer = async (actions: string[], proof = 'tok_1.1.1') => {
    const access = [{ type: 'repository' as const, name: 'team/app', actions }]
    const at = { kind: 'access_token' as const, audience: HOST, registryId: 'reg_default', shared: false }
    return `Bearer ${(await signToken(keys, clock, { ...at, caller: 'token:robot', access, proof })).token}`
  }
  const may = async (header: string, action: RegistryAction, repository = 'team/app') =>
    authorizer.may(await authorizer.admit(header, HOST), action, { registryId: 'reg_default', repository })
  const refused = (header: string, message: RegExp, host = HOST) =>
    assert.rejects(async () => authorizer.admit(header, host), { status: 401, message })
  return { state, authorizer, hear, bearer, may, refused, passwords: () => token.passwords }
}

const basic = (password: string, user = 'robot') => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

test('a token by password may do what its map says: nothing else, and never the catalog', async () => {
  const { may, authorizer } = await setUp()
  for (const password of ['first', 'second']) {
    assert.deepEqual(await may(basic(password), 'pull'), yes)
    assert.deepEqual(await may(basic(password), 'push'), yes)
    assert.deepEqual(await may(basic(password), 'delete'), denied)
    assert.deepEqual(await may(basic(password), 'pull', 'team/other'), denied)
    assert.deepEqual(await may(basic(password), 'catalog', ''), denied)
  }
  const caller = await authorizer.admit(basic('first'), HOST)
  assert.notEqual(caller.access, 'all', 'it is no admin')
  assert.equal(authorizer.mayAtAll(caller, 'pull', { registryId: 'reg_default', repository: 'team/other' }), false)
})

test('an access token is bound by its scopes, which asking again may change, and by the map, which it may not', async () => {
  const { may, bearer, authorizer } = await setUp()
  const header = await bearer(['pull', 'delete'])
  assert.deepEqual(await may(header, 'pull'), yes)
  assert.deepEqual(await may(header, 'push'), signIn)
  assert.deepEqual(await may(header, 'delete'), denied)
  const caller = await authorizer.admit(header, HOST)
  assert.ok(authorizer.mayAtAll(caller, 'push', { registryId: 'reg_default', repository: 'team/app' }))
})

test('a known token costs one lookup: no promise, the same caller', async () => {
  const { authorizer, bearer } = await setUp()
  for (const header of [basic('first'), await bearer(['pull'])]) {
    const caller = await authorizer.admit(header, HOST)
    assert.equal(authorizer.admit(header, HOST), caller)
  }
})

test('it is of one registry, by password and by token', async () => {
  const { authorizer, bearer, refused } = await setUp()
  for (const header of [basic('first'), await bearer(['pull'])]) {
    await authorizer.admit(header, HOST)
    await refused(header, /wrong|another host/, 'other.example')
    assert.ok(!(authorizer.admit(header, HOST) instanceof Promise), 'and goes on where it belongs')
  }
})

test('by password it is good at every endpoint of its registry, without deriving anything again', async () => {
  const { authorizer } = await setUp()
  await authorizer.admit(basic('first'), HOST)
  assert.ok(!(authorizer.admit(basic('first'), 'localhost:5001') instanceof Promise))
})

test('what is taken away ends at the request after the region has heard of it', async () => {
  const changes: [string, (was: TokenConfig['passwords']) => Partial<TokenConfig> | 'deleted'][] = [
    ['deleted', () => 'deleted'],
    ['disabled', () => ({ enabled: false })],
    ['a new password', was => ({ passwords: was.map(one => ({ ...one, changedAt: 2 })) })],
    ['no password', () => ({ passwords: [] })],
    ['another token of the same name', () => ({ id: 'tok_2', passwords: [] })],
  ]
  for (const [name, change] of changes) {
    const { authorizer, hear, bearer, refused, passwords } = await setUp()
    const header = await bearer(['pull'])
    await authorizer.admit(header, HOST)
    await authorizer.admit(basic('first'), HOST)
    hear(change(passwords()))
    await refused(header, /changed, has ended or was taken away/)
    if (name !== 'a new password') await refused(basic('first'), /wrong|disabled/)
  }
})

test('a narrower map binds tokens that were given out before it, and a wider one gives them nothing new', async () => {
  const { may, hear, bearer } = await setUp()
  const header = await bearer(['pull', 'push'])
  assert.deepEqual(await may(header, 'push'), yes)
  hear({ actions: [READ] })
  assert.deepEqual(await may(header, 'push'), denied)
  assert.deepEqual(await may(basic('first'), 'push'), denied)
  assert.deepEqual(await may(header, 'pull'), yes)
  hear({ actions: ['repositories/*/content/read', WRITE, 'repositories/*/content/delete'] })
  assert.deepEqual(await may(header, 'push'), yes)
  assert.deepEqual(await may(header, 'delete'), signIn)
  assert.deepEqual(await may(basic('first'), 'delete', 'brand/new'), yes)
})

test('a disabled token comes back when it is enabled', async () => {
  const { may, hear, refused } = await setUp()
  await may(basic('first'), 'pull')
  hear({ enabled: false })
  await refused(basic('first'), /disabled/)
  await refused(basic('first'), /disabled/)
  hear({ enabled: true })
  assert.deepEqual(await may(basic('first'), 'pull'), yes)
})

test('a region that hears nothing any more lets an access token live for its five minutes, and not longer', async () => {
  const { state, authorizer, bearer, refused } = await setUp()
  const header = await bearer(['pull'])
  await authorizer.admit(header, HOST)
  // Revoked at control now; nothing of it comes here.
  state.now += TOKEN_LIFE * 1000 - 1
  assert.ok(!(authorizer.admit(header, HOST) instanceof Promise))
  state.now += 1
  await refused(header, /expired/)
})

test('a password ends when it was said to, for who is known too', async () => {
  const { state, authorizer, refused } = await setUp()
  await authorizer.admit(basic('second'), HOST)
  state.now = START + 599_999
  assert.ok(!(authorizer.admit(basic('second'), HOST) instanceof Promise))
  state.now += 1
  await refused(basic('second'), /expired/)
  assert.equal((await authorizer.admit(basic('first'), HOST)).id, 'token:robot')
})

test('a stranger, a wrong password and a name in another case are told the same', async () => {
  const { refused } = await setUp()
  for (const header of [basic('third'), basic('first', 'nobody'), basic('first', 'Robot'), basic('first', 'admin')]) {
    await refused(header, /^The user name or the password is wrong$/)
  }
})
