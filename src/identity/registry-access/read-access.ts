import { type Ms, type ReadTx, sql } from '../../kernel/index.ts'
import { lockedActions } from '../decide/policies.ts'
import type { PrincipalKind } from '../principals/principal.ts'
import { DATA_ACTIONS, type DataAction } from '../roles/actions.ts'
import { readRoles } from '../roles/custom-roles.ts'
import { actionsOf } from '../roles/role.ts'
import { readLocks } from '../tree/locks.ts'
import { readNodes } from '../tree/nodes.ts'
import type { Holder, RegistryGrants, TenantAccess } from './tenant-access.ts'

/** Of one tenant, oldest first: 20,000 are 2 MB in every region's memory. Whoever is beyond it signs in at no registry. */
export const MOST_HOLDERS = 20_000

/**
 * What `createDecide` would allow at the tenant's registries, said beforehand for regions, which can't ask. Two things
 * are left out: assignments under a condition, for a region knows neither Cedar nor what a condition looks at, and
 * principals of other tenants, to whom no delegation can give data actions.
 */
export async function readTenantAccess(
  db: ReadTx,
  tenantId: string,
  now: Ms,
): Promise<{ access: TenantAccess; leftOut: number }> {
  const nodes = await readNodes(db, tenantId)
  const own = nodes.filter(node => node.kind === 'registry')
  if (own.length === 0) return { access: { tenantId, registries: [], principals: [] }, leftOut: 0 }
  const given = await readGiven(db, tenantId)
  const locks = await readLocks(db, tenantId)
  const parents = new Map(nodes.map(node => [node.id, node.parentId]))
  const registries = own.map((registry): RegistryGrants => {
    const above = pathOf(parents, registry.id)
    const forbidden = new Set(locks.filter(lock => above.has(lock.nodeId)).flatMap(lock => lockedActions(lock.kind)))
    const grants = Map.groupBy(
      given.filter(one => above.has(one.nodeId)),
      one => one.principalId,
    )
    return {
      id: registry.id,
      locked: DATA_ACTIONS.filter(action => forbidden.has(action)),
      grants: [...grants].map(([principalId, all]) => ({
        principalId,
        actions: DATA_ACTIONS.filter(action => all.some(one => one.actions.includes(action))),
      })),
    }
  })
  const named = new Set(registries.flatMap(one => one.grants.map(grant => grant.principalId)))
  const holders = await readHolders(db, tenantId, named)
  const secrets = await readSecretsOf(db, tenantId, now)
  const principals = holders.slice(0, MOST_HOLDERS).map(one => ({ ...one, secrets: secrets.get(one.id) ?? [] }))
  return { access: { tenantId, registries, principals }, leftOut: holders.length - principals.length }
}

type Given = { principalId: string; nodeId: string; actions: readonly DataAction[] }

async function readGiven(db: ReadTx, tenantId: string): Promise<Given[]> {
  const rows = await db.all<{ principal_id: string; role_id: string; node_id: string }>(sql`
    select principal_id, role_id, node_id from role_assignment
    where tenant_id = ${tenantId} and principal_tenant_id = ${tenantId} and granted_if = ''
    order by principal_id, id`)
  const roles = await readRoles(db, tenantId)
  const byRole = new Map(
    roles.map(role => {
      const allowed = new Set<string>(actionsOf(role))
      return [role.id, DATA_ACTIONS.filter(action => allowed.has(action))]
    }),
  )
  return rows.flatMap(({ principal_id, role_id, node_id }) => {
    const actions = byRole.get(role_id) ?? []
    return actions.length === 0 ? [] : [{ principalId: principal_id, nodeId: node_id, actions }]
  })
}

/** Principals that can sign in and were given something, by themselves or by a group however deep. */
async function readHolders(
  db: ReadTx,
  tenantId: string,
  named: ReadonlySet<string>,
): Promise<Omit<Holder, 'secrets'>[]> {
  const members = await db.all<{ group_id: string; member_id: string }>(sql`
    select group_id, member_id from group_member where tenant_id = ${tenantId} order by group_id, member_id`)
  const inside = Map.groupBy(members, row => row.group_id)
  const groupsOf = new Map<string, string[]>()
  for (const group of [...named].filter(id => inside.has(id)).sort()) {
    const seen = new Set([group])
    // Grows while it is walked. A set: rows that somebody wrote by hand must not turn this into a circle.
    for (const id of seen) for (const { member_id } of inside.get(id) ?? []) seen.add(member_id)
    seen.delete(group)
    for (const id of seen) {
      const held = groupsOf.get(id)
      if (held) held.push(group)
      else groupsOf.set(id, [group])
    }
  }
  const rows = await db.all<{ id: string; kind: PrincipalKind }>(sql`select id, kind from principal
    where tenant_id = ${tenantId} and enabled = 1 and kind <> 'group' order by id`)
  return rows.flatMap(({ id, kind }) => {
    const groups = groupsOf.get(id) ?? []
    return named.has(id) || groups.length > 0 ? [{ id, kind, groups }] : []
  })
}

async function readSecretsOf(db: ReadTx, tenantId: string, now: Ms): Promise<Map<string, Holder['secrets']>> {
  const rows = await db.all<{ principal_id: string; id: string; hash: string; expires_at: number }>(sql`
    select principal_id, id, hash, expires_at from service_secret
    where tenant_id = ${tenantId} and expires_at > ${now} order by principal_id, id`)
  const byPrincipal = Map.groupBy(rows, row => row.principal_id)
  return new Map(
    [...byPrincipal].map(([principal, all]) => [
      principal,
      all.map(({ id, hash, expires_at }) => ({ id, hash, expiresAt: expires_at })),
    ]),
  )
}

/** The ids of a node and of all that it lies in. */
function pathOf(parents: ReadonlyMap<string, string>, id: string): ReadonlySet<string> {
  const path = new Set<string>()
  for (let at: string | undefined = id; at && !path.has(at); at = parents.get(at)) path.add(at)
  return path
}
