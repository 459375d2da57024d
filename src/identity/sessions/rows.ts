import { type Ms, type ReadTx, sql } from '../../kernel/index.ts'
import type { Principal, PrincipalKind } from '../principals/principal.ts'
import type { SessionKind, SignInSession } from './session.ts'

/** A session that counts, and who it is of. */
export type LiveSession = {
  readonly session: SignInSession
  readonly principal: Pick<Principal, 'tenantId' | 'id' | 'kind' | 'name'>
}

type SessionRow = {
  tenant_id: string
  id: string
  principal_id: string
  kind: SessionKind
  signed_in_by: string
  proof: string
  created_at: number
  seen_at: number
  expires_at: number
  ends_at: number
}
type JoinedRow = SessionRow & { principal_kind: PrincipalKind; principal_name: string }

/** Nobody where it has ended, expired by `now`, or its principal is disabled. */
export async function findSession(db: ReadTx, secretHash: string, now: Ms): Promise<LiveSession | undefined> {
  const row = await db.one<JoinedRow>(sql`
    select sign_in_session.*, principal.kind as principal_kind, principal.name as principal_name
    from sign_in_session join principal
    on principal.tenant_id = sign_in_session.tenant_id and principal.id = sign_in_session.principal_id
    where sign_in_session.secret_hash = ${secretHash} and sign_in_session.expires_at > ${now}
    and principal.enabled = 1`)
  return row && toLive(row)
}

/** The same by id, for what a session vouches for. */
export async function readSession(db: ReadTx, tenantId: string, id: string, now: Ms): Promise<LiveSession | undefined> {
  const row = await db.one<JoinedRow>(sql`
    select sign_in_session.*, principal.kind as principal_kind, principal.name as principal_name
    from sign_in_session join principal
    on principal.tenant_id = sign_in_session.tenant_id and principal.id = sign_in_session.principal_id
    where sign_in_session.tenant_id = ${tenantId} and sign_in_session.id = ${id}
    and sign_in_session.expires_at > ${now} and principal.enabled = 1`)
  return row && toLive(row)
}

/** Oldest first, expired ones too. */
export async function readSessionsOf(db: ReadTx, tenantId: string, principalId: string): Promise<SignInSession[]> {
  const rows = await db.all<SessionRow>(sql`select * from sign_in_session
    where tenant_id = ${tenantId} and principal_id = ${principalId} order by id`)
  return rows.map(toSession)
}

/** Those that one password opened. */
export async function readSessionsBy(db: ReadTx, proof: string): Promise<SignInSession[]> {
  const rows = await db.all<SessionRow>(sql`select * from sign_in_session where proof = ${proof} order by id`)
  return rows.map(toSession)
}

/** Those of one tenant that one way opened: `oidc:<provider>`. */
export async function readSessionsSignedInBy(db: ReadTx, tenantId: string, by: string): Promise<SignInSession[]> {
  const rows = await db.all<SessionRow>(sql`select * from sign_in_session
    where tenant_id = ${tenantId} and signed_in_by = ${by} order by id`)
  return rows.map(toSession)
}

function toLive(row: JoinedRow): LiveSession {
  const { tenant_id: tenantId, principal_id: id, principal_kind: kind, principal_name: name } = row
  return { session: toSession(row), principal: { tenantId, id, kind, name } }
}

function toSession(row: SessionRow): SignInSession {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    principalId: row.principal_id,
    kind: row.kind,
    signedInBy: row.signed_in_by,
    proof: row.proof,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
    endsAt: row.ends_at,
  }
}
