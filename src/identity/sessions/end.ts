import { type AuditFrom, recordAudit } from '../../audit/index.ts'
import { sql, type Tx } from '../../kernel/index.ts'
import { recordEnded } from '../registry-access/ended.ts'
import { readSessionsBy, readSessionsOf } from './rows.ts'
import type { SignInSession } from './session.ts'

/** Every ending before its time comes through here. */
export async function endSessions(
  tx: Tx,
  sessions: readonly SignInSession[],
  from: AuditFrom,
  why: string,
): Promise<void> {
  const { region, ...origin } = from
  for (const { tenantId, id, principalId } of sessions) {
    await tx.run(sql`delete from sign_in_session where tenant_id = ${tenantId} and id = ${id}`)
    await recordEnded(tx, tenantId, `session:${id}`)
    await recordAudit(tx, region, {
      ...{ ...origin, tenantId, action: 'session.end', resource: id, result: 'done' },
      detail: { principal: principalId, why },
    })
  }
}

/** Of somebody who may not go on: disabled or deleted. */
export async function endSessionsOf(
  tx: Tx,
  who: { tenantId: string; principalId: string },
  from: AuditFrom,
  why: string,
): Promise<void> {
  await endSessions(tx, await readSessionsOf(tx, who.tenantId, who.principalId), from, why)
}

/** Of a password that opens nothing any more. */
export async function endSessionsBy(tx: Tx, proof: string, from: AuditFrom): Promise<void> {
  await endSessions(tx, await readSessionsBy(tx, proof), from, 'the password behind it was replaced')
}
