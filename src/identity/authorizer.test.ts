import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Clock, Failure, systemClock } from '../kernel/index.ts'
import type { RegistryAction } from './access.ts'
import { createAuthorizer } from './authorizer.ts'
import type { AdminCredential } from './credentials.ts'
import { identityRows } from './identity-rows.ts'
import { hashPassword } from './password.ts'
import { ringOf } from './tokens/key-ring.fixture.ts'
import { newSigningKey } from './tokens/signing-key.ts'
import { signToken } from './tokens/token.ts'

const HOST = 'localhost:5000'
const repo = { registryId: 'reg_default', repository: 'team/app' }

async function credential(slot: 1 | 2, password: string, changedAt: number): Promise<AdminCredential> {
  return { user: 'admin', slot, hash: await hashPassword(systemClock('test'), password, 16), changedAt }
}

async function setUp() {
  const state = {
    now: 1_800_000_000_000,
    credentials: [await credential(1, 'one', 1), await credential(2, 'two', 2)] as readonly AdminCredential[],
    anonymousPull: false,
  }
  const clock: Clock = { ...systemClock('test'), now: () => state.now, monotonic: () => state.now }
  const key = await newSigningKey()
  const registry = () => ({ id: repo.registryId, tokenAudience: 'endpoint' as const })
  let rows = identityRows({ credentials: state.credentials, registry })
  const authorizer = createAuthorizer({
    rows: () => {
      if (rows.credentials !== state.credentials) rows = identityRows({ credentials: state.credentials, registry })
      return rows
    },
    anonymousPull: id => state.anonymousPull && id === repo.registryId,
    keys: ringOf(key, clock),
    clock,
  })
  const bearer = async (claims: Partial<Parameters<typeof signToken>[2]> = {}) => {
    const access = [{ type: 'repository' as const, name: repo.repository, actions: ['pull'] }]
    const at = { kind: 'access_token' as const, audience: HOST, registryId: repo.registryId, shared: false }
    const full = { ...at, caller: 'user:admin', access, proof: '1.1', ...claims }
    return `Bearer ${(await signToken(ringOf(key, clock), clock, full)).token}`
  }
  return { state, authorizer, bearer }
}

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

test('both passwords let the admin do everything, by any host', async () => {
  const { authorizer } = await setUp()
  for (const password of ['one', 'two']) {
    const caller = await authorizer.admit(basic('admin', password), HOST)
    assert.equal(caller.id, 'user:admin')
    for (const action of ['pull', 'push', 'delete', 'catalog'] satisfies RegistryAction[]) {
      assert.deepEqual(authorizer.may(caller, action, repo), { allowed: true })
    }
    assert.equal(authorizer.admit(basic('admin', password), 'another:1'), caller)
  }
})

test('a wrong password, another user and no credentials at all are refused', async () => {
  const { state, authorizer } = await setUp()
  for (const header of [basic('admin', 'three'), basic('root', 'one'), basic('', ''), 'Basic x']) {
    await assert.rejects(async () => authorizer.admit(header, HOST), { status: 401 })
  }
  state.credentials = []
  await assert.rejects(async () => authorizer.admit(basic('admin', 'two'), HOST), { status: 401 })
})

test('a known header answers at once; an unknown one later', async () => {
  const { authorizer, bearer } = await setUp()
  for (const header of [basic('admin', 'one'), await bearer()]) {
    const first = authorizer.admit(header, HOST)
    assert.ok(first instanceof Promise)
    assert.equal(authorizer.admit(header, HOST) instanceof Promise, true)
    const caller = await first
    assert.equal(authorizer.admit(header, HOST), caller)
  }
})

test('one rotated password stops at the next request, with its tokens; the other goes on', async () => {
  const { state, authorizer, bearer } = await setUp()
  const tokenOne = await bearer({ proof: '1.1' })
  const tokenTwo = await bearer({ proof: '2.2' })
  for (const header of [basic('admin', 'one'), basic('admin', 'two'), tokenOne, tokenTwo])
    await authorizer.admit(header, HOST)

  state.credentials = [await credential(1, 'new', 3), ...state.credentials.slice(1)]
  for (const header of [basic('admin', 'one'), tokenOne]) {
    await assert.rejects(async () => authorizer.admit(header, HOST), { status: 401 })
  }
  for (const header of [basic('admin', 'two'), tokenTwo]) {
    assert.ok(!(authorizer.admit(header, HOST) instanceof Promise), 'still known')
  }
  assert.equal((await authorizer.admit(basic('admin', 'new'), HOST)).id, 'user:admin')
})

test('a known token ends on time and works at its own host only', async () => {
  const { state, authorizer, bearer } = await setUp()
  const header = await bearer()
  await authorizer.admit(header, HOST)
  await assert.rejects(async () => authorizer.admit(header, 'localhost:5001'), { status: 401 })
  state.now += 299_999
  assert.ok(!(authorizer.admit(header, HOST) instanceof Promise))
  state.now += 1
  await assert.rejects(async () => authorizer.admit(header, HOST), { message: /expired/ })
})

test('a token may do what it says and nothing else, and a challenge follows', async () => {
  const { authorizer, bearer } = await setUp()
  const may = async (
    access: Parameters<typeof signToken>[2]['access'],
    action: RegistryAction,
    repository = 'team/app',
  ) => {
    const caller = await authorizer.admit(await bearer({ access }), HOST)
    return authorizer.may(caller, action, { ...repo, repository })
  }
  const no = { allowed: false, authenticate: true }
  const yes = { allowed: true }
  const on = (actions: string[]) => [{ type: 'repository' as const, name: 'team/app', actions }]
  assert.deepEqual(await may(on(['pull']), 'pull'), yes)
  assert.deepEqual(await may(on(['pull']), 'push'), no)
  assert.deepEqual(await may(on(['pull']), 'pull', 'team/app2'), no)
  assert.deepEqual(await may(on(['pull', 'push']), 'delete'), no)
  assert.deepEqual(await may(on(['*']), 'delete'), yes)
  assert.deepEqual(await may(on(['*']), 'catalog'), no)
  assert.deepEqual(await may([{ type: 'registry', name: 'catalog', actions: ['*'] }], 'catalog'), yes)
  assert.deepEqual(await may([{ type: 'repository', name: 'catalog', actions: ['*'] }], 'catalog', 'catalog'), no)
})

test('anonymous pull is a setting of each registry, read at every request', async () => {
  const { state, authorizer, bearer } = await setUp()
  const token = await authorizer.admit(await bearer({ caller: 'anonymous', proof: undefined }), HOST)
  const nobody = await authorizer.admit(undefined, HOST)
  for (const caller of [nobody, token]) {
    assert.deepEqual(authorizer.may(caller, 'pull', repo), { allowed: false, authenticate: true })
    state.anonymousPull = true
    assert.deepEqual(authorizer.may(caller, 'pull', repo), { allowed: true })
    assert.deepEqual(authorizer.may(caller, 'metadata_read', repo), { allowed: true })
    assert.equal(authorizer.may(caller, 'metadata_write', repo).allowed, false)
    assert.equal(authorizer.may(caller, 'push', repo).allowed, false)
    assert.equal(authorizer.may(caller, 'catalog', repo).allowed, false)
    assert.equal(authorizer.may(caller, 'pull', { ...repo, registryId: 'reg_other' }).allowed, false)
    state.anonymousPull = false
  }
})

test('guessing is slowed down by address, while who is known and who repeats an old password go on', async () => {
  const { authorizer } = await setUp()
  await authorizer.admit(basic('admin', 'one'), HOST, '192.0.2.1')
  const tries = await Promise.allSettled(
    Array.from({ length: 30 }, (_, i) => authorizer.admit(basic('admin', `guess ${i}`), HOST, '192.0.2.1')),
  )
  const codes = tries.map(one => (one.status === 'rejected' && one.reason instanceof Failure ? one.reason.status : 0))
  assert.equal(codes.filter(status => status === 401).length, 10)
  assert.equal(codes.filter(status => status === 429).length, 20)
  assert.ok(!(authorizer.admit(basic('admin', 'one'), HOST, '192.0.2.1') instanceof Promise))
  await assert.rejects(async () => authorizer.admit(basic('admin', 'guess 0'), HOST, '192.0.2.1'), { status: 401 })
  assert.equal((await authorizer.admit(basic('admin', 'two'), HOST, '192.0.2.9')).id, 'user:admin')
})

test('what somebody may do at all goes beyond the scopes of the token at hand, and never beyond the person', async () => {
  const { state, authorizer, bearer } = await setUp()
  const other = { registryId: 'reg_default', repository: 'team/other' }
  const admin = await authorizer.admit(await bearer(), HOST)
  assert.equal(authorizer.may(admin, 'pull', other).allowed, false)
  assert.equal(authorizer.mayAtAll(admin, 'pull', other), true)
  const nobody = await authorizer.admit(await bearer({ caller: 'anonymous', proof: undefined }), HOST)
  assert.equal(authorizer.mayAtAll(nobody, 'pull', other), false)
  state.anonymousPull = true
  assert.equal(authorizer.mayAtAll(nobody, 'pull', other), true)
  assert.equal(authorizer.mayAtAll(nobody, 'push', other), false)
})
