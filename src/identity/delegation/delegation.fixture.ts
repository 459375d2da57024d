import { type AuditFrom, auditMigrations } from '../../audit/index.ts'
import { leaseMigrations, leaseWrites, sql, systemClock, write } from '../../kernel/index.ts'
import { type TestEngine, testStore } from '../../kernel/store/engines.fixture.ts'
import { createDecide } from '../decide/decide.ts'
import { ensureBuiltIn } from '../principals/ensure-built-in.ts'
import { members } from '../principals/members.ts'
import type { PrincipalKind, PrincipalRef } from '../principals/principal.ts'
import { principals } from '../principals/principals.ts'
import type { Action } from '../roles/actions.ts'
import { assignments } from '../roles/assignments.ts'
import { locks } from '../tree/locks.ts'
import { insertNode, nodes } from '../tree/nodes.ts'
import { tenantMigrations } from '../tree/schema.ts'
import { parseScope } from '../tree/scope.ts'
import { tenants } from '../tree/tenants.ts'
import { tenantWrites } from '../writes.ts'
import { assignDelegated } from './assign.ts'
import { type Delegation, delegations } from './delegations.ts'
import type { Authorization, OfferTerms } from './offer.ts'
import { delegationMigrations } from './schema.ts'
import { delegationWrites } from './writes.ts'

/** For the kinds of resources that other rooms make. */
const plant = write('test.plant', async (tx, { id, parentId }: { id: string; parentId: string }) => {
  await insertNode(tx, { tenantId: 'ten_c', id, parentId, kind: 'registry', name: id })
  await tx.run(sql`update tenant set version = version + 1 where id = 'ten_c'`)
})

export const user = (tenantId: string, id: string, kind: PrincipalKind = 'user'): PrincipalRef => ({
  tenantId,
  id,
  kind,
})

export function by(actor: PrincipalRef, tenantId = actor.tenantId): AuditFrom {
  return { tenantId, actor, onBehalfOf: [], region: 'control' }
}

export function grant(principalId: string, roleId: string, ...delegatedRoleIds: string[]): Authorization {
  return { principalId, principalName: '', roleId, delegatedRoleIds }
}

export function terms(...authorizations: Authorization[]): OfferTerms {
  return { name: 'care', description: '', managingTenantId: 'ten_m', scope: { kind: 'tenant' }, authorizations }
}

export const CUSTOMER = '/tenants/ten_c'
export const EDGE = '/tenants/ten_c/groups/edge'
export const IMAGES = '/tenants/ten_c/resources/images'

/**
 * Two tenants. The managing one, `ten_m`: users ann, bob and eve, bob in the group ops, and the agent robot.
 * The customer, `ten_c`: its owner carol, the groups edge and core, the registry images in edge and vault in core,
 * and the managed identity of images.
 */
export async function openDelegations(engine: TestEngine) {
  const clock = systemClock('test')
  const migrations = [...leaseMigrations, ...auditMigrations, ...tenantMigrations, ...delegationMigrations]
  const writes = [...leaseWrites, ...tenantWrites, ...delegationWrites, plant]
  const store = await testStore(engine, { migrations, writes, clock })
  await store.write(ensureBuiltIn, { registries: [] })
  const admin = user('ten_default', 'prn_admin')
  for (const id of ['ten_m', 'ten_c', 'ten_x'])
    await store.write(tenants.create, { id, name: id.slice(4), from: by(admin, id) })
  const person = (tenantId: string, id: string, kind: PrincipalKind = 'user', ownerId = '', resourceId = '') =>
    store.write(principals.create, {
      principal: { tenantId, id, kind, name: id, ownerId, resourceId },
      from: by(admin, tenantId),
    })
  for (const id of ['ann', 'bob', 'eve']) await person('ten_m', id)
  await person('ten_m', 'ops', 'group')
  await store.write(members.add, { tenantId: 'ten_m', groupId: 'ops', memberId: 'bob', from: by(admin, 'ten_m') })
  await person('ten_m', 'robot', 'agent', 'ann')
  await person('ten_c', 'carol')
  for (const id of ['edge', 'core'])
    await store.write(nodes.createGroup, {
      node: { tenantId: 'ten_c', id, parentId: 'ten_c', kind: 'group', name: id },
      from: by(admin, 'ten_c'),
    })
  await store.write(plant, { id: 'images', parentId: 'edge' })
  await store.write(plant, { id: 'vault', parentId: 'core' })
  await person('ten_c', 'images_identity', 'managed', '', 'images')
  const carol = user('ten_c', 'carol')
  await store.write(assignments.assign, {
    assignment: {
      tenantId: 'ten_c',
      id: 'asg_carol',
      principalTenantId: 'ten_c',
      principalId: 'carol',
      roleId: 'rol_owner',
      scope: CUSTOMER,
      condition: '',
      source: 'direct',
    },
    from: by(admin, 'ten_c'),
  })
  const decide = createDecide({ store, clock })
  return {
    store,
    decide,
    carol,
    may: async (caller: PrincipalRef, action: Action, scope: string) =>
      (await decide({ caller, action, scope: parseScope(scope) })).allowed,
    accept: (id: string, scope: string, offered: OfferTerms, condition = ''): Promise<Delegation> =>
      store.write(delegations.accept, { tenantId: 'ten_c', id, scope, condition, terms: offered, from: by(carol) }),
    assign: (who: PrincipalRef, roleId: string, principalId: string, scope: string) =>
      assignDelegated({ store, decide }, { scope: parseScope(scope), roleId, principalId, from: by(who, 'ten_c') }),
    revoke: (id: string) => store.write(delegations.revoke, { tenantId: 'ten_c', id, from: by(carol) }),
    lock: (nodeId: string, kind: 'read-only' | 'no-delete' = 'read-only') =>
      store.write(locks.set, {
        lock: { tenantId: 'ten_c', id: `lck_${nodeId}`, nodeId, kind, note: '' },
        from: by(carol),
      }),
    audit: (tenantId: string) =>
      store.read.all<{
        actor_id: string
        action: string
        resource: string
        managing_tenant_id: string
        detail: string
      }>(
        sql`select actor_id, action, resource, managing_tenant_id, detail from audit_entry
          where tenant_id = ${tenantId} and actor_id <> 'prn_admin' order by id`,
      ),
  }
}
