import { list, type ReadTx, sql } from '../../kernel/index.ts'
import { groupsOf } from '../principals/members.ts'
import type { PrincipalRef } from '../principals/principal.ts'
import type { Assignment } from '../roles/assignment.ts'
import { toAssignment } from '../roles/assignments.ts'
import { readRole } from '../roles/custom-roles.ts'
import type { Role } from '../roles/role.ts'
import { readLocks } from '../tree/locks.ts'
import type { Lock, ResourceNode } from '../tree/node.ts'

/** Who asks, as far as a decision goes. */
export type CallerFacts = {
  readonly tenantId: string
  /** Itself and every group that it is in. */
  readonly ids: readonly string[]
  readonly kind: string
  readonly name: string
  readonly enabled: boolean
  readonly platformAdministrator: boolean
}

/** What was given to a caller in one tenant, and what is locked there. */
export type Grants = {
  readonly assignments: readonly Assignment[]
  readonly roles: ReadonlyMap<string, Role>
  readonly locks: readonly Lock[]
}

export type Versions = ReadonlyMap<string, number>
export type Chain = readonly ResourceNode[]

export async function readVersions(db: ReadTx, tenantIds: readonly string[]): Promise<Versions> {
  const rows = await db.all<{ id: string; version: number }>(sql`select id, version from tenant
    where id in (${list(tenantIds)})`)
  return new Map(rows.map(row => [row.id, row.version]))
}

/** Whoever is not there is disabled. */
export async function readCaller(db: ReadTx, { tenantId, id, kind }: PrincipalRef): Promise<CallerFacts> {
  const row = await db.one<{ kind: string; name: string; enabled: number; platform_administrator: number }>(sql`
    select kind, name, enabled, platform_administrator from principal where tenant_id = ${tenantId} and id = ${id}`)
  if (!row) return { tenantId, ids: [id], kind, name: '', enabled: false, platformAdministrator: false }
  return {
    tenantId,
    ids: await groupsOf(db, tenantId, id),
    kind: row.kind,
    name: row.name,
    enabled: row.enabled === 1,
    platformAdministrator: row.platform_administrator === 1,
  }
}

/**
 * Rows of `tenantId` alone. They name a caller of another tenant only where a delegation made them; asked for here
 * too, so that a row that came in by another way grants nothing.
 */
export async function readGrants(db: ReadTx, tenantId: string, caller: CallerFacts): Promise<Grants> {
  const rows = await db.all<Parameters<typeof toAssignment>[0]>(sql`select * from role_assignment
    where tenant_id = ${tenantId} and principal_tenant_id = ${caller.tenantId} and principal_id in (${list(caller.ids)})
    and (principal_tenant_id = tenant_id or source <> 'direct') order by id`)
  const assignments = rows.map(toAssignment)
  const roles = new Map<string, Role>()
  for (const { roleId } of assignments) {
    const role = roles.has(roleId) ? undefined : await readRole(db, tenantId, roleId)
    if (role) roles.set(roleId, role)
  }
  return { assignments, roles, locks: await readLocks(db, tenantId) }
}
