import { type Ms, type ReadTx, type Sql, sql } from '../../kernel/index.ts'
import type { PrincipalRef } from '../principals/principal.ts'
import { readAbled } from '../principals/principals.ts'

/** The row that an API token stands on: the row's end is the token's end too. */
export type Proof = { readonly kind: ProofKind; readonly id: string }

export const PROOF_KINDS = ['secret', 'certificate', 'federation', 'session'] as const
export type ProofKind = (typeof PROOF_KINDS)[number]

type Claimed = { readonly tenantId: string; readonly principalId: string; readonly proof: Proof }

/** Who that is by the rows of now; undefined where the principal is disabled or gone, or its proof is. */
export async function readVouched(db: ReadTx, { tenantId, principalId, proof }: Claimed, now: Ms) {
  const principal = await readAbled(db, tenantId, principalId)
  return principal && (await stands(db, principal, proof, now)) ? principal : undefined
}

async function stands(db: ReadTx, { tenantId, id }: PrincipalRef, proof: Proof, now: Ms): Promise<boolean> {
  return (await db.one(ROWS[proof.kind](tenantId, id, proof.id, now))) !== undefined
}

const ROWS: Readonly<Record<ProofKind, (tenantId: string, principalId: string, id: string, now: Ms) => Sql>> = {
  secret: (tenantId, principalId, id, now) => sql`select id from service_secret
    where tenant_id = ${tenantId} and principal_id = ${principalId} and id = ${id} and expires_at > ${now}`,
  certificate: (tenantId, principalId, id, now) => sql`select id from service_certificate
    where tenant_id = ${tenantId} and principal_id = ${principalId} and id = ${id} and not_after > ${now}`,
  federation: (tenantId, principalId, id) => sql`select id from federation_trust
    where tenant_id = ${tenantId} and principal_id = ${principalId} and id = ${id}`,
  // A browser's session is its cookie: no token stands on it.
  session: (tenantId, principalId, id, now) => sql`select id from sign_in_session
    where tenant_id = ${tenantId} and principal_id = ${principalId} and id = ${id} and kind = 'cli'
    and expires_at > ${now}`,
}
