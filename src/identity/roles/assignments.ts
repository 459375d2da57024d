import type { AuditFrom } from '../../audit/index.ts'
import { type ReadTx, sql, type Tx, write } from '../../kernel/index.ts'
import { PrincipalUnknown } from '../principals/failures.ts'
import { readPrincipal } from '../principals/principals.ts'
import { changed } from '../tree/change.ts'
import { NodeUnknown } from '../tree/failures.ts'
import { readNode } from '../tree/nodes.ts'
import { parseScope } from '../tree/scope.ts'
import type { Assignment } from './assignment.ts'
import { readRole } from './custom-roles.ts'
import { AssignmentRefused, AssignmentUnknown, RoleUnknown } from './failures.ts'

type AssignmentRow = {
  tenant_id: string
  id: string
  principal_tenant_id: string
  principal_id: string
  role_id: string
  scope: string
  granted_if: string
  source: string
  created_at: number
}
export type NewAssignment = Omit<Assignment, 'createdAt'>

const assign = write(
  'identity.assign',
  async (tx, { assignment, from }: { assignment: NewAssignment; from: AuditFrom }): Promise<Assignment> => {
    if (assignment.source !== 'direct')
      throw AssignmentRefused('Only a delegation makes such assignments', 'Accept its offer')
    const held = await readAssignment(tx, assignment.tenantId, assignment.id)
    // The same id again: the answer to the first attempt was lost.
    if (held) return held
    const made = await insertAssignment(tx, assignment)
    // The same grant was there already: that one stands, and nothing changed.
    if (made.id !== assignment.id) return made
    const { id, scope, principalId, roleId } = made
    const detail = { assignment: id, principal: principalId, role: roleId }
    await changed(tx, from, { action: 'access/assign', resource: scope, detail })
    return made
  },
)

const revoke = write(
  'identity.revoke',
  async (tx, { tenantId, id, from }: { tenantId: string; id: string; from: AuditFrom }): Promise<null> => {
    const held = await readAssignment(tx, tenantId, id)
    if (!held) throw AssignmentUnknown(id)
    if (held.source !== 'direct')
      throw AssignmentRefused(`It comes from the delegation ${held.source}`, 'Revoke the delegation')
    await removeAssignment(tx, held)
    const { scope, principalId, roleId } = held
    const detail = { assignment: id, principal: principalId, role: roleId }
    await changed(tx, from, { action: 'access/delete', resource: scope, detail })
    return null
  },
)

export const assignments = { assign, revoke } as const

/**
 * Checks that role, scope and principal are there, and that only a delegation crosses tenants. The caller records
 * it. Where the same grant of the same source stands, that one comes back.
 */
export async function insertAssignment(tx: Tx, assignment: NewAssignment): Promise<Assignment> {
  const { tenantId, id, principalTenantId, principalId, scope, condition, source } = assignment
  if (principalTenantId !== tenantId && source === 'direct')
    throw AssignmentRefused('A principal of another tenant gets access by a delegation only', 'Let them make an offer')
  const place = parseScope(scope)
  const node = place.tenantId === tenantId ? await readNode(tx, tenantId, place.nodeId) : undefined
  const kind = node && (node.kind === 'tenant' || node.kind === 'group' ? node.kind : 'resource')
  if (!node || kind !== place.kind) throw NodeUnknown(scope)
  const role = await readRole(tx, tenantId, assignment.roleId)
  if (!role) throw RoleUnknown(assignment.roleId)
  if (!(await readPrincipal(tx, principalTenantId, principalId))) throw PrincipalUnknown(principalId)
  const same = await tx.one<AssignmentRow>(sql`select * from role_assignment
    where tenant_id = ${tenantId} and principal_tenant_id = ${principalTenantId} and principal_id = ${principalId}
    and role_id = ${role.id} and node_id = ${node.id} and granted_if = ${condition} and source = ${source}`)
  if (same) return toAssignment(same)
  const createdAt = tx.clock.now()
  await tx.run(sql`insert into role_assignment
    (tenant_id, id, principal_tenant_id, principal_id, role_id, node_id, scope, granted_if, source, created_at) values
    (${tenantId}, ${id}, ${principalTenantId}, ${principalId}, ${role.id}, ${node.id}, ${scope}, ${condition},
    ${source}, ${createdAt})`)
  return { ...assignment, roleId: role.id, createdAt }
}

/** The caller records it. */
export async function removeAssignment(tx: Tx, { tenantId, id }: Pick<Assignment, 'tenantId' | 'id'>): Promise<void> {
  await tx.run(sql`delete from role_assignment where tenant_id = ${tenantId} and id = ${id}`)
}

/** All of a tenant, delegated ones included, in the order in which they were made. */
export async function readAssignments(db: ReadTx, tenantId: string): Promise<Assignment[]> {
  const rows = await db.all<AssignmentRow>(sql`select * from role_assignment
    where tenant_id = ${tenantId} order by created_at, id`)
  return rows.map(toAssignment)
}

export async function readAssignment(db: ReadTx, tenantId: string, id: string): Promise<Assignment | undefined> {
  const row = await db.one<AssignmentRow>(sql`select * from role_assignment
    where tenant_id = ${tenantId} and id = ${id}`)
  return row && toAssignment(row)
}

export function toAssignment(row: AssignmentRow): Assignment {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    principalTenantId: row.principal_tenant_id,
    principalId: row.principal_id,
    roleId: row.role_id,
    scope: row.scope,
    condition: row.granted_if,
    source: row.source,
    createdAt: row.created_at,
  }
}
