import type { AuditFrom } from '../../audit/index.ts'
import { type Ms, type ReadTx, sql, write } from '../../kernel/index.ts'
import { PrincipalRefused } from '../principals/failures.ts'
import { mustBeProgram } from '../principals/principals.ts'
import { recordEnded } from '../registry-access/ended.ts'
import { changed } from '../tree/change.ts'

/** Whose tokens a service principal or an agent signs in with; all three are compared letter by letter. */
export type FederationTrust = {
  readonly tenantId: string
  readonly principalId: string
  /** `fed_…`. */
  readonly id: string
  readonly issuer: string
  readonly audience: string
  readonly subject: string
  readonly createdAt: Ms
}

/** A subject is a branch, an environment or a service account: a program has a few. */
const MOST = 10

type Row = {
  tenant_id: string
  principal_id: string
  id: string
  issuer: string
  audience: string
  subject: string
  created_at: number
}
type New = Omit<FederationTrust, 'createdAt'> & { from: AuditFrom }

const addTrust = write('identity.add-trust', async (tx, input: New): Promise<FederationTrust> => {
  const { from, ...trust } = input
  const { tenantId, principalId, id, issuer, audience, subject } = trust
  const principal = await mustBeProgram(tx, tenantId, principalId)
  const held = await readTrusts(tx, tenantId, principalId)
  const again = held.find(one => one.issuer === issuer && one.audience === audience && one.subject === subject)
  if (again) return again
  if (held.length >= MOST)
    throw PrincipalRefused(`"${principal.name}" trusts ${MOST} subjects already; remove one that is not used any more`)
  const createdAt = tx.clock.now()
  await tx.run(sql`insert into federation_trust (tenant_id, principal_id, id, issuer, audience, subject, created_at)
    values (${tenantId}, ${principalId}, ${id}, ${issuer}, ${audience}, ${subject}, ${createdAt})`)
  const detail = { signIn: id, issuer, audience, subject }
  await changed(tx, from, { action: 'principal/write', resource: principalId, detail })
  return { ...trust, createdAt }
})

type Which = { tenantId: string; principalId: string; id: string; from: AuditFrom }

const removeTrust = write('identity.remove-trust', async (tx, input: Which): Promise<null> => {
  const { tenantId, principalId, id, from } = input
  const removed = await tx.run(sql`delete from federation_trust
    where tenant_id = ${tenantId} and principal_id = ${principalId} and id = ${id}`)
  if (removed === 0) return null
  await recordEnded(tx, tenantId, `federation:${id}`)
  await changed(tx, from, { action: 'principal/write', resource: principalId, detail: { removedSignIn: id } })
  return null
})

export const trusts = { add: addTrust, remove: removeTrust } as const

/** Oldest first. */
export async function readTrusts(db: ReadTx, tenantId: string, principalId: string): Promise<FederationTrust[]> {
  const rows = await db.all<Row>(sql`
    select tenant_id, principal_id, id, issuer, audience, subject, created_at from federation_trust
    where tenant_id = ${tenantId} and principal_id = ${principalId} order by id`)
  return rows.map(({ tenant_id, principal_id, created_at, ...rest }) => ({
    ...{ tenantId: tenant_id, principalId: principal_id, createdAt: created_at },
    ...rest,
  }))
}
