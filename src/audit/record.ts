import { randomText, sql, type Tx, write } from '../kernel/index.ts'
import { canonical } from './canonical.ts'
import type { AuditEntry } from './entry.ts'
import { fit } from './fit.ts'

/**
 * Adds an entry in the transaction of the change it tells of. It touches no row of anyone else's; a
 * write that is sent twice because its answer was lost records twice what it did twice.
 * Throws AuditEntryUnfit, and with it nothing is done.
 */
export async function recordAudit(tx: Tx, region: string, entry: AuditEntry): Promise<void> {
  const { tenantId, actor, onBehalfOf, action, resource, result, detail = {}, ...rest } = fit(entry)
  const { managingTenantId = '', policyId = '', requestId = '' } = rest
  // The stamp sorts by time, and what saw another comes after it.
  const id = `${tx.clock.tick()}.${randomText(tx.clock, 8)}`
  const behalf = onBehalfOf.map(({ id, kind, tenantId }) => ({ id, kind, tenantId }))
  await tx.run(sql`insert into audit_entry (tenant_id, id, region_id, sequence, hash, actor_id, actor_kind,
      actor_tenant_id, on_behalf_of, managing_tenant_id, action, resource, result, policy_id, request_id, detail)
    values (${tenantId}, ${id}, ${region}, 0, '', ${actor.id}, ${actor.kind},
      ${actor.tenantId}, ${canonical(behalf)}, ${managingTenantId}, ${action}, ${resource}, ${result}, ${policyId},
      ${requestId}, ${canonical(detail)})`)
}

/** For what changes nothing and is recorded all the same, as what was denied. */
export const recordAlone = write('audit.record', (tx, { region, entry }: { region: string; entry: AuditEntry }) =>
  recordAudit(tx, region, entry),
)
