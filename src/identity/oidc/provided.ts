import type { AuditFrom } from '../../audit/index.ts'
import { sql, type Tx } from '../../kernel/index.ts'
import { changed } from '../tree/change.ts'

type Provided = { tenantId: string; providerId: string; groupId: string; memberId: string }

/** A membership that came from a provider goes. A principal is one provider's, so no other says it too. */
export async function dropProvided(tx: Tx, provided: Provided, from: AuditFrom): Promise<void> {
  const { tenantId, providerId, groupId, memberId } = provided
  await tx.run(sql`delete from provided_member where tenant_id = ${tenantId} and provider_id = ${providerId}
    and group_id = ${groupId} and member_id = ${memberId}`)
  await tx.run(sql`delete from group_member
    where tenant_id = ${tenantId} and group_id = ${groupId} and member_id = ${memberId}`)
  await changed(tx, from, { action: 'principal/write', resource: groupId, detail: { removed: memberId } })
}

/** With the principal, whichever side of a membership it is, goes what providers say of it. */
export async function forgetProvided(tx: Tx, { tenantId, id }: { tenantId: string; id: string }): Promise<void> {
  await tx.run(sql`delete from provided_member
    where tenant_id = ${tenantId} and (group_id = ${id} or member_id = ${id})`)
  await tx.run(sql`delete from sign_in_link where tenant_id = ${tenantId} and principal_id = ${id}`)
  await tx.run(sql`delete from sign_in_provider_group where tenant_id = ${tenantId} and group_id = ${id}`)
}
