import { type AuditFrom, auditMigrations } from '../audit/index.ts'
import {
  type AnyWrite,
  type Clock,
  leaseMigrations,
  leaseWrites,
  type Store,
  systemClock,
  type Tx,
  write,
} from '../kernel/index.ts'
import { type TestEngine, testStore } from '../kernel/store/engines.fixture.ts'
import { identityMigrations, identityWrites } from './credentials.ts'
import { ensureBuiltIn } from './principals/ensure-built-in.ts'
import { ADMIN_PRINCIPAL, type PrincipalKind } from './principals/principal.ts'
import { principals } from './principals/principals.ts'
import { assignments, insertAssignment, type NewAssignment } from './roles/assignments.ts'
import { changed } from './tree/change.ts'
import type { ResourceNode } from './tree/node.ts'
import { insertNode, nodes } from './tree/nodes.ts'
import { tenantMigrations } from './tree/schema.ts'
import { tenants } from './tree/tenants.ts'
import { tenantWrites } from './writes.ts'

/** An audited change by the admin in `tenantId`. */
export function from(tenantId = 'ten_default'): AuditFrom {
  return { tenantId, actor: ADMIN_PRINCIPAL, onBehalfOf: [], region: 'control', policyId: 'test' }
}

/** As an accepted offer makes it. */
const delegate = write('test.delegate', async (tx: Tx, input: NewAssignment) => {
  const made = await insertAssignment(tx, input)
  await changed(tx, from(input.tenantId), { action: 'delegation/write', resource: input.source })
  return made
})

/** A resource, as the room that owns its kind makes it. */
const place = write('test.place', async (tx: Tx, node: ResourceNode): Promise<null> => {
  await insertNode(tx, node)
  await changed(tx, from(node.tenantId), { action: 'registry/write', resource: node.id })
  return null
})

const testWrites: readonly AnyWrite[] = [delegate, place]

/** A control database with what is built in, and short words for what tests put into it. */
export async function openTenants(engine: TestEngine, clock: Clock = systemClock('test')) {
  const migrations = [...leaseMigrations, ...auditMigrations, ...identityMigrations, ...tenantMigrations]
  const store: Store = await testStore(engine, {
    migrations,
    writes: [...leaseWrites, ...identityWrites, ...tenantWrites, ...testWrites],
    clock,
  })
  await store.write(ensureBuiltIn, { registries: [] })
  return {
    store,
    clock,
    tenant: (id: string) => store.write(tenants.create, { id, name: id.replaceAll('_', '-'), from: from(id) }),
    group: (tenantId: string, id: string, parentId = tenantId) =>
      store.write(nodes.createGroup, {
        node: { tenantId, id, parentId, kind: 'group', name: id },
        from: from(tenantId),
      }),
    principal: (tenantId: string, id: string, kind: PrincipalKind = 'user', ownerId = '', resourceId = '') =>
      store.write(principals.create, {
        principal: { tenantId, id, kind, name: id, ownerId, resourceId },
        from: from(tenantId),
      }),
    delegate: (assignment: NewAssignment) => store.write(delegate, assignment),
    place: (node: ResourceNode) => store.write(place, node),
    assign: (tenantId: string, id: string, principalId: string, roleId: string, scope: string, condition = '') =>
      store.write(assignments.assign, {
        assignment: {
          tenantId,
          id,
          principalTenantId: tenantId,
          principalId,
          roleId,
          scope,
          condition,
          source: 'direct',
        },
        from: from(tenantId),
      }),
  }
}
