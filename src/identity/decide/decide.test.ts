import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { members } from '../principals/members.ts'
import { ADMIN_PRINCIPAL } from '../principals/principal.ts'
import { principals } from '../principals/principals.ts'
import type { Action } from '../roles/actions.ts'
import { assignments } from '../roles/assignments.ts'
import { from, openTenants } from '../tenants.fixture.ts'
import { locks } from '../tree/locks.ts'
import { nodes } from '../tree/nodes.ts'
import { parseScope } from '../tree/scope.ts'
import { checkCondition } from './condition.ts'
import { createDecide } from './decide.ts'

const ann = { tenantId: 'ten_a', id: 'prn_ann', kind: 'user' as const }

for (const engine of testEngines()) {
  test(`every change counts at the next question, on ${engine.name}`, async t => {
    const { store, clock, tenant, group, principal, assign, delegate } = await openTenants(engine)
    t.after(() => store.close())
    await tenant('ten_a')
    await group('ten_a', 'grp_1')
    await group('ten_a', 'grp_2', 'grp_1')
    await principal('ten_a', 'prn_ann')
    await principal('ten_a', 'prn_team', 'group')
    const decide = createDecide({ store, clock })
    const ask = async (
      action: Action,
      scope = '/tenants/ten_a/groups/grp_2',
      caller: typeof ann | typeof ADMIN_PRINCIPAL = ann,
    ) => {
      const { allowed, policies } = await decide({ caller, action, scope: parseScope(scope) })
      return [allowed, ...policies]
    }
    const DENIED = [false, 'default-deny']
    const inA = { tenantId: 'ten_a', from: from('ten_a') }

    assert.deepEqual(await ask('group/write'), DENIED)
    await assign('ten_a', 'asg_1', 'prn_team', 'rol_contributor', '/tenants/ten_a/groups/grp_1')
    assert.deepEqual(await ask('group/write'), DENIED)
    await store.write(members.add, { ...inA, groupId: 'prn_team', memberId: 'prn_ann' })
    assert.deepEqual(await ask('group/write'), [true, 'asg_1'])
    assert.deepEqual(await ask('group/write', '/tenants/ten_a'), DENIED, 'not above')
    assert.deepEqual(await ask('access/assign'), DENIED, 'not what the role leaves out')
    assert.deepEqual(await ask('group/write', '/tenants/ten_a/resources/grp_2'), DENIED, 'a group is no resource')

    await store.write(nodes.move, { ...inA, id: 'grp_2', parentId: 'ten_a' })
    assert.deepEqual(await ask('group/write'), DENIED)
    await store.write(nodes.move, { ...inA, id: 'grp_2', parentId: 'grp_1' })

    const lock = { tenantId: 'ten_a', id: 'lck_1', nodeId: 'ten_a', kind: 'read-only' as const, note: '' }
    await store.write(locks.set, { lock, from: from('ten_a') })
    assert.deepEqual(await ask('group/write'), [false, 'lck_1'])
    assert.deepEqual(await ask('group/read'), [true, 'asg_1'])
    await store.write(locks.remove, { ...inA, id: 'lck_1' })

    await store.write(principals.enable, { ...inA, id: 'prn_ann', enabled: false })
    assert.deepEqual(await ask('group/write'), [false, 'principal-disabled'])
    await store.write(principals.enable, { ...inA, id: 'prn_ann', enabled: true })
    await store.write(assignments.revoke, { ...inA, id: 'asg_1' })
    assert.deepEqual(await ask('group/write'), DENIED)

    // The admin runs the platform and owns the default tenant; another tenant's groups are not his.
    assert.deepEqual(await ask('group/write', '/tenants/ten_default', ADMIN_PRINCIPAL), [true, 'asg_admin_owner'])
    assert.deepEqual(await ask('group/write', '/tenants/ten_a', ADMIN_PRINCIPAL), DENIED)
    const administrator = [true, 'platform-administrator-of-tenants']
    assert.deepEqual(await ask('access/assign', '/tenants/ten_a', ADMIN_PRINCIPAL), administrator)
    await delegate({
      ...{ tenantId: 'ten_a', id: 'asg_d', principalTenantId: 'ten_default', principalId: 'prn_admin' },
      ...{ roleId: 'rol_contributor', scope: '/tenants/ten_a', condition: '', source: 'dlg_1' },
    })
    assert.deepEqual(await ask('group/write', '/tenants/ten_a', ADMIN_PRINCIPAL), [true, 'asg_d'])
    await store.write(locks.set, { lock, from: from('ten_a') })
    assert.deepEqual(
      await ask('group/write', '/tenants/ten_a', ADMIN_PRINCIPAL),
      [false, 'lck_1'],
      'locks bind everybody',
    )
  })
}

const [memory] = testEngines()
assert.ok(memory)

test('the platform is for its administrators', async t => {
  const { store, clock, tenant, principal, assign } = await openTenants(memory)
  t.after(() => store.close())
  await tenant('ten_a')
  await principal('ten_a', 'prn_ann')
  await assign('ten_a', 'asg_1', 'prn_ann', 'rol_owner', '/tenants/ten_a')
  const decide = createDecide({ store, clock })
  const may = (caller: typeof ann | typeof ADMIN_PRINCIPAL) =>
    decide({ caller, action: 'platform/write', scope: 'platform' })
  assert.deepEqual((await may(ADMIN_PRINCIPAL)).policies, ['platform-administrator'])
  assert.deepEqual((await may(ann)).policies, ['default-deny'])
  assert.match((await may(ann)).reason, /prn_ann allows platform\/write on the platform/)
  // The id alone is nobody: it counts together with its tenant.
  assert.equal((await may({ ...ann, id: ADMIN_PRINCIPAL.id })).allowed, false)
})

test('a condition looks at the resource, the time and the address, and only a sound one is kept', async t => {
  const { store, clock, tenant, principal, assign, place } = await openTenants(memory)
  t.after(() => store.close())
  await tenant('ten_a')
  await principal('ten_a', 'prn_ann')
  for (const kind of ['registry', 'cluster'] as const)
    await place({ tenantId: 'ten_a', id: `${kind}_1`, parentId: 'ten_a', kind, name: 'one' })
  const conditions = [
    'resource.kind == "registry"',
    'context has address && context.address.isInRange(ip("10.0.0.0/8")) // the office',
    `context.now < ${clock.now() - 1000}`,
  ]
  for (const [at, condition] of conditions.entries()) {
    await checkCondition(condition)
    await assign('ten_a', `asg_${at}`, 'prn_ann', 'rol_reader', '/tenants/ten_a', condition)
  }
  const decide = createDecide({ store, clock })
  const ask = async (id: string, address?: string) => {
    const scope = parseScope(`/tenants/ten_a/resources/${id}`)
    return (await decide({ caller: ann, action: 'registry/read', scope, address })).policies
  }
  assert.deepEqual(await ask('registry_1'), ['asg_0'])
  assert.deepEqual(await ask('registry_1', '::ffff:10.1.2.3'), ['asg_0', 'asg_1'])
  assert.deepEqual(await ask('cluster_1', '11.1.2.3'), ['default-deny'])
  assert.deepEqual(await ask('cluster_1', 'nonsense'), ['default-deny'])

  const wrong = [
    'context.nothing',
    'context.address == ip("10.0.0.1")',
    '1',
    'true}; permit(principal, action, resource) when {true',
  ]
  for (const condition of [...wrong, 'principal in ?principal', '(', 'x'.repeat(1001)])
    await assert.rejects(checkCondition(condition), { code: 'ASSIGNMENT_CONDITION_REFUSED' }, condition)
})
