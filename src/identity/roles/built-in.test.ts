import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACTIONS, DATA_ACTIONS, names } from './actions.ts'
import { BUILT_IN_ROLES, builtInRole } from './built-in.ts'
import { actionsOf } from './role.ts'

test('a pattern names an action, a part of the tree, or everything', () => {
  assert.ok(
    names('*', 'registry/read') && names('registry/*', 'registry/read') && names('registry/read', 'registry/read'),
  )
  for (const pattern of ['registry', 'regis*', 'registry/', 'registry/rea', '/*', ''])
    assert.equal(names(pattern, 'registry/read'), false, pattern)
})

test('built-in roles are found by both ids, and each grants something that exists', () => {
  assert.equal(builtInRole('8E3AF657-a8ff-443c-a75c-2fe8c4bcb635')?.name, 'Owner')
  assert.equal(builtInRole('rol_acr_pull')?.name, 'AcrPull')
  assert.equal(builtInRole('rol_none'), undefined)
  assert.equal(
    new Set(BUILT_IN_ROLES.flatMap(({ id, azureId = id, name }) => [id, azureId, name])).size,
    3 * 11 + 2 * 2,
  )
  for (const role of BUILT_IN_ROLES) {
    for (const pattern of [...role.actions, ...role.notActions])
      assert.ok(
        ACTIONS.some(action => names(pattern, action)),
        `${role.name}: ${pattern}`,
      )
    for (const pattern of role.dataActions)
      assert.ok(
        DATA_ACTIONS.some(action => names(pattern, action)),
        pattern,
      )
  }
})

test('what roles come to', () => {
  const of = (id: string) => actionsOf(builtInRole(id) ?? { actions: [], notActions: [], dataActions: [] })
  assert.deepEqual(of('rol_owner'), [...ACTIONS, ...DATA_ACTIONS])
  assert.ok(!of('rol_contributor').includes('access/assign') && of('rol_contributor').includes('registry/delete'))
  assert.ok(of('rol_reader').every(action => action.endsWith('/read') && !action.includes('content')))
  assert.deepEqual(of('rol_acr_pull'), ['registry/read', 'registry/content/read', 'registry/metadata/read'])
})
