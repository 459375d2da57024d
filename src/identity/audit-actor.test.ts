import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ANONYMOUS } from './access.ts'
import { auditActor } from './audit-actor.ts'
import { ADMIN_PRINCIPAL } from './principals/principal.ts'

test('the admin is its principal at every registry, and so is a principal; a token and nobody live in the tenant of the registry', () => {
  const of = (id: string) => auditActor({ id, access: [] }, 'ten_a')
  assert.deepEqual(of('user:admin'), ADMIN_PRINCIPAL)
  assert.deepEqual(of('token:ci'), { id: 'token:ci', kind: 'token', tenantId: 'ten_a' })
  const robot = auditActor({ id: 'principal:ten_b/prn_1', access: 'limit', kind: 'service' }, 'ten_b')
  assert.deepEqual(robot, { id: 'prn_1', kind: 'service', tenantId: 'ten_b' })
  assert.deepEqual(of(ANONYMOUS.id), { id: 'anonymous', kind: 'anonymous', tenantId: 'ten_a' })
})
