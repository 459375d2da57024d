import { type ReadTx, sql } from '../../kernel/index.ts'

type Link = { tenantId: string; principalId: string; provider: string }

/** Whether the provider that has this name now knows the principal. */
export async function isLinked(db: ReadTx, { tenantId, principalId, provider }: Link): Promise<boolean> {
  const row = await db.one(sql`select sign_in_link.subject from sign_in_link join sign_in_provider
    on sign_in_provider.tenant_id = sign_in_link.tenant_id and sign_in_provider.id = sign_in_link.provider_id
    where sign_in_link.tenant_id = ${tenantId} and sign_in_link.principal_id = ${principalId}
    and sign_in_provider.name = ${provider}`)
  return row !== undefined
}
