import type { AuditFrom } from '../../audit/index.ts'
import { type ReadTx, sql, type Tx } from '../../kernel/index.ts'
import { changed } from '../tree/change.ts'
import { dropProvided } from './provided.ts'
import type { SignInProvider } from './provider.ts'

type Sync = { provider: SignInProvider; memberId: string; values: readonly string[]; from: AuditFrom }

/** What the provider says now is what holds of the memberships that came from it. Those that people gave stay. */
export async function syncGroups(tx: Tx, { provider, memberId, values, from }: Sync): Promise<void> {
  const { tenantId, id: providerId } = provider
  const said = new Set(values)
  const wanted = new Set(provider.groups.filter(one => said.has(one.value)).map(one => one.groupId))
  const rows = await tx.all<{ group_id: string }>(sql`select group_id from provided_member
    where tenant_id = ${tenantId} and provider_id = ${providerId} and member_id = ${memberId}`)
  const held = new Set(rows.map(row => row.group_id))

  for (const groupId of wanted) {
    if (held.has(groupId) || (await isMember(tx, tenantId, groupId, memberId))) continue
    await tx.run(sql`insert into provided_member (tenant_id, provider_id, group_id, member_id)
      values (${tenantId}, ${providerId}, ${groupId}, ${memberId})`)
    await tx.run(sql`insert into group_member (tenant_id, group_id, member_id)
      values (${tenantId}, ${groupId}, ${memberId})`)
    await changed(tx, from, { action: 'principal/write', resource: groupId, detail: { added: memberId } })
  }
  for (const groupId of held)
    if (!wanted.has(groupId)) await dropProvided(tx, { tenantId, providerId, groupId, memberId }, from)
}

async function isMember(db: ReadTx, tenantId: string, groupId: string, memberId: string): Promise<boolean> {
  const row = await db.one(sql`select member_id from group_member
    where tenant_id = ${tenantId} and group_id = ${groupId} and member_id = ${memberId}`)
  return row !== undefined
}
