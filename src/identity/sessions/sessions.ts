import { type AuditFrom, recordAudit } from '../../audit/index.ts'
import { sql, type Tx, write } from '../../kernel/index.ts'
import { proofOfAdmin, readCredentials } from '../credentials.ts'
import { isLinked } from '../oidc/is-linked.ts'
import { readPrincipal } from '../principals/principals.ts'
import { endSessions } from './end.ts'
import { SessionUnknown, SignInRefused } from './failures.ts'
import { readSession, readSessionsOf } from './rows.ts'
import { LIFE, SEEN_FOR, type SignInSession } from './session.ts'

/** Somebody with more browsers than this signs the oldest out. */
const MOST = 50
/** So many expired rows go at each sign-in, which makes one. */
const SWEPT = 100

export type NewSession = {
  readonly session: Pick<SignInSession, 'tenantId' | 'id' | 'principalId' | 'kind' | 'signedInBy' | 'proof'>
  readonly secretHash: string
  /** What the same browser had before: it ends. */
  readonly replaces: { tenantId: string; id: string } | undefined
  /** Where the person is. */
  readonly address: string
  readonly from: AuditFrom
}

const openSession = write('identity.open-session', (tx, input: NewSession) => openSessionIn(tx, input))

/** In the transaction of what allows it. */
export async function openSessionIn(tx: Tx, input: NewSession): Promise<SignInSession> {
  const { tenantId, id, principalId, kind, signedInBy, proof } = input.session
  const now = tx.clock.now()
  // The same id again: the answer to the first attempt was lost.
  const again = await readSession(tx, tenantId, id, now)
  if (again) return again.session
  await checkPerson(tx, input)
  if (input.replaces) {
    const before = await readSession(tx, input.replaces.tenantId, input.replaces.id, now)
    if (before) await endSessions(tx, [before.session], input.from, 'the same browser signed in anew')
  }
  const held = await readSessionsOf(tx, tenantId, principalId)
  await endSessions(tx, held.slice(0, Math.max(0, held.length + 1 - MOST)), input.from, 'there were too many')
  const life = LIFE[kind]
  const [expiresAt, endsAt] = [now + life.idle, now + life.whole]
  await tx.run(sql`insert into sign_in_session (tenant_id, id, principal_id, kind, secret_hash, signed_in_by, proof,
      created_at, seen_at, expires_at, ends_at)
    values (${tenantId}, ${id}, ${principalId}, ${kind}, ${input.secretHash}, ${signedInBy}, ${proof},
      ${now}, ${now}, ${expiresAt}, ${endsAt})`)
  const { region, ...origin } = input.from
  await recordAudit(tx, region, {
    ...{ ...origin, action: 'session.create', resource: id, result: 'done' },
    detail: { kind, signedInBy, address: input.address },
  })
  return { tenantId, id, principalId, kind, signedInBy, proof, createdAt: now, seenAt: now, expiresAt, endsAt }
}

type Which = { tenantId: string; id: string }

/** It goes on for its idle time from now, at most as long as it may last in all. */
const seeSession = write('identity.see-session', async (tx, { tenantId, id }: Which): Promise<null> => {
  const now = tx.clock.now()
  const found = await readSession(tx, tenantId, id, now)
  // Ended meanwhile, or somebody saw it at the same time.
  if (!found || now - found.session.seenAt < SEEN_FOR) return null
  const expiresAt = Math.min(now + LIFE[found.session.kind].idle, found.session.endsAt)
  await tx.run(sql`update sign_in_session set seen_at = ${now}, expires_at = ${expiresAt}
    where tenant_id = ${tenantId} and id = ${id}`)
  return null
})

/** By its owner; another's is as unknown as none. */
const endSession = write(
  'identity.end-session',
  async (tx, { tenantId, id, principalId, from }: Which & { principalId: string; from: AuditFrom }): Promise<null> => {
    const found = (await readSessionsOf(tx, tenantId, principalId)).find(one => one.id === id)
    if (!found) throw SessionUnknown(id)
    await endSessions(tx, [found], from, 'signed out')
    return null
  },
)

/** Rows that nobody can use any more go, some at each sign-in. Nothing ends by it, so no audit has it. */
const sweepSessions = write('identity.sweep-sessions', async (tx, _input: null): Promise<null> => {
  const expired = await tx.all<{ tenant_id: string; id: string }>(sql`select tenant_id, id from sign_in_session
    where expires_at <= ${tx.clock.now()} order by expires_at limit ${SWEPT}`)
  for (const { tenant_id, id } of expired)
    await tx.run(sql`delete from sign_in_session where tenant_id = ${tenant_id} and id = ${id}`)
  return null
})

export const sessions = { open: openSession, see: seeSession, end: endSession, sweep: sweepSessions } as const

async function checkPerson(tx: Tx, { session }: NewSession): Promise<void> {
  const principal = await readPrincipal(tx, session.tenantId, session.principalId)
  if (principal?.kind !== 'user') throw SignInRefused('only people sign in like this')
  if (!principal.enabled) throw SignInRefused('this principal is disabled')
  const [way, provider] = session.signedInBy.split(':')
  // It was deleted between its word and this: by a command line that waits that is up to 10 minutes.
  if (way === 'oidc' && !(await isLinked(tx, { ...session, provider: provider ?? '' })))
    throw SignInRefused('the sign-in provider was deleted just now')
  if (session.proof === '') return
  // A password that was rotated while it was compared opens nothing.
  const held = (await readCredentials(tx)).some(one => proofOfAdmin(one) === session.proof)
  if (!held) throw SignInRefused('the password was replaced just now')
}
