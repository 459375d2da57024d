import type { AuditFrom } from '../../audit/index.ts'
import { type Ms, type ReadTx, sql, write } from '../../kernel/index.ts'
import { PrincipalRefused } from '../principals/failures.ts'
import { mustBeProgram } from '../principals/principals.ts'
import { recordEnded } from '../registry-access/ended.ts'
import { changed } from '../tree/change.ts'
import type { CertificateFacts } from './certificate.ts'

/** A certificate whose key a service principal or an agent signs in with. */
export type ServiceCertificate = CertificateFacts & {
  readonly tenantId: string
  readonly principalId: string
  /** `crt_…`. */
  readonly id: string
  readonly createdAt: Ms
}

/** Two of each of two machines: one in force, one that replaces it. */
const MOST = 4

type Row = {
  tenant_id: string
  principal_id: string
  id: string
  thumbprint: string
  subject: string
  public_key: string
  not_before: number
  not_after: number
  created_at: number
}
type New = CertificateFacts & { tenantId: string; principalId: string; id: string; from: AuditFrom }

const addCertificate = write('identity.add-certificate', async (tx, input: New): Promise<ServiceCertificate> => {
  const { tenantId, principalId, id, from, ...facts } = input
  const principal = await mustBeProgram(tx, tenantId, principalId)
  const held = await readCertificates(tx, tenantId, principalId)
  // The same again, or the answer to the first attempt was lost.
  const again = held.find(one => one.thumbprint === facts.thumbprint)
  if (again) return again
  if (held.length >= MOST)
    throw PrincipalRefused(`"${principal.name}" has ${MOST} certificates already; remove one that is not used any more`)
  const createdAt = tx.clock.now()
  const { thumbprint, subject, publicKey, notBefore, notAfter } = facts
  await tx.run(sql`insert into service_certificate
    (tenant_id, principal_id, id, thumbprint, subject, public_key, not_before, not_after, created_at) values
    (${tenantId}, ${principalId}, ${id}, ${thumbprint}, ${subject}, ${publicKey}, ${notBefore}, ${notAfter}, ${createdAt})`)
  const detail = { signIn: id, thumbprint, expiresAt: notAfter }
  await changed(tx, from, { action: 'principal/write', resource: principalId, detail })
  return { tenantId, principalId, id, createdAt, ...facts }
})

type Which = { tenantId: string; principalId: string; id: string; from: AuditFrom }

const removeCertificate = write('identity.remove-certificate', async (tx, input: Which): Promise<null> => {
  const { tenantId, principalId, id, from } = input
  const removed = await tx.run(sql`delete from service_certificate
    where tenant_id = ${tenantId} and principal_id = ${principalId} and id = ${id}`)
  if (removed === 0) return null
  await recordEnded(tx, tenantId, `certificate:${id}`)
  await changed(tx, from, { action: 'principal/write', resource: principalId, detail: { removedSignIn: id } })
  return null
})

export const certificates = { add: addCertificate, remove: removeCertificate } as const

/** Oldest first. */
export async function readCertificates(
  db: ReadTx,
  tenantId: string,
  principalId: string,
): Promise<ServiceCertificate[]> {
  const rows = await db.all<Row>(sql`
    select tenant_id, principal_id, id, thumbprint, subject, public_key, not_before, not_after, created_at
    from service_certificate where tenant_id = ${tenantId} and principal_id = ${principalId} order by id`)
  return rows.map(row => ({
    tenantId: row.tenant_id,
    principalId: row.principal_id,
    id: row.id,
    thumbprint: row.thumbprint,
    subject: row.subject,
    publicKey: row.public_key,
    notBefore: row.not_before,
    notAfter: row.not_after,
    createdAt: row.created_at,
  }))
}

type CertificateAge = Pick<ServiceCertificate, 'tenantId' | 'principalId' | 'id' | 'createdAt' | 'notAfter'>
type CertificatePlace = Pick<ServiceCertificate, 'tenantId' | 'principalId' | 'id'>

/** Of all tenants, in the order of the key, with the names of whose they are: for lists of their ages. */
export async function readCertificatePage(
  db: ReadTx,
  { after, limit }: { after: CertificatePlace; limit: number },
): Promise<(CertificateAge & { principalName: string })[]> {
  const rows = await db.all<Row & { name: string }>(sql`
    select c.tenant_id, c.principal_id, c.id, c.created_at, c.not_after, p.name
    from service_certificate c join principal p on p.tenant_id = c.tenant_id and p.id = c.principal_id
    where (c.tenant_id, c.principal_id, c.id) > (${after.tenantId}, ${after.principalId}, ${after.id})
    order by c.tenant_id, c.principal_id, c.id limit ${limit}`)
  return rows.map(row => ({
    tenantId: row.tenant_id,
    principalId: row.principal_id,
    id: row.id,
    createdAt: row.created_at,
    notAfter: row.not_after,
    principalName: row.name,
  }))
}
