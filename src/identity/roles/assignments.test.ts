import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { from, openTenants } from '../tenants.fixture.ts'
import { assignments, type NewAssignment, readAssignments } from './assignments.ts'
import { customRoles, readRole, readRoles } from './custom-roles.ts'

const delegated: NewAssignment = {
  tenantId: 'ten_a',
  id: 'asg_d',
  principalTenantId: 'ten_default',
  principalId: 'prn_admin',
  roleId: 'rol_reader',
  scope: '/tenants/ten_a',
  condition: '',
  source: 'dlg_1',
}

for (const engine of testEngines()) {
  test(`custom roles belong to a tenant, and stay while somebody has them, on ${engine.name}`, async t => {
    const { store, tenant, principal, assign } = await openTenants(engine)
    t.after(() => store.close())
    await tenant('ten_a')
    await principal('ten_a', 'prn_ann')
    const role = {
      id: 'rol_1',
      name: 'Runner',
      description: 'Runs',
      actions: ['pipeline/*'],
      notActions: ['pipeline/delete'],
      dataActions: [],
    }
    const make = (change: object = {}) =>
      store.write(customRoles.create, { tenantId: 'ten_a', role: { ...role, ...change }, from: from('ten_a') })
    await assert.rejects(make({ actions: ['pipelines/*'] }), { code: 'ROLE_REFUSED' })
    await assert.rejects(make({ dataActions: ['registry/read'] }), { code: 'ROLE_REFUSED' })
    await assert.rejects(make({ notActions: ['pipeline/*'] }), { code: 'ROLE_REFUSED' })
    await assert.rejects(make({ name: 'owner' }), { code: 'ROLE_NAME_TAKEN' })
    assert.deepEqual(await make(), { ...role, builtIn: false })
    await make()
    assert.equal((await readRoles(store.read, 'ten_a')).at(-1)?.name, 'Runner')
    assert.equal(await readRole(store.read, 'ten_default', 'rol_1'), undefined)

    const drop = (id: string) => store.write(customRoles.delete, { tenantId: 'ten_a', id, from: from('ten_a') })
    await assign('ten_a', 'asg_1', 'prn_ann', 'rol_1', '/tenants/ten_a')
    await assert.rejects(drop('rol_1'), { code: 'ROLE_IN_USE' })
    await store.write(assignments.revoke, { tenantId: 'ten_a', id: 'asg_1', from: from('ten_a') })
    await drop('rol_1')
    await assert.rejects(drop('rol_owner'), { code: 'ROLE_REFUSED' })
  })

  test(`an assignment names what is there, and only a delegation crosses tenants, on ${engine.name}`, async t => {
    const { store, tenant, group, principal, assign } = await openTenants(engine)
    t.after(() => store.close())
    await tenant('ten_a')
    await group('ten_a', 'grp_1')
    await principal('ten_a', 'prn_ann')
    const reader = (scope: string, who = 'prn_ann', role = 'rol_reader') => assign('ten_a', 'asg_1', who, role, scope)
    await assert.rejects(reader('/tenants/ten_default'), { code: 'NODE_UNKNOWN' })
    await assert.rejects(reader('/tenants/ten_a/resources/grp_1'), { code: 'NODE_UNKNOWN' })
    await assert.rejects(reader('/tenants/ten_a', 'prn_admin'), { code: 'PRINCIPAL_UNKNOWN' })
    await assert.rejects(reader('/tenants/ten_a', 'prn_ann', 'rol_none'), { code: 'ROLE_UNKNOWN' })
    // Azure's id means our role.
    const made = await reader('/tenants/ten_a/groups/grp_1', 'prn_ann', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
    assert.equal(made.roleId, 'rol_reader')
    const again = await assign('ten_a', 'asg_2', 'prn_ann', 'rol_reader', '/tenants/ten_a/groups/grp_1')
    assert.equal(again.id, 'asg_1', 'the same grant twice is one')

    const direct = { assignment: { ...delegated, source: 'direct' }, from: from('ten_a') }
    await assert.rejects(store.write(assignments.assign, direct), { code: 'ASSIGNMENT_REFUSED' })
    await assert.rejects(store.write(assignments.assign, { assignment: delegated, from: from('ten_a') }), {
      code: 'ASSIGNMENT_REFUSED',
    })
    assert.equal((await readAssignments(store.read, 'ten_a')).length, 1)
  })
}

test('what a delegation gave goes only with the delegation', async t => {
  const [engine] = testEngines()
  assert.ok(engine)
  const { store, tenant, delegate } = await openTenants(engine)
  t.after(() => store.close())
  await tenant('ten_a')
  await delegate(delegated)
  await assert.rejects(store.write(assignments.revoke, { tenantId: 'ten_a', id: 'asg_d', from: from('ten_a') }), {
    code: 'ASSIGNMENT_REFUSED',
  })
})
