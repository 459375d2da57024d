import { timingSafeEqual } from 'node:crypto'
import type { AuditFrom } from '../../audit/index.ts'
import { type Clock, type Ms, sql, write } from '../../kernel/index.ts'
import type { PrincipalRef } from '../principals/principal.ts'
import { endSessions } from '../sessions/end.ts'
import { findSession } from '../sessions/rows.ts'

/** So long the token before is good too: an answer may be lost, and two commands may start at once. */
const GRACE: Ms = 30_000
const SECRET_BYTES = 32
const TOKEN = /^([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/

/**
 * `<family>.<turn>`: the family stays as long as the session, the turn changes with each use. Who has the family and an
 * old turn has a copy of what somebody used already.
 */
export type RefreshToken = { readonly family: string; readonly turn: string }

export function newTurn(clock: Clock): string {
  return Buffer.from(clock.bytes(SECRET_BYTES)).toString('base64url')
}

export function readRefreshToken(text: string): RefreshToken | undefined {
  const [, family, turn] = TOKEN.exec(text) ?? []
  return family === undefined || turn === undefined ? undefined : { family, turn }
}

export type Refreshed =
  | { readonly state: 'unknown' | 'reused' }
  | { readonly state: 'refreshed'; readonly principal: PrincipalRef; readonly sessionId: string; readonly ends: Ms }

type Turn = { familyHash: string; turnHash: string; nextHash: string; region: string; requestId: string }
type Row = { refresh_hash: string; refresh_before: string; refreshed_at: number }

/** Gives the session its next turn. An old turn ends it, for whoever copied it and for whoever it was copied from. */
export const refreshSession = write('identity.refresh-session', async (tx, input: Turn): Promise<Refreshed> => {
  const { familyHash, turnHash, nextHash, region, requestId } = input
  const now = tx.clock.now()
  const found = await findSession(tx, familyHash, now)
  if (found?.session.kind !== 'cli') return { state: 'unknown' }
  const { session } = found
  const { tenantId, id: sessionId } = session
  const row = await tx.one<Row>(sql`select refresh_hash, refresh_before, refreshed_at from sign_in_session
    where tenant_id = ${tenantId} and id = ${sessionId}`)
  const { tenantId: home, id, kind } = found.principal
  const principal = { tenantId: home, id, kind }
  const graced = row !== undefined && now - row.refreshed_at < GRACE && same(row.refresh_before, turnHash)
  if (!row || !(same(row.refresh_hash, turnHash) || graced)) {
    const from: AuditFrom = { tenantId, region, actor: principal, onBehalfOf: [], requestId }
    await endSessions(tx, [session], from, 'an old refresh token was used again')
    return { state: 'reused' }
  }
  await tx.run(sql`update sign_in_session
    set refresh_hash = ${nextHash}, refresh_before = ${row.refresh_hash}, refreshed_at = ${now}, seen_at = ${now}
    where tenant_id = ${tenantId} and id = ${sessionId}`)
  return { state: 'refreshed', principal, sessionId, ends: session.expiresAt }
})

function same(held: string, given: string): boolean {
  return held.length === given.length && timingSafeEqual(Buffer.from(held), Buffer.from(given))
}
