import type { AuditFrom } from '../../audit/index.ts'
import { newId, type ReadTx, sql, type Tx, write } from '../../kernel/index.ts'
import { insertAssignment } from '../roles/assignments.ts'
import { changed } from '../tree/change.ts'
import { TenantUnknown } from '../tree/failures.ts'
import { parseScope } from '../tree/scope.ts'
import { readTenant } from '../tree/tenants.ts'
import { DelegationUnknown, ManagesItself } from './failures.ts'
import type { OfferTerms } from './offer.ts'
import { parseTerms, withNames } from './offers.ts'
import { checkTerms, grantedIf } from './rules.ts'

/** What a customer accepted. */
export type Delegation = {
  /** The customer's. */
  readonly tenantId: string
  /** `dlg_…`; the source of the assignments that it makes. */
  readonly id: string
  readonly managingTenantId: string
  /** Where, in the customer's tree. */
  readonly scope: string
  /** The customer's: a Cedar expression that everything granted by it needs besides; '' where there is none. */
  readonly condition: string
  readonly terms: OfferTerms
  readonly acceptedBy: string
  /** UTC milliseconds. */
  readonly acceptedAt: number
}

type DelegationRow = {
  tenant_id: string
  id: string
  managing_tenant_id: string
  scope: string
  granted_if: string
  terms: string
  accepted_by: string
  accepted_at: number
}

type Acceptance = Pick<Delegation, 'tenantId' | 'id' | 'scope' | 'condition' | 'terms'> & { from: AuditFrom }

const accept = write('delegation.accept', async (tx, input: Acceptance): Promise<Delegation> => {
  const { tenantId, id, scope, condition, from } = input
  const held = await readDelegation(tx, tenantId, id)
  // The same id again: the answer to the first attempt was lost.
  if (held) return held
  const { managingTenantId } = input.terms
  if (managingTenantId === tenantId) throw ManagesItself()
  if (!(await readTenant(tx, managingTenantId))) throw TenantUnknown(managingTenantId)
  const terms = await withNames(tx, checkTerms(input.terms))
  const acceptedAt = tx.clock.now()
  const acceptedBy = from.actor.id
  await tx.run(sql`insert into delegation
    (tenant_id, id, managing_tenant_id, node_id, scope, granted_if, terms, accepted_by, accepted_at) values (${tenantId}, ${id},
    ${managingTenantId}, ${parseScope(scope).nodeId}, ${scope}, ${condition}, ${JSON.stringify(terms)}, ${acceptedBy}, ${acceptedAt})`)
  for (const { principalId, roleId } of terms.authorizations) {
    await insertAssignment(tx, {
      tenantId,
      id: newId(tx.clock, 'asg'),
      principalId,
      principalTenantId: managingTenantId,
      roleId,
      scope,
      condition: grantedIf(roleId, condition),
      source: id,
    })
  }
  const detail = { delegation: id, offer: terms.name, managingTenant: managingTenantId, customerTenant: tenantId }
  await inBoth(tx, from, managingTenantId, { action: 'delegation/write', resource: scope, detail })
  return { tenantId, id, managingTenantId, scope, condition, terms, acceptedBy, acceptedAt }
})

type Revocation = { tenantId: string; id: string; from: AuditFrom }

const revoke = write('delegation.revoke', async (tx, { tenantId, id, from }: Revocation): Promise<null> => {
  const held = await readDelegation(tx, tenantId, id)
  if (!held) throw DelegationUnknown(id)
  // Only what has this very source: what another delegation or the customer itself grants stays.
  await tx.run(sql`delete from role_assignment where tenant_id = ${tenantId} and source = ${id}`)
  await tx.run(sql`delete from delegation where tenant_id = ${tenantId} and id = ${id}`)
  const { managingTenantId, scope, terms } = held
  const detail = { delegation: id, offer: terms.name, managingTenant: managingTenantId, customerTenant: tenantId }
  await inBoth(tx, from, managingTenantId, { action: 'delegation/delete', resource: scope, detail })
  return null
})

export const delegations = { accept, revoke } as const

type Done = Parameters<typeof changed>[2]

/** The same story in both tenants' audits, in one transaction. */
async function inBoth(tx: Tx, from: AuditFrom, managingTenantId: string, what: Done): Promise<void> {
  await changed(tx, from, what)
  // Where the managing tenant itself did it, its audit has it already.
  if (from.managingTenantId === managingTenantId) return
  const { managingTenantId: _actors, ...rest } = from
  await changed(tx, { ...rest, tenantId: managingTenantId }, what)
}

/** What others may do in this tenant, oldest first. */
export async function readDelegations(db: ReadTx, tenantId: string): Promise<Delegation[]> {
  const rows = await db.all<DelegationRow>(sql`select * from delegation
    where tenant_id = ${tenantId} order by accepted_at, id`)
  return rows.map(toDelegation)
}

/** What this tenant may do in others, oldest first. */
export async function readDelegatedTo(db: ReadTx, managingTenantId: string): Promise<Delegation[]> {
  const rows = await db.all<DelegationRow>(sql`select * from delegation
    where managing_tenant_id = ${managingTenantId} order by accepted_at, id`)
  return rows.map(toDelegation)
}

export async function readDelegation(db: ReadTx, tenantId: string, id: string): Promise<Delegation | undefined> {
  const row = await db.one<DelegationRow>(sql`select * from delegation where tenant_id = ${tenantId} and id = ${id}`)
  return row && toDelegation(row)
}

function toDelegation(row: DelegationRow): Delegation {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    managingTenantId: row.managing_tenant_id,
    scope: row.scope,
    condition: row.granted_if,
    terms: parseTerms(row.terms),
    acceptedBy: row.accepted_by,
    acceptedAt: row.accepted_at,
  }
}
