import type { AuditFrom } from '../../audit/index.ts'
import { type ReadTx, sql, type Tx, write } from '../../kernel/index.ts'
import { removeAssertionsOf } from '../assertions/remove-all.ts'
import { forgetProvided } from '../oidc/provided.ts'
import { endSessionsOf } from '../sessions/end.ts'
import { changed } from '../tree/change.ts'
import { NodeUnknown } from '../tree/failures.ts'
import { DEFAULT_TENANT } from '../tree/node.ts'
import { readNode } from '../tree/nodes.ts'
import { OwnerNeeded, PrincipalNameTaken, PrincipalRefused, PrincipalUnknown } from './failures.ts'
import { ADMIN_PRINCIPAL, type Principal, type PrincipalKind, type PrincipalRef } from './principal.ts'

export type PrincipalRow = {
  tenant_id: string
  id: string
  kind: PrincipalKind
  name: string
  enabled: number
  owner_id: string
  resource_id: string
  created_at: number
}
export type NewPrincipal = Omit<Principal, 'createdAt' | 'enabled'>
type Which = { tenantId: string; id: string; from: AuditFrom }

const createPrincipal = write(
  'identity.create-principal',
  async (tx, { principal, from }: { principal: NewPrincipal; from: AuditFrom }): Promise<Principal> => {
    const held = await readPrincipal(tx, principal.tenantId, principal.id)
    // The same id again: the answer to the first attempt was lost.
    if (held) return held
    const made = await insertPrincipal(tx, principal)
    const { id, kind, name } = made
    await changed(tx, from, { action: 'principal/write', resource: id, detail: { kind, name } })
    return made
  },
)

const enablePrincipal = write(
  'identity.enable-principal',
  async (tx, { tenantId, id, enabled, from }: Which & { enabled: boolean }): Promise<Principal> => {
    const held = await mustRead(tx, tenantId, id)
    if (held.enabled === enabled) return held
    if (!enabled && isAdmin(held)) throw PrincipalRefused('The local admin can not be disabled')
    await tx.run(sql`update principal set enabled = ${enabled ? 1 : 0} where tenant_id = ${tenantId} and id = ${id}`)
    if (!enabled) await endSessionsOf(tx, { tenantId, principalId: id }, from, 'the principal was disabled')
    await changed(tx, from, { action: 'principal/write', resource: id, detail: { enabled } })
    return { ...held, enabled }
  },
)

const deletePrincipal = write('identity.delete-principal', async (tx, { tenantId, id, from }: Which): Promise<null> => {
  const held = await mustRead(tx, tenantId, id)
  if (isAdmin(held)) throw PrincipalRefused('The local admin can not be deleted')
  const owned = await tx.one<{ name: string }>(sql`select name from principal
    where tenant_id = ${tenantId} and owner_id = ${id}`)
  if (owned) throw PrincipalRefused(`"${held.name}" answers for the agent "${owned.name}"`)
  const delegated = await tx.one<{ source: string }>(sql`select source from role_assignment
    where principal_tenant_id = ${tenantId} and principal_id = ${id} and source <> 'direct'`)
  if (delegated) throw PrincipalRefused(`"${held.name}" is named by the delegation ${delegated.source}`)
  // Direct ones lie in its own tenant.
  await tx.run(sql`delete from role_assignment where tenant_id = ${tenantId} and principal_id = ${id}`)
  await tx.run(sql`delete from group_member
    where tenant_id = ${tenantId} and (group_id = ${id} or member_id = ${id})`)
  await tx.run(sql`delete from service_secret where tenant_id = ${tenantId} and principal_id = ${id}`)
  await forgetProvided(tx, { tenantId, id })
  await endSessionsOf(tx, { tenantId, principalId: id }, from, 'the principal was deleted')
  await removeAssertionsOf(tx, tenantId, id)
  await tx.run(sql`delete from principal where tenant_id = ${tenantId} and id = ${id}`)
  const { kind, name } = held
  await changed(tx, from, { action: 'principal/delete', resource: id, detail: { kind, name } })
  return null
})

export const principals = { create: createPrincipal, enable: enablePrincipal, delete: deletePrincipal } as const

/** Checks what its kind needs; the caller records it. */
export async function insertPrincipal(
  tx: Tx,
  principal: NewPrincipal & { platformAdministrator?: boolean },
): Promise<Principal> {
  const { tenantId, id, kind, name, ownerId, resourceId, platformAdministrator = false } = principal
  if (await findPrincipal(tx, tenantId, name)) throw PrincipalNameTaken(name)
  if (kind === 'agent') await checkOwner(tx, tenantId, ownerId)
  else if (ownerId !== '') throw PrincipalRefused(`A principal of kind ${kind} has no owner`)
  if (kind === 'managed') {
    if (!(await readNode(tx, tenantId, resourceId))) throw NodeUnknown(resourceId)
  } else if (resourceId !== '') throw PrincipalRefused(`A principal of kind ${kind} belongs to no resource`)
  const createdAt = tx.clock.now()
  await tx.run(sql`insert into principal
    (tenant_id, id, kind, name, enabled, owner_id, resource_id, platform_administrator, created_at) values
    (${tenantId}, ${id}, ${kind}, ${name}, 1, ${ownerId}, ${resourceId}, ${platformAdministrator ? 1 : 0}, ${createdAt})`)
  return { tenantId, id, kind, name, enabled: true, ownerId, resourceId, createdAt }
}

/** By name. */
export async function readPrincipals(db: ReadTx, tenantId: string): Promise<Principal[]> {
  const rows = await db.all<PrincipalRow>(sql`
    select tenant_id, id, kind, name, enabled, owner_id, resource_id, created_at from principal
    where tenant_id = ${tenantId} order by name`)
  return rows.map(toPrincipal)
}

export async function readPrincipal(db: ReadTx, tenantId: string, id: string): Promise<Principal | undefined> {
  const row = await db.one<PrincipalRow>(sql`
    select tenant_id, id, kind, name, enabled, owner_id, resource_id, created_at from principal
    where tenant_id = ${tenantId} and id = ${id}`)
  return row && toPrincipal(row)
}

/** Who may act: the principal where it is there and enabled. */
export async function readAbled(db: ReadTx, tenantId: string, id: string): Promise<PrincipalRef | undefined> {
  const row = await db.one<{ kind: PrincipalKind }>(sql`select kind from principal
    where tenant_id = ${tenantId} and id = ${id} and enabled = 1`)
  return row && { tenantId, id, kind: row.kind }
}

/** The same by the id alone, which is unique on the platform: how a client names itself. */
export async function findAbled(db: ReadTx, id: string): Promise<PrincipalRef | undefined> {
  const row = await db.one<{ tenant_id: string; kind: PrincipalKind }>(sql`select tenant_id, kind from principal
    where id = ${id} and enabled = 1`)
  return row && { tenantId: row.tenant_id, id, kind: row.kind }
}

/** One that signs in by itself: with a secret, a certificate or the token of an issuer. */
export async function mustBeProgram(db: ReadTx, tenantId: string, id: string): Promise<Principal> {
  const principal = await mustRead(db, tenantId, id)
  if (principal.kind === 'service' || principal.kind === 'agent') return principal
  throw PrincipalRefused(`"${principal.name}" is of kind ${principal.kind} and has nothing of its own to sign in with`)
}

/** By name. */
export async function findPrincipal(db: ReadTx, tenantId: string, name: string): Promise<Principal | undefined> {
  const row = await db.one<PrincipalRow>(sql`
    select tenant_id, id, kind, name, enabled, owner_id, resource_id, created_at from principal
    where tenant_id = ${tenantId} and name = ${name}`)
  return row && toPrincipal(row)
}

export function toPrincipal(row: PrincipalRow): Principal {
  const { tenant_id, id, kind, name, enabled, owner_id, resource_id, created_at } = row
  const rest = { ownerId: owner_id, resourceId: resource_id, createdAt: created_at }
  return { tenantId: tenant_id, id, kind, name, enabled: enabled === 1, ...rest }
}

async function checkOwner(db: ReadTx, tenantId: string, ownerId: string): Promise<void> {
  if (ownerId === '') throw OwnerNeeded('none was named')
  const owner = await readPrincipal(db, tenantId, ownerId)
  if (!owner) throw OwnerNeeded(`there is no principal "${ownerId}" in this tenant`)
  if (owner.kind !== 'user') throw OwnerNeeded(`"${owner.name}" is not a user`)
  if (!owner.enabled) throw OwnerNeeded(`"${owner.name}" is disabled`)
}

async function mustRead(db: ReadTx, tenantId: string, id: string): Promise<Principal> {
  const held = await readPrincipal(db, tenantId, id)
  if (!held) throw PrincipalUnknown(id)
  return held
}

function isAdmin({ tenantId, id }: Principal): boolean {
  return tenantId === DEFAULT_TENANT.id && id === ADMIN_PRINCIPAL.id
}
