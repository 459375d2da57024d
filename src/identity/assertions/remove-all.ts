import { sql, type Tx } from '../../kernel/index.ts'
import { recordEnded } from '../registry-access/ended.ts'

/** Of a principal that goes. */
export async function removeAssertionsOf(tx: Tx, tenantId: string, principalId: string): Promise<void> {
  const held = await tx.all<{ id: string }>(sql`select id from service_certificate
    where tenant_id = ${tenantId} and principal_id = ${principalId}`)
  const trusted = await tx.all<{ id: string }>(sql`select id from federation_trust
    where tenant_id = ${tenantId} and principal_id = ${principalId}`)
  for (const { id } of held) await recordEnded(tx, tenantId, `certificate:${id}`)
  for (const { id } of trusted) await recordEnded(tx, tenantId, `federation:${id}`)
  await tx.run(sql`delete from service_certificate where tenant_id = ${tenantId} and principal_id = ${principalId}`)
  await tx.run(sql`delete from federation_trust where tenant_id = ${tenantId} and principal_id = ${principalId}`)
  await tx.run(sql`delete from used_assertion where tenant_id = ${tenantId} and principal_id = ${principalId}`)
}
