import { createHash } from 'node:crypto'
import { type Ms, sql, write } from '../../kernel/index.ts'
import { TooManyAssertions } from './failures.ts'

/** Of one client that are still in their time. Only who has the key gets so far, so this bounds a program that runs wild. */
const MOST = 1000

type Used = { tenantId: string; principalId: string; jti: string; endsAt: Ms }

/**
 * Whether an assertion was not used before. Run twice because an answer was lost, it says false: the client signs a new
 * one, and none is ever good for two.
 */
export const useAssertion = write('identity.use-assertion', async (tx, input: Used): Promise<boolean> => {
  const { tenantId, principalId, jti, endsAt } = input
  await tx.run(sql`delete from used_assertion
    where tenant_id = ${tenantId} and principal_id = ${principalId} and ends_at <= ${tx.clock.now()}`)
  const held = await tx.one<{ n: number }>(sql`select count(*) as n from used_assertion
    where tenant_id = ${tenantId} and principal_id = ${principalId}`)
  if ((held?.n ?? 0) >= MOST) throw TooManyAssertions(MOST)
  const hash = createHash('sha256').update(jti).digest('base64url')
  const added = await tx.run(sql`insert into used_assertion (tenant_id, principal_id, hash, ends_at)
    values (${tenantId}, ${principalId}, ${hash}, ${endsAt}) on conflict (tenant_id, principal_id, hash) do nothing`)
  return added === 1
})
