import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { readAssignments } from '../roles/assignments.ts'
import { from, openTenants } from '../tenants.fixture.ts'
import { DEEPEST_GROUP, groupsOf, members, readMembers } from './members.ts'
import { principals, readPrincipal, readPrincipals } from './principals.ts'
import { readSecrets, readServiceSecretPage, readSignIn, serviceSecrets } from './secrets.ts'

const who = (id: string) => ({ tenantId: 'ten_a', id, from: from('ten_a') })

for (const engine of testEngines()) {
  test(`principals of every kind on ${engine.name}`, async t => {
    const { store, tenant, group, principal, assign } = await openTenants(engine)
    t.after(() => store.close())
    await tenant('ten_a')
    await group('ten_a', 'grp_1')
    await principal('ten_a', 'prn_ann')
    await assert.rejects(
      store.write(principals.create, {
        principal: { tenantId: 'ten_a', id: 'prn_x', kind: 'user', name: 'prn_ann', ownerId: '', resourceId: '' },
        from: from('ten_a'),
      }),
      { code: 'PRINCIPAL_NAME_TAKEN' },
    )

    // An agent has an owner who can answer: an enabled user of its own tenant.
    await assert.rejects(principal('ten_a', 'prn_bot', 'agent'), { code: 'PRINCIPAL_OWNER_NEEDED' })
    await assert.rejects(principal('ten_a', 'prn_bot', 'agent', 'prn_admin'), { code: 'PRINCIPAL_OWNER_NEEDED' })
    await principal('ten_a', 'prn_team', 'group')
    await assert.rejects(principal('ten_a', 'prn_bot', 'agent', 'prn_team'), { code: 'PRINCIPAL_OWNER_NEEDED' })
    await principal('ten_a', 'prn_bot', 'agent', 'prn_ann')
    await assert.rejects(principal('ten_a', 'prn_x', 'service', 'prn_ann'), { code: 'PRINCIPAL_REFUSED' })
    await assert.rejects(store.write(principals.delete, who('prn_ann')), { code: 'PRINCIPAL_REFUSED' })

    await assert.rejects(principal('ten_a', 'prn_m', 'managed', '', 'grp_none'), { code: 'NODE_UNKNOWN' })
    await principal('ten_a', 'prn_m', 'managed', '', 'grp_1')

    await assign('ten_a', 'asg_1', 'prn_bot', 'rol_reader', '/tenants/ten_a')
    await store.write(principals.delete, who('prn_bot'))
    assert.deepEqual(await readAssignments(store.read, 'ten_a'), [])
    await store.write(principals.delete, who('prn_ann'))
    assert.deepEqual(
      (await readPrincipals(store.read, 'ten_a')).map(({ id }) => id),
      ['prn_m', 'prn_team'],
    )
    assert.equal(await readPrincipal(store.read, 'ten_default', 'prn_team'), undefined)
    const admin = { tenantId: 'ten_default', id: 'prn_admin', from: from() }
    await assert.rejects(store.write(principals.delete, admin), { code: 'PRINCIPAL_REFUSED' })
    await assert.rejects(store.write(principals.enable, { ...admin, enabled: false }), { code: 'PRINCIPAL_REFUSED' })
  })

  test(`groups hold each other so deep, and never themselves, on ${engine.name}`, async t => {
    const { store, tenant, principal } = await openTenants(engine)
    t.after(() => store.close())
    await tenant('ten_a')
    const add = (groupId: string, memberId: string) =>
      store.write(members.add, { tenantId: 'ten_a', groupId, memberId, from: from('ten_a') })
    const names = Array.from({ length: DEEPEST_GROUP + 1 }, (_, i) => `prn_g${i}`)
    for (const name of names) await principal('ten_a', name, 'group')
    await principal('ten_a', 'prn_ann')
    for (let i = 1; i < DEEPEST_GROUP; i++) await add(`prn_g${i - 1}`, `prn_g${i}`)
    await add('prn_g1', 'prn_ann')
    await add('prn_g1', 'prn_ann')
    assert.deepEqual(await readMembers(store.read, 'ten_a', 'prn_g1'), ['prn_ann', 'prn_g2'])
    assert.deepEqual(await groupsOf(store.read, 'ten_a', 'prn_ann'), ['prn_ann', 'prn_g1', 'prn_g0'])

    await assert.rejects(add('prn_g2', 'prn_g0'), { code: 'GROUP_CYCLE' })
    await assert.rejects(add('prn_g2', 'prn_g2'), { code: 'GROUP_CYCLE' })
    await assert.rejects(add(`prn_g${DEEPEST_GROUP - 1}`, `prn_g${DEEPEST_GROUP}`), { code: 'GROUP_TOO_DEEP' })
    await assert.rejects(add('prn_ann', 'prn_g0'), { code: 'PRINCIPAL_REFUSED' })
    await assert.rejects(add('prn_g0', 'prn_admin'), { code: 'PRINCIPAL_UNKNOWN' })

    await store.write(members.remove, {
      tenantId: 'ten_a',
      groupId: 'prn_g1',
      memberId: 'prn_ann',
      from: from('ten_a'),
    })
    assert.deepEqual(await groupsOf(store.read, 'ten_a', 'prn_ann'), ['prn_ann'])
  })

  test(`the ages of secrets on ${engine.name}: of all tenants, in pages, by the names of whose they are`, async t => {
    const { store, tenant, principal } = await openTenants(engine)
    t.after(() => store.close())
    for (const tenantId of ['ten_a', 'ten_b']) {
      await tenant(tenantId)
      await principal(tenantId, `prn_${tenantId}`, 'service')
      for (const id of ['sec_1', 'sec_2']) {
        const secret = { tenantId, principalId: `prn_${tenantId}`, id, hash: 'h', expiresAt: 9_999_999_999_999 }
        await store.write(serviceSecrets.add, { ...secret, from: from(tenantId) })
      }
    }
    const none = { tenantId: '', principalId: '', id: '' }
    const page = await readServiceSecretPage(store.read, { after: none, limit: 3 })
    assert.deepEqual(
      page.map(one => [one.tenantId, one.principalName, one.id]),
      [
        ['ten_a', 'prn_ten_a', 'sec_1'],
        ['ten_a', 'prn_ten_a', 'sec_2'],
        ['ten_b', 'prn_ten_b', 'sec_1'],
      ],
    )
    const rest = await readServiceSecretPage(store.read, { after: page[2] ?? none, limit: 3 })
    assert.deepEqual(
      rest,
      await readSecrets(store.read, 'ten_b', 'prn_ten_b').then(([, last]) => [{ ...last, principalName: 'prn_ten_b' }]),
    )
  })

  test(`a service principal has two secrets, until they expire, on ${engine.name}`, async t => {
    const { store, clock, tenant, principal } = await openTenants(engine)
    t.after(() => store.close())
    await tenant('ten_a')
    await principal('ten_a', 'prn_svc', 'service')
    await principal('ten_a', 'prn_ann')
    const add = (principalId: string, id: string, days: number) => {
      const expiresAt = clock.now() + days * 86_400_000
      const secret = { tenantId: 'ten_a', principalId, id, hash: `hash of ${id}`, expiresAt }
      return store.write(serviceSecrets.add, { ...secret, from: from('ten_a') })
    }
    await assert.rejects(add('prn_ann', 'sec_0', 1), { code: 'PRINCIPAL_REFUSED' })
    await add('prn_svc', 'sec_1', -1)
    await add('prn_svc', 'sec_2', 1)
    await add('prn_svc', 'sec_3', 90)
    await assert.rejects(add('prn_svc', 'sec_4', 1), { code: 'PRINCIPAL_REFUSED' })
    const found = await readSignIn(store.read, 'prn_svc', clock.now())
    const secrets = found?.secrets.map(({ id, hash }) => [id, hash])
    assert.deepEqual(
      [found?.principal.tenantId, secrets],
      [
        'ten_a',
        [
          ['sec_2', 'hash of sec_2'],
          ['sec_3', 'hash of sec_3'],
        ],
      ],
    )
    assert.equal((await readSecrets(store.read, 'ten_a', 'prn_svc')).length, 3)

    const which = { tenantId: 'ten_a', principalId: 'prn_svc', id: 'sec_2', from: from('ten_a') }
    await store.write(serviceSecrets.remove, which)
    const left = await readSignIn(store.read, 'prn_svc', clock.now())
    assert.deepEqual(
      left?.secrets.map(one => one.id),
      ['sec_3'],
    )
    await store.write(principals.enable, { ...who('prn_svc'), enabled: false })
    assert.equal(await readSignIn(store.read, 'prn_svc', clock.now()), undefined)
    assert.equal((await readSignIn(store.read, 'prn_ann', clock.now()))?.secrets.length, 0)
  })
}
