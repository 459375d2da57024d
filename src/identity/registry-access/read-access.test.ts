import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReadTx } from '../../kernel/index.ts'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { members } from '../principals/members.ts'
import { principals } from '../principals/principals.ts'
import { serviceSecrets } from '../principals/secrets.ts'
import { assignments } from '../roles/assignments.ts'
import { from, openTenants } from '../tenants.fixture.ts'
import { locks } from '../tree/locks.ts'
import { nodes } from '../tree/nodes.ts'
import { createAccessReader } from './access-reader.ts'

const PULL = ['registry/content/read', 'registry/metadata/read']

for (const engine of testEngines()) {
  test(`grants follow roles, groups, the tree, locks and secrets, on ${engine.name}`, async t => {
    const { store, clock, tenant, group, principal, place, assign, delegate } = await openTenants(engine)
    t.after(() => store.close())
    const reader = createAccessReader(clock)
    const read = () => store.snapshot(db => reader.read(db))
    const by = { tenantId: 'ten_a', from: from('ten_a') }
    await tenant('ten_a')
    await tenant('ten_b')
    assert.deepEqual(await read(), [], 'no registry, nothing to say')

    await group('ten_a', 'grp_1')
    await place({ tenantId: 'ten_a', id: 'reg_1', parentId: 'grp_1', kind: 'registry', name: 'one' })
    for (const id of ['prn_ann', 'prn_bob', 'prn_cat']) await principal('ten_a', id)
    await principal('ten_a', 'prn_inner', 'group')
    await principal('ten_a', 'prn_outer', 'group')
    await principal('ten_a', 'prn_svc', 'service')
    await principal('ten_b', 'prn_far')
    const join = (groupId: string, memberId: string) => store.write(members.add, { ...by, groupId, memberId })
    await join('prn_outer', 'prn_inner')
    await join('prn_inner', 'prn_ann')
    await assign('ten_a', 'asg_1', 'prn_outer', 'rol_acr_pull', '/tenants/ten_a/groups/grp_1')
    await assign('ten_a', 'asg_2', 'prn_ann', 'rol_acr_delete', '/tenants/ten_a/resources/reg_1')
    await assign('ten_a', 'asg_3', 'prn_bob', 'rol_acr_push', '/tenants/ten_a', 'resource.kind == "registry"')
    await assign('ten_a', 'asg_4', 'prn_cat', 'rol_contributor', '/tenants/ten_a')
    await assign('ten_a', 'asg_5', 'prn_svc', 'rol_acr_push', '/tenants/ten_a')
    await delegate({
      ...{ tenantId: 'ten_a', id: 'asg_6', principalTenantId: 'ten_b', principalId: 'prn_far', condition: '' },
      ...{ roleId: 'rol_acr_push', scope: '/tenants/ten_a', source: 'dlg_1' },
    })
    const secret = { ...by, principalId: 'prn_svc', id: 'sec_1', hash: 'hash of sec_1' }
    const expiresAt = clock.now() + 60_000
    await store.write(serviceSecrets.add, { ...secret, expiresAt })
    await store.write(serviceSecrets.add, { ...secret, id: 'sec_0', expiresAt: clock.now() - 1 })

    const push = [
      'registry/content/read',
      'registry/content/write',
      'registry/metadata/read',
      'registry/metadata/write',
    ]
    const grants = [
      { principalId: 'prn_ann', actions: ['registry/content/delete'] },
      { principalId: 'prn_outer', actions: PULL },
      { principalId: 'prn_svc', actions: push },
    ]
    const held = [{ id: 'sec_1', hash: 'hash of sec_1', expiresAt }]
    const ann = { id: 'prn_ann', kind: 'user', groups: ['prn_outer'], secrets: [] }
    const svc = { id: 'prn_svc', kind: 'service', groups: [], secrets: held }
    const registry = { id: 'reg_1', locked: [], grants }
    assert.deepEqual(await read(), [{ tenantId: 'ten_a', registries: [registry], principals: [ann, svc] }])

    await store.write(principals.enable, { ...by, id: 'prn_svc', enabled: false })
    const lock = { tenantId: 'ten_a', id: 'lck_1', nodeId: 'ten_a', kind: 'no-delete' as const, note: '' }
    await store.write(locks.set, { lock, from: by.from })
    const locked = { ...registry, locked: ['registry/content/delete'] }
    assert.deepEqual(await read(), [{ tenantId: 'ten_a', registries: [locked], principals: [ann] }])

    await store.write(assignments.revoke, { ...by, id: 'asg_2' })
    await store.write(members.remove, { ...by, groupId: 'prn_inner', memberId: 'prn_ann' })
    assert.deepEqual((await read())[0]?.principals, [])

    await store.write(members.add, { ...by, groupId: 'prn_outer', memberId: 'prn_cat' })
    const cat = { ...ann, id: 'prn_cat' }
    assert.deepEqual((await read())[0]?.principals, [cat])
    // Out of the group, from under the role and the lock's sight stays the tenant.
    await store.write(nodes.move, { ...by, id: 'reg_1', parentId: 'ten_a' })
    assert.deepEqual((await read())[0]?.principals, [])
  })
}

test('nothing is worked out again while no version changed, and only the tenant that did', async t => {
  const [engine] = testEngines()
  assert.ok(engine)
  const { store, clock, tenant, principal, place, assign } = await openTenants(engine)
  t.after(() => store.close())
  for (const id of ['ten_a', 'ten_b']) {
    await tenant(id)
    await place({ tenantId: id, id: `reg_${id}`, parentId: id, kind: 'registry', name: 'one' })
  }
  const reader = createAccessReader(clock)
  let asked = 0
  const counting = (db: ReadTx): ReadTx =>
    ({
      ...db,
      all: (...args: Parameters<ReadTx['all']>) => {
        asked += 1
        return db.all(...args)
      },
    }) as ReadTx
  const cost = async () => {
    asked = 0
    await store.snapshot(db => reader.read(counting(db)))
    return asked
  }
  const both = await cost()
  assert.equal(await cost(), 1, 'the versions')
  await principal('ten_a', 'prn_ann')
  await assign('ten_a', 'asg_1', 'prn_ann', 'rol_acr_pull', '/tenants/ten_a')
  const one = await cost()
  assert.ok(one > 1 && one < both, `${one} of ${both}`)
  const read = await store.snapshot(db => reader.read(db))
  assert.deepEqual(
    read.map(({ tenantId, principals }) => [tenantId, principals.map(who => who.id)]),
    [
      ['ten_a', ['prn_ann']],
      ['ten_b', []],
    ],
  )
})
