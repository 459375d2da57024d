import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { newId, sql, systemClock } from '../../kernel/index.ts'
import { type TestEngine, testEngines } from '../../kernel/store/engines.fixture.ts'
import { members, readMembers } from '../principals/members.ts'
import { principals, readPrincipal, readPrincipals } from '../principals/principals.ts'
import { readSessionsOf } from '../sessions/rows.ts'
import { sessions } from '../sessions/sessions.ts'
import { from, openTenants } from '../tenants.fixture.ts'
import { tenants } from '../tree/tenants.ts'
import { enterByProvider } from './enter.ts'
import type { Person } from './person.ts'
import type { SignInProvider } from './provider.ts'
import {
  findProvider,
  type ProviderChange,
  readClientSecretPage,
  readProviders,
  readSealedSecret,
  signInProviders,
} from './providers.ts'

const clock = systemClock('test')
const by = from('ten_a')

async function open(t: TestContext, engine: TestEngine) {
  const fixture = await openTenants(engine)
  const { store } = fixture
  t.after(() => store.close())
  await fixture.tenant('ten_a')
  const add = (name: string, more: Partial<SignInProvider> = {}) =>
    store.write(signInProviders.create, {
      provider: {
        ...{ tenantId: 'ten_a', id: newId(clock, 'sip'), name, title: name, issuer: `https://${name}.example` },
        ...{ clientId: 'client', sealedSecret: `sealed for ${name}`, scopes: ['openid', 'email'], groupsClaim: '' },
        ...{ provisioning: 'invited' as const, invitedBy: 'mail' as const, groups: [], ...more },
      },
      from: by,
    })
  const enter = (provider: SignInProvider, person: Partial<Person>) =>
    store.write(enterByProvider, {
      ...{ tenantId: provider.tenantId, provider: provider.name, providerId: provider.id },
      person: { subject: 'sub-1', mail: undefined, username: undefined, groups: [], ...person },
      ...{ newId: newId(clock, 'prn'), from: by },
    })
  return { ...fixture, add, enter }
}

const NOT_INVITED = { code: 'OIDC_NOT_INVITED' }

for (const engine of testEngines()) {
  test(`providers of a tenant on ${engine.name}: made, changed, listed without their secret, deleted`, async t => {
    const { store, principal, tenant, add, enter } = await open(t, engine)
    await principal('ten_a', 'prn_team', 'group')
    await principal('ten_a', 'prn_ann')
    const made = await add('corp', { groups: [{ value: 'staff', groupId: 'prn_team' }], groupsClaim: 'groups' })
    assert.deepEqual(await readProviders(store.read, 'ten_a'), [made])
    assert.ok(!JSON.stringify(made).includes('sealed'))
    assert.equal(await readSealedSecret(store.read, made), 'sealed for corp')
    await assert.rejects(add('corp'), { code: 'SIGN_IN_PROVIDER_NAME_TAKEN' })
    await assert.rejects(add('other', { groups: [{ value: 'x', groupId: 'prn_ann' }] }), { code: 'PRINCIPAL_REFUSED' })
    await assert.rejects(add('other', { groups: [{ value: 'x', groupId: 'prn_admin' }] }), {
      code: 'PRINCIPAL_UNKNOWN',
    })
    await tenant('ten_b')
    assert.equal(await findProvider(store.read, 'ten_b', 'corp'), undefined)

    const change = { tenantId: 'ten_a', name: 'corp', from: by }
    const changed = await store.write(signInProviders.change, {
      ...change,
      change: { title: 'New', sealedSecret: 'new', invitedBy: 'username' },
    })
    assert.deepEqual(changed, { ...made, title: 'New', invitedBy: 'username' })
    assert.equal(await readSealedSecret(store.read, made), 'new')
    assert.deepEqual((await store.write(signInProviders.change, { ...change, change: { groups: [] } })).groups, [])
    await assert.rejects(store.write(signInProviders.change, { ...change, name: 'none', change: {} }), {
      code: 'SIGN_IN_PROVIDER_UNKNOWN',
    })

    await store.write(signInProviders.change, { ...change, change: { groups: made.groups, invitedBy: 'mail' } })
    await enter(made, { mail: 'prn_ann', groups: ['staff'] })
    await store.write(sessions.open, {
      session: {
        tenantId: 'ten_a',
        id: 'ses_1',
        principalId: 'prn_ann',
        kind: 'browser',
        signedInBy: 'oidc:corp',
        proof: '',
      },
      ...{ secretHash: 'h', replaces: undefined, address: 'a', from: by },
    })
    await store.write(signInProviders.delete, { tenantId: 'ten_a', name: 'corp', from: by })
    assert.deepEqual(await readProviders(store.read, 'ten_a'), [])
    assert.deepEqual(await readMembers(store.read, 'ten_a', 'prn_team'), [])
    assert.deepEqual(await readSessionsOf(store.read, 'ten_a', 'prn_ann'), [])
    assert.ok(await readPrincipal(store.read, 'ten_a', 'prn_ann'))
    // The same name anew is another provider, and a sign-in that was under way at the old one is nobody's.
    await add('corp')
    await assert.rejects(enter(made, { mail: 'prn_ann' }), { code: 'SIGN_IN_PROVIDER_UNKNOWN' })
  })

  test(`the ages of client secrets on ${engine.name}: since they were last set, of all tenants, in pages`, async t => {
    const { store, clock, tenant, add } = await open(t, engine)
    await tenant('ten_b')
    const ours = await add('corp', { id: 'sip_1' })
    const other = await add('other', { id: 'sip_2' })
    const theirs = await add('corp', { tenantId: 'ten_b' })
    await clock.sleep(2)
    const change = (change: ProviderChange) =>
      store.write(signInProviders.change, { tenantId: 'ten_a', name: 'other', change, from: by })
    await change({ title: 'New' })
    const page = await readClientSecretPage(store.read, { after: { tenantId: '', id: '' }, limit: 2 })
    assert.deepEqual(
      page.map(one => [one.tenantId, one.id, one.name, one.setAt]),
      [ours, other].map(one => ['ten_a', one.id, one.name, one.createdAt]),
    )
    const rest = await readClientSecretPage(store.read, { after: other, limit: 2 })
    assert.deepEqual(rest, [{ tenantId: 'ten_b', id: theirs.id, name: 'corp', setAt: theirs.createdAt }])
    await change({ sealedSecret: 'new' })
    const [changed] = await readClientSecretPage(store.read, { after: ours, limit: 1 })
    assert.ok(changed && changed.id === other.id && changed.setAt > other.createdAt)
  })

  test(`whom a provider vouches for, on ${engine.name}: by subject for good, by name once`, async t => {
    const { store, principal, add, enter } = await open(t, engine)
    await principal('ten_a', 'ann@corp.example')
    await principal('ten_a', 'bob')
    await principal('ten_a', 'prn_robot', 'service')
    const corp = await add('corp')
    await assert.rejects(enter(corp, { mail: 'nobody@corp.example', username: 'nobody' }), NOT_INVITED)
    await assert.rejects(enter(corp, { mail: 'prn_robot' }), NOT_INVITED, 'only people')
    await assert.rejects(enter(corp, { username: 'bob' }), NOT_INVITED, 'a name that one may give oneself')
    assert.equal(await enter(corp, { mail: 'ann@corp.example', username: 'bob' }), 'ann@corp.example')
    // What the provider calls her later says nothing any more.
    assert.equal(await enter(corp, { mail: 'new@corp.example', username: 'bob' }), 'ann@corp.example')
    assert.equal(await enter(corp, {}), 'ann@corp.example')
    // Her name does not open her account to another subject, of this provider or another.
    await assert.rejects(enter(corp, { subject: 'sub-2', mail: 'ann@corp.example' }), NOT_INVITED)
    const other = await add('other', { invitedBy: 'username' })
    await assert.rejects(enter(other, { username: 'ann@corp.example' }), NOT_INVITED)
    await assert.rejects(enter(other, { mail: 'bob' }), { ...NOT_INVITED, next: /under your user name/ })
    assert.equal(await enter(other, { username: 'bob' }), 'bob', 'the same subject elsewhere is somebody else')

    const ann = { tenantId: 'ten_a', id: 'ann@corp.example', from: by }
    await store.write(principals.enable, { ...ann, enabled: false })
    await assert.rejects(enter(corp, {}), { code: 'SIGN_IN_REFUSED' })
    await store.write(principals.delete, ann)
    await assert.rejects(enter(corp, {}), NOT_INVITED, 'a deleted user does not come back')
    const links = await store.read.all(sql`select principal_id from sign_in_link`)
    assert.deepEqual(
      links.map(row => row.principal_id),
      ['bob'],
    )
  })

  test(`nobody becomes the administrator of the platform by a provider, on ${engine.name}`, async t => {
    const { store, add, enter } = await open(t, engine)
    const provider = { ...(await add('corp')), tenantId: 'ten_default', id: 'sip_default' }
    await store.write(signInProviders.create, { provider: { ...provider, sealedSecret: 's' }, from: from() })
    await assert.rejects(enter(provider, { mail: 'admin', username: 'admin' }), NOT_INVITED)
  })

  test(`automatic: a user without a role under a free name, on ${engine.name}`, async t => {
    const { store, principal, assign, add, enter } = await open(t, engine)
    await principal('ten_a', 'ann')
    await assign('ten_a', 'asg_1', 'ann', 'rol_owner', '/tenants/ten_a')
    const corp = await add('corp', { provisioning: 'automatic' })
    const id = await enter(corp, { username: 'ann', mail: 'ann@corp.example' })
    assert.notEqual(id, 'ann', 'a name that is taken is nobody’s proof')
    const names = [(await readPrincipal(store.read, 'ten_a', id))?.name]
    assert.equal(await enter(corp, { username: 'later' }), id)
    for (const subject of ['sub-2', 'sub-3', 'ann']) {
      const made = await enter(corp, { subject, username: 'ann', mail: 'ann@corp.example' })
      names.push((await readPrincipal(store.read, 'ten_a', made))?.name)
    }
    assert.deepEqual(names, ['ann@corp.example', 'sub-2', 'sub-3', 'corp: ann'])
    const roles = await store.read.all(sql`select principal_id from role_assignment where tenant_id = 'ten_a'`)
    assert.deepEqual(
      roles.map(row => row.principal_id),
      ['ann'],
    )
    const actions = await store.read.all<{ detail: string }>(sql`select detail from audit_entry
      where action = 'principal/write' and resource = ${id} order by id`)
    assert.match(JSON.stringify(actions), /linked.*corp.*subject.*sub-1/)
  })

  test(`memberships follow the provider, and those that people gave stay, on ${engine.name}`, async t => {
    const { store, principal, add, enter } = await open(t, engine)
    for (const id of ['prn_ops', 'prn_dev', 'prn_own']) await principal('ten_a', id, 'group')
    await principal('ten_a', 'ann')
    await store.write(members.add, { tenantId: 'ten_a', groupId: 'prn_own', memberId: 'ann', from: by })
    const groups = [
      { value: 'ops', groupId: 'prn_ops' },
      { value: 'everybody', groupId: 'prn_dev' },
      { value: 'everybody', groupId: 'prn_own' },
    ]
    const corp = await add('corp', { groups, groupsClaim: 'groups' })
    const of = async (...ids: string[]) =>
      (
        await Promise.all(ids.map(async id => ((await readMembers(store.read, 'ten_a', id)).length > 0 ? id : '')))
      ).join(' ')
    const all = () => of('prn_ops', 'prn_dev', 'prn_own')
    await enter(corp, { mail: 'ann', groups: ['ops', 'everybody', 'unknown'] })
    assert.equal(await all(), 'prn_ops prn_dev prn_own')
    await enter(corp, { groups: ['everybody'] })
    assert.equal(await all(), ' prn_dev prn_own')

    const version = async () => store.read.one(sql`select version from tenant where id = 'ten_a'`)
    const before = await version()
    await enter(corp, { groups: ['everybody'] })
    assert.deepEqual(await version(), before, 'what stays as it was makes nobody decide anew')

    await store.write(members.remove, { tenantId: 'ten_a', groupId: 'prn_dev', memberId: 'ann', from: by })
    assert.equal(await all(), '  prn_own')
    await enter(corp, { groups: ['everybody'] })
    assert.equal(await all(), ' prn_dev prn_own', 'the provider still says so')
    await enter(corp, {})
    assert.equal(await all(), '  prn_own', 'what a person gave, a person takes')

    await store.write(principals.delete, { tenantId: 'ten_a', id: 'prn_dev', from: by })
    assert.deepEqual(
      (await findProvider(store.read, 'ten_a', 'corp'))?.groups.map(one => one.groupId),
      ['prn_own', 'prn_ops'],
    )
    for (const { id } of await readPrincipals(store.read, 'ten_a'))
      await store.write(principals.delete, { tenantId: 'ten_a', id, from: by })
    await store.write(tenants.delete, { id: 'ten_a', from: by })
    for (const table of ['sign_in_provider', 'sign_in_provider_group', 'sign_in_link', 'provided_member'])
      assert.deepEqual(await store.read.all({ text: `select * from ${table}`, values: [] }), [], table)
  })
}
