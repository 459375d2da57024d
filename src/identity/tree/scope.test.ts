import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ADMIN_PRINCIPAL } from '../principals/principal.ts'
import { DEFAULT_TENANT, nodeScope } from './node.ts'
import { parseScope, ScopeMalformed, scopeText, tenantScope } from './scope.ts'

test('a scope is read as it is written', () => {
  for (const text of ['/tenants/ten_a', '/tenants/ten_a/groups/grp_1', '/tenants/ten_a/resources/reg_1'])
    assert.equal(scopeText(parseScope(text)), text)
  assert.deepEqual(parseScope('/tenants/ten_a'), tenantScope('ten_a'))
  const node = { tenantId: 'ten_a', id: 'reg_1', parentId: 'ten_a', kind: 'registry', name: 'r' } as const
  assert.equal(scopeText(nodeScope(node)), '/tenants/ten_a/resources/reg_1')
})

test('anything else is refused', () => {
  const wrong = [
    '',
    '/',
    'tenants/a',
    '/tenants/',
    '/tenants/a/',
    '/tenants/A',
    '/tenants/a/groups',
    '/tenants/a/groups/',
  ]
  for (const text of [...wrong, '/tenants/a/groups/b/resources/c', '/tenants/a/other/b', '/tenants/a\n', '/tenants/a"'])
    assert.throws(() => parseScope(text), { code: ScopeMalformed.code }, text)
})

test('the admin is of the tenant that is there from the start', () => {
  assert.equal(scopeText(tenantScope(ADMIN_PRINCIPAL.tenantId)), `/tenants/${DEFAULT_TENANT.id}`)
})
