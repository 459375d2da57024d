import { type ReadTx, sql, write } from '../kernel/index.ts'
import { type AuditHead, type HeadRow, toHead } from './head.ts'
import type { AuditAnchor } from './verify.ts'

/** Of a chain that did not go on from what was known, so many heads are kept beside the newest: the first ones. */
const MOST_LEFT_BEHIND = 20

type Keeping = {
  head: AuditHead
  /** The newest head kept when the chain was looked at. */
  newest: AuditAnchor | undefined
  /** Whether the chain still has it. Then the new head vouches for it too, and it can go; else it stays as evidence. */
  continues: boolean
}

/** Keeps a head of a chain in another database. False where somebody else kept one meanwhile. */
export const keepAnchor = write('audit.keep-anchor', async (tx, { head, newest, continues }: Keeping) => {
  const { tenantId, region, sequence, hash, signedAt, keyId, signature } = head
  const held = await newestAnchor(tx, tenantId, region)
  if (held?.sequence !== newest?.sequence || held?.hash !== newest?.hash) return false
  if (held) {
    const stays = !continues && (await readAnchors(tx, tenantId, region)).length <= MOST_LEFT_BEHIND
    await tx.run(
      stays
        ? sql`update audit_anchor set newest = 0
            where tenant_id = ${tenantId} and region_id = ${region} and newest = 1`
        : sql`delete from audit_anchor where tenant_id = ${tenantId} and region_id = ${region} and newest = 1`,
    )
  }
  await tx.run(sql`insert into audit_anchor
    (tenant_id, region_id, sequence, hash, signed_at, key_id, signature, kept_at, newest)
    values (${tenantId}, ${region}, ${sequence}, ${hash}, ${signedAt}, ${keyId}, ${signature}, ${tx.clock.now()}, 1)
    on conflict (tenant_id, region_id, sequence, hash) do update set newest = 1`)
  return true
})

/** All that is kept here of a chain elsewhere, the newest last. */
export async function readAnchors(db: ReadTx, tenantId: string, region: string): Promise<AuditHead[]> {
  const rows = await db.all<HeadRow>(sql`select sequence, hash, signed_at, key_id, signature from audit_anchor
    where tenant_id = ${tenantId} and region_id = ${region} order by newest, sequence, hash`)
  return rows.map(row => toHead(tenantId, region, row))
}

export async function newestAnchor(db: ReadTx, tenantId: string, region: string): Promise<AuditHead | undefined> {
  const row = await db.one<HeadRow>(sql`select sequence, hash, signed_at, key_id, signature from audit_anchor
    where tenant_id = ${tenantId} and region_id = ${region} and newest = 1`)
  return row && toHead(tenantId, region, row)
}
