import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Clock, systemClock } from '../kernel/index.ts'
import type { RegistryAction } from './access.ts'
import { createAuthorizer } from './authorizer.ts'
import { identityRows } from './identity-rows.ts'
import { hashPassword } from './password.ts'
import type { RegistryGrants, TenantAccess } from './registry-access/tenant-access.ts'
import type { DataAction } from './roles/actions.ts'
import { ringOf } from './tokens/key-ring.fixture.ts'
import { newSigningKey } from './tokens/signing-key.ts'
import { signToken, TOKEN_LIFE, type TokenKind } from './tokens/token.ts'

const HOST = 'localhost:5000'
const START = 1_800_000_000_000
const PULL: DataAction[] = ['registry/content/read', 'registry/metadata/read']
const PUSH: DataAction[] = [...PULL, 'registry/content/write', 'registry/metadata/write']
const yes = { allowed: true }
const signIn = { allowed: false, authenticate: true }
const denied = { allowed: false, authenticate: false }
const ACTIONS: RegistryAction[] = ['pull', 'push', 'delete', 'metadata_read', 'metadata_write', 'catalog']

/** A region as it hears of ann, who has her role by a group, and of a program with a secret. */
async function setUp() {
  const state = { now: START }
  const clock: Clock = { ...systemClock('test'), now: () => state.now, monotonic: () => state.now }
  const registry = (host: string) => ({
    id: host.startsWith('other') ? 'reg_other' : 'reg_default',
    tokenAudience: 'endpoint' as const,
  })
  const hash = await hashPassword(clock, 'secret text', 16)
  const of = (id: string, actions: DataAction[], locked: DataAction[] = []): RegistryGrants => ({
    ...{ id, locked },
    grants: [{ principalId: 'prn_team', actions }],
  })
  const ann = { id: 'prn_ann', kind: 'user' as const, groups: ['prn_team'], secrets: [] }
  const secrets = [{ id: 'sec_1', hash, expiresAt: START + 600_000 }]
  const robot = { id: 'prn_bot', kind: 'service' as const, groups: ['prn_team'], secrets }
  const access: TenantAccess = {
    tenantId: 'ten_a',
    registries: [of('reg_default', PULL), of('reg_other', PUSH)],
    principals: [ann, robot],
  }
  const admin = { user: 'admin' as const, slot: 1 as const, hash: await hashPassword(clock, 'pw', 16), changedAt: 7 }
  const heard = (now: Partial<TenantAccess>, ended = { proofs: [] as string[], before: 0 }) =>
    identityRows({
      ...{ credentials: [admin], registry },
      access: [{ ...access, ...now }],
      ended: [{ tenantId: 'ten_a', ...ended }],
    })
  let rows = heard({})
  const keys = ringOf(await newSigningKey(), clock)
  const authorizer = createAuthorizer({ rows: () => rows, anonymousPull: () => false, keys, clock })
  const token = async (kind: TokenKind, actions: string[] = [], more: object = {}) => {
    const at = { audience: HOST, registryId: 'reg_default', shared: false, proof: 'session:ses_1' }
    const listed = [{ type: 'repository' as const, name: 'team/app', actions }]
    const claims = { ...at, kind, caller: 'principal:ten_a/prn_ann', access: listed, ...more }
    return (await signToken(keys, clock, claims)).token
  }
  const may = async (header: string, action: RegistryAction, host = HOST) => {
    const caller = await authorizer.admit(header, host)
    return authorizer.may(caller, action, { registryId: registry(host).id, repository: 'team/app' })
  }
  const hear = (...now: Parameters<typeof heard>) => {
    rows = heard(...now)
  }
  const refused = (asked: () => Promise<unknown>, message = /changed, has ended or was taken away/) =>
    assert.rejects(asked, { status: 401, message })
  return { state, access, ann, robot, authorizer, token, may, hear, refused, of }
}

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

test('an access token does what it lists, and of that only what the roles say now', async () => {
  const { token, may, authorizer } = await setUp()
  const header = `Bearer ${await token('access_token', ['pull', 'push'])}`
  assert.deepEqual(await may(header, 'pull'), yes)
  assert.deepEqual(await may(header, 'push'), denied)
  assert.deepEqual(await may(header, 'metadata_read'), signIn)
  const caller = await authorizer.admit(header, HOST)
  assert.equal(authorizer.admit(header, HOST), caller, 'a known one costs one lookup: no promise, the same caller')
  assert.equal(authorizer.mayAtAll(caller, 'pull', { registryId: 'reg_default', repository: 'team/other' }), true)
  assert.equal(authorizer.mayAtAll(caller, 'push', { registryId: 'reg_default', repository: 'team/app' }), false)
})

test('a refresh token is good for all that the roles say, and for nothing else', async () => {
  const { token, authorizer } = await setUp()
  const caller = await authorizer.admitRefresh(await token('refresh_token'), HOST)
  const allowed = ACTIONS.filter(
    action => authorizer.may(caller, action, { registryId: 'reg_default', repository: 'a/b' }).allowed,
  )
  assert.deepEqual(allowed, ['pull', 'metadata_read', 'catalog'])
})

test('a role, the principal, a session: what is taken away ends with the request after the region has heard', async () => {
  type Heard = Parameters<Awaited<ReturnType<typeof setUp>>['hear']>
  const cases: [string, (from: Awaited<ReturnType<typeof setUp>>) => Heard][] = [
    ['the role', ({ of }) => [{ registries: [of('reg_other', PUSH)] }]],
    ['the group', ({ ann }) => [{ principals: [{ ...ann, groups: [] }] }]],
    ['disabled', () => [{ principals: [] }]],
    ['another tenant’s', () => [{ tenantId: 'ten_b' }]],
    ['signed out', () => [{}, { proofs: ['session:ses_1'], before: 0 }]],
    ['too many signed out', () => [{}, { proofs: [], before: START }]],
  ]
  for (const [name, change] of cases) {
    const from = await setUp()
    const refresh = await from.token('refresh_token')
    const header = `Bearer ${await from.token('access_token', ['pull'])}`
    assert.deepEqual(await from.may(header, 'pull'), yes)
    await from.authorizer.admitRefresh(refresh, HOST)
    from.hear(...change(from))
    await from.refused(() => from.may(header, 'pull'))
    await from.refused(() => from.authorizer.admitRefresh(refresh, HOST))
    from.hear({}, { proofs: ['session:other'], before: START - 1 })
    assert.deepEqual(await from.may(header, 'pull'), yes, `${name}: and comes back`)
  }
})

test('a wider role counts at once for a refresh token, and for an access token after it was bought again', async () => {
  const { token, may, hear, of } = await setUp()
  const header = `Bearer ${await token('access_token', ['pull'])}`
  hear({ registries: [of('reg_default', PUSH)] })
  assert.deepEqual(await may(header, 'push'), signIn)
  assert.deepEqual(await may(`Bearer ${await token('access_token', ['pull', 'push'])}`, 'push'), yes)
})

test('a lock binds everybody: principals, tokens and the admin, and only for what it forbids', async () => {
  const { token, may, hear, of } = await setUp()
  const locked: DataAction[] = ['registry/content/write', 'registry/content/delete', 'registry/metadata/write']
  const header = `Bearer ${await token('access_token', ['pull', 'push'])}`
  hear({ registries: [of('reg_default', PUSH, locked), of('reg_other', PUSH)] })
  assert.deepEqual(await may(header, 'push'), denied)
  assert.deepEqual(await may(header, 'pull'), yes)
  const admin = basic('admin', 'pw')
  for (const action of ACTIONS) {
    const free = action === 'pull' || action === 'metadata_read' || action === 'catalog'
    assert.deepEqual(await may(admin, action), free ? yes : denied, action)
  }
  assert.deepEqual(await may(admin, 'push', 'other.example'), yes, 'another registry is not locked')
  hear({ registries: [of('reg_default', PUSH)] })
  assert.deepEqual(await may(header, 'push'), yes)
  assert.deepEqual(await may(admin, 'delete'), yes)
})

test('a program signs in with its client id and secret, at each registry for what it has there, without control', async () => {
  const { state, may, hear, refused, authorizer, of, robot } = await setUp()
  const header = basic('prn_bot', 'secret text')
  assert.deepEqual(await may(header, 'pull'), yes)
  assert.deepEqual(await may(header, 'push'), denied)
  assert.deepEqual(await may(header, 'push', 'other.example'), yes)
  assert.ok(!(authorizer.admit(header, HOST) instanceof Promise), 'nothing is derived again for another host')
  await refused(() => may(basic('prn_bot', 'wrong'), 'pull'), /^The user name or the password is wrong$/)
  await refused(() => may(basic('prn_ann', ''), 'pull'), /^The user name or the password is wrong$/)
  hear({ registries: [of('reg_other', PUSH)] })
  await refused(() => may(header, 'pull'), /no role opens this registry/)
  hear({ principals: [{ ...robot, secrets: [] }] })
  await refused(() => may(header, 'pull'), /wrong/)
  hear({})
  assert.deepEqual(await may(header, 'pull'), yes)
  state.now = START + 600_000
  await refused(() => may(header, 'pull'), /expired/)
})

test('what a secret bought ends with it, and a kind of proof that is not known vouches for nothing', async () => {
  const { state, token, authorizer, hear, robot, refused } = await setUp()
  const bought = { caller: 'principal:ten_a/prn_bot', proof: 'secret:sec_1' }
  const refresh = await token('refresh_token', [], bought)
  assert.equal((await authorizer.admitRefresh(refresh, HOST)).ends, START + 600_000)
  hear({ principals: [{ ...robot, secrets: [] }] })
  await refused(() => authorizer.admitRefresh(refresh, HOST))
  hear({})
  for (const proof of ['secret:sec_2', 'unheard:of', '', 'password:1.7'])
    for (const caller of ['principal:ten_a/prn_bot', 'principal:ten_b/prn_bot', 'principal:ten_a', 'somebody'])
      await refused(async () => authorizer.admitRefresh(await token('refresh_token', [], { caller, proof }), HOST))
  for (const proof of ['certificate:crt_1', 'federation:fed_1'])
    await authorizer.admitRefresh(await token('refresh_token', [], { ...bought, proof }), HOST)
  state.now = START + 600_000
  await refused(() => authorizer.admitRefresh(refresh, HOST))
})

test('the admin as a principal stands on his password, and has what his roles say', async () => {
  const { token, authorizer, hear, access, refused } = await setUp()
  const bought = { caller: 'principal:ten_default/prn_admin', proof: 'password:1.7' }
  const mine = { id: 'reg_default', locked: [], grants: [{ principalId: 'prn_admin', actions: PULL }] }
  const holder = { id: 'prn_admin', kind: 'user' as const, groups: [], secrets: [] }
  hear({ ...access, tenantId: 'ten_default', registries: [mine], principals: [holder] })
  const refresh = await token('refresh_token', [], bought)
  const caller = await authorizer.admitRefresh(refresh, HOST)
  assert.equal(authorizer.may(caller, 'push', { registryId: 'reg_default', repository: 'a' }).allowed, false)
  await refused(async () =>
    authorizer.admitRefresh(await token('refresh_token', [], { ...bought, proof: 'password:1.8' }), HOST),
  )
})

test('a region that hears nothing any more lets an access token live for its five minutes', async () => {
  const { state, token, may, refused } = await setUp()
  const header = `Bearer ${await token('access_token', ['pull'])}`
  state.now += TOKEN_LIFE * 1000 - 1
  assert.deepEqual(await may(header, 'pull'), yes)
  state.now += 1
  await refused(() => may(header, 'pull'), /expired/)
})
