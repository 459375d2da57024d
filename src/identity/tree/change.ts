import { type AuditFrom, recordAudit } from '../../audit/index.ts'
import { sql, type Tx } from '../../kernel/index.ts'

/**
 * What every change of a tenant ends with, in its transaction: the tenant's version grows, so that the next
 * decision looks again, and the audit has it. One row a tenant, and only where access or the tree changes.
 */
export async function changed(
  tx: Tx,
  from: AuditFrom,
  what: { action: string; resource: string; detail?: Record<string, string | number | boolean> },
): Promise<void> {
  await tx.run(sql`update tenant set version = version + 1 where id = ${from.tenantId}`)
  const { region, ...origin } = from
  await recordAudit(tx, region, { ...origin, ...what, result: 'done' })
  // What somebody did by a delegation stands in the audit of its own tenant too, word for word.
  const { managingTenantId = from.tenantId } = from
  if (managingTenantId !== from.tenantId)
    await recordAudit(tx, region, { ...origin, ...what, tenantId: managingTenantId, result: 'done' })
}
