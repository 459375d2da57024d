import { createHash } from 'node:crypto'
import { type AuditFrom, recordAudit } from '../../audit/index.ts'
import { type Ms, type ReadTx, sql, write } from '../../kernel/index.ts'
import type { PrincipalRef } from '../principals/principal.ts'
import { openSessionIn } from '../sessions/sessions.ts'
import { DeviceUnknown, TooManyDevices } from './failures.ts'

/** A command line that waits, as its person sees it. */
export type Device = {
  readonly userCode: string
  /** Where it asked from. */
  readonly address: string
  readonly createdAt: Ms
  readonly expiresAt: Ms
}

export const DEVICE_LIFE: Ms = 10 * 60_000
export const PAUSE: Ms = 5_000
const MOST = 2000

type New = { deviceHash: string; userCode: string; address: string }

const startDevice = write('identity.start-device', async (tx, { deviceHash, userCode, address }: New): Promise<Ms> => {
  const now = tx.clock.now()
  await tx.run(sql`delete from device_request where expires_at <= ${now}`)
  const held = await tx.one<{ n: number }>(sql`select count(*) as n from device_request`)
  if ((held?.n ?? 0) >= MOST) throw TooManyDevices(MOST)
  const expiresAt = now + DEVICE_LIFE
  await tx.run(sql`insert into device_request (device_hash, user_code, address, created_at, expires_at,
      polled_at, pause_ms, state, tenant_id, principal_id, signed_in_by, proof)
    values (${deviceHash}, ${userCode}, ${address}, ${now}, ${expiresAt},
      ${now - PAUSE}, ${PAUSE}, 'waiting', '', '', '', '') on conflict do nothing`)
  return expiresAt
})

type Answer = {
  userCode: string
  allow: boolean
  principal: PrincipalRef
  /** Of the session that allows it: how it came to be, and the password behind it. */
  signedInBy: string
  proof: string
  from: AuditFrom
}

const answerDevice = write('identity.answer-device', async (tx, input: Answer): Promise<null> => {
  const { userCode, allow, principal, signedInBy, proof, from } = input
  const found = await findDevice(tx, userCode, tx.clock.now())
  if (!found) throw DeviceUnknown()
  await tx.run(sql`update device_request set state = ${allow ? 'allowed' : 'denied'}, tenant_id = ${principal.tenantId},
      principal_id = ${principal.id}, signed_in_by = ${signedInBy}, proof = ${proof}
    where user_code = ${userCode} and state = 'waiting'`)
  const { region, ...origin } = from
  await recordAudit(tx, region, {
    ...{ ...origin, action: 'device.answer', resource: principal.id, result: 'done' },
    detail: { allow, address: found.address },
  })
  return null
})

export type Polled =
  | { readonly state: 'waiting' | 'denied' | 'gone' }
  | { readonly state: 'hasty'; readonly pause: Ms }
  | { readonly state: 'signed-in'; readonly principal: PrincipalRef; readonly ends: Ms }

type Poll = {
  deviceHash: string
  /** The session that it becomes where it was allowed, and what is kept of its secrets. */
  sessionId: string
  secretHash: string
  refreshHash: string
  region: string
  requestId: string
}
type Row = {
  address: string
  expires_at: number
  polled_at: number
  pause_ms: number
  state: 'waiting' | 'allowed' | 'denied'
  tenant_id: string
  principal_id: string
  signed_in_by: string
  proof: string
}

/** What became of it. Answers are values where they must be kept: a failure would take back the longer pause. */
const pollDevice = write('identity.poll-device', async (tx, input: Poll): Promise<Polled> => {
  const { deviceHash, sessionId, secretHash, refreshHash, region, requestId } = input
  const now = tx.clock.now()
  const row = await tx.one<Row>(sql`select address, expires_at, polled_at, pause_ms, state, tenant_id, principal_id,
      signed_in_by, proof from device_request where device_hash = ${deviceHash}`)
  if (!row || row.expires_at <= now) return { state: 'gone' }
  if (row.state === 'waiting') {
    const hasty = now - row.polled_at < row.pause_ms
    const pause = hasty ? row.pause_ms + PAUSE : row.pause_ms
    await tx.run(sql`update device_request set polled_at = ${now}, pause_ms = ${pause}
      where device_hash = ${deviceHash}`)
    return hasty ? { state: 'hasty', pause } : { state: 'waiting' }
  }
  await tx.run(sql`delete from device_request where device_hash = ${deviceHash}`)
  if (row.state === 'denied') return { state: 'denied' }
  const { tenant_id: tenantId, principal_id: id, signed_in_by: signedInBy, proof, address } = row
  const principal = { tenantId, id, kind: 'user' as const }
  const session = { tenantId, id: sessionId, principalId: id, kind: 'cli' as const, signedInBy, proof }
  const from = { tenantId, region, actor: principal, onBehalfOf: [], requestId }
  const opened = await openSessionIn(tx, { session, secretHash, replaces: undefined, address, from })
  await tx.run(sql`update sign_in_session set refresh_hash = ${refreshHash}, refreshed_at = ${now}
    where tenant_id = ${tenantId} and id = ${sessionId}`)
  return { state: 'signed-in', principal, ends: opened.expiresAt }
})

export const devices = { start: startDevice, answer: answerDevice, poll: pollDevice } as const

/** One that still waits for its answer. */
export async function findDevice(db: ReadTx, userCode: string, now: Ms): Promise<Device | undefined> {
  const row = await db.one<{ address: string; created_at: number; expires_at: number }>(sql`
    select address, created_at, expires_at from device_request
    where user_code = ${userCode} and state = 'waiting' and expires_at > ${now}`)
  return row && { userCode, address: row.address, createdAt: row.created_at, expiresAt: row.expires_at }
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}
