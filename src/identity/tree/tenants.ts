import type { AuditFrom } from '../../audit/index.ts'
import { type ReadTx, sql, type Tx, write } from '../../kernel/index.ts'
import { changed } from './change.ts'
import { TenantNameTaken, TenantStays, TenantUnknown } from './failures.ts'
import { DEFAULT_TENANT, type Tenant } from './node.ts'
import { scopeText, tenantScope } from './scope.ts'

type TenantRow = { id: string; name: string; version: number; created_at: number }

const createTenant = write(
  'identity.create-tenant',
  async (tx, { id, name, from }: { id: string; name: string; from: AuditFrom }): Promise<Tenant> => {
    const held = await findTenant(tx, name)
    // The same id again: the answer to the first attempt was lost.
    if (held?.id === id) return held
    if (held) throw TenantNameTaken(name)
    await insertTenant(tx, { id, name })
    await changed(tx, from, { action: 'tenant/write', resource: scopeText(tenantScope(id)), detail: { name } })
    return must(await findTenant(tx, name), name)
  },
)

const deleteTenant = write(
  'identity.delete-tenant',
  async (tx, { id, from }: { id: string; from: AuditFrom }): Promise<null> => {
    if (id === DEFAULT_TENANT.id) throw TenantStays('it is the one that is there from the start')
    const held = must(await readTenant(tx, id), id)
    const node = await tx.one(sql`select id from resource_node where tenant_id = ${id} and kind <> 'tenant'`)
    if (node) throw TenantStays('it still holds groups or resources')
    const foreign = await tx.one(sql`select id from role_assignment
      where (tenant_id = ${id} or principal_tenant_id = ${id}) and source <> 'direct'`)
    if (foreign) throw TenantStays('a delegation of it still stands')
    // One delete a table: a list of names can't be a value, and each is a statement of its own.
    await tx.run(sql`delete from role_assignment where tenant_id = ${id}`)
    await tx.run(sql`delete from custom_role where tenant_id = ${id}`)
    await tx.run(sql`delete from service_secret where tenant_id = ${id}`)
    await tx.run(sql`delete from provided_member where tenant_id = ${id}`)
    await tx.run(sql`delete from sign_in_link where tenant_id = ${id}`)
    await tx.run(sql`delete from sign_in_provider_group where tenant_id = ${id}`)
    await tx.run(sql`delete from sign_in_provider where tenant_id = ${id}`)
    await tx.run(sql`delete from sign_in_session where tenant_id = ${id}`)
    await tx.run(sql`delete from service_certificate where tenant_id = ${id}`)
    await tx.run(sql`delete from federation_trust where tenant_id = ${id}`)
    await tx.run(sql`delete from used_assertion where tenant_id = ${id}`)
    await tx.run(sql`delete from group_member where tenant_id = ${id}`)
    await tx.run(sql`delete from principal where tenant_id = ${id}`)
    await tx.run(sql`delete from resource_lock where tenant_id = ${id}`)
    await tx.run(sql`delete from resource_node where tenant_id = ${id}`)
    await changed(tx, from, {
      action: 'tenant/delete',
      resource: scopeText(tenantScope(id)),
      detail: { name: held.name },
    })
    await tx.run(sql`delete from tenant where id = ${id}`)
    return null
  },
)

export const tenants = { create: createTenant, delete: deleteTenant } as const

/** A tenant and its own node. */
export async function insertTenant(tx: Tx, { id, name }: { id: string; name: string }): Promise<void> {
  await tx.run(sql`insert into tenant (id, name, version, created_at) values (${id}, ${name}, 1, ${tx.clock.now()})`)
  await tx.run(sql`insert into resource_node (tenant_id, id, parent_id, kind, name)
    values (${id}, ${id}, '', 'tenant', ${name})`)
}

/** By name. */
export async function readTenants(db: ReadTx): Promise<Tenant[]> {
  return (await db.all<TenantRow>(sql`select id, name, version, created_at from tenant order by name`)).map(toTenant)
}

/** By id. */
export async function readTenant(db: ReadTx, id: string): Promise<Tenant | undefined> {
  const row = await db.one<TenantRow>(sql`select id, name, version, created_at from tenant where id = ${id}`)
  return row && toTenant(row)
}

/** By name. */
export async function findTenant(db: ReadTx, name: string): Promise<Tenant | undefined> {
  const row = await db.one<TenantRow>(sql`select id, name, version, created_at from tenant where name = ${name}`)
  return row && toTenant(row)
}

function toTenant({ id, name, version, created_at }: TenantRow): Tenant {
  return { id, name, version, createdAt: created_at }
}

function must(tenant: Tenant | undefined, name: string): Tenant {
  if (!tenant) throw TenantUnknown(name)
  return tenant
}
