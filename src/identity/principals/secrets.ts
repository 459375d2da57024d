import type { AuditFrom } from '../../audit/index.ts'
import { type Ms, type ReadTx, sql, write } from '../../kernel/index.ts'
import { changed } from '../tree/change.ts'
import { PrincipalRefused } from './failures.ts'
import type { Principal } from './principal.ts'
import { mustBeProgram, type PrincipalRow, toPrincipal } from './principals.ts'

/** A secret that a service principal or an agent signs in with; the text itself is nowhere. */
export type ServiceSecret = {
  readonly tenantId: string
  readonly principalId: string
  /** `sec_…`. */
  readonly id: string
  readonly createdAt: Ms
  readonly expiresAt: Ms
}

/** Two, so that one can be replaced while the other works. */
const MOST = 2

type SecretRow = {
  tenant_id: string
  principal_id: string
  id: string
  hash: string
  created_at: number
  expires_at: number
}
type New = { tenantId: string; principalId: string; id: string; hash: string; expiresAt: Ms; from: AuditFrom }

const addSecret = write('identity.add-secret', async (tx, input: New): Promise<ServiceSecret> => {
  const { tenantId, principalId, id, hash, expiresAt, from } = input
  const principal = await mustBeProgram(tx, tenantId, principalId)
  const held = await readSecrets(tx, tenantId, principalId)
  const again = held.find(secret => secret.id === id)
  if (again) return again
  const createdAt = tx.clock.now()
  if (held.filter(secret => secret.expiresAt > createdAt).length >= MOST)
    throw PrincipalRefused(`"${principal.name}" has ${MOST} secrets already; delete the older one first`)
  await tx.run(sql`insert into service_secret (tenant_id, principal_id, id, hash, created_at, expires_at)
    values (${tenantId}, ${principalId}, ${id}, ${hash}, ${createdAt}, ${expiresAt})`)
  await changed(tx, from, { action: 'principal/write', resource: principalId, detail: { signIn: id, expiresAt } })
  return { tenantId, principalId, id, createdAt, expiresAt }
})

type Which = { tenantId: string; principalId: string; id: string; from: AuditFrom }

const removeSecret = write('identity.remove-secret', async (tx, { tenantId, principalId, id, from }: Which) => {
  const removed = await tx.run(sql`delete from service_secret
    where tenant_id = ${tenantId} and principal_id = ${principalId} and id = ${id}`)
  if (removed === 0) return null
  await changed(tx, from, { action: 'principal/write', resource: principalId, detail: { removedSignIn: id } })
  return null
})

export const serviceSecrets = { add: addSecret, remove: removeSecret } as const

export async function readSecrets(db: ReadTx, tenantId: string, principalId: string): Promise<ServiceSecret[]> {
  const rows = await db.all<SecretRow>(sql`
    select tenant_id, principal_id, id, hash, created_at, expires_at from service_secret
    where tenant_id = ${tenantId} and principal_id = ${principalId} order by id`)
  return rows.map(row => ({
    tenantId: row.tenant_id,
    principalId: row.principal_id,
    id: row.id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }))
}

type SecretPlace = Pick<ServiceSecret, 'tenantId' | 'principalId' | 'id'>

/** Of all tenants, in the order of the key, with the names of whose they are: for lists of their ages. */
export async function readServiceSecretPage(
  db: ReadTx,
  { after, limit }: { after: SecretPlace; limit: number },
): Promise<(ServiceSecret & { principalName: string })[]> {
  const rows = await db.all<Omit<SecretRow, 'hash'> & { name: string }>(sql`
    select s.tenant_id, s.principal_id, s.id, s.created_at, s.expires_at, p.name
    from service_secret s join principal p on p.tenant_id = s.tenant_id and p.id = s.principal_id
    where (s.tenant_id, s.principal_id, s.id) > (${after.tenantId}, ${after.principalId}, ${after.id})
    order by s.tenant_id, s.principal_id, s.id limit ${limit}`)
  return rows.map(row => ({
    tenantId: row.tenant_id,
    principalId: row.principal_id,
    id: row.id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    principalName: row.name,
  }))
}

/** For sign-in: the enabled principal of that id, wherever it lives, and its secrets that have not expired by `now`. */
export async function readSignIn(
  db: ReadTx,
  clientId: string,
  now: Ms,
): Promise<{ principal: Principal; secrets: { id: string; hash: string; expiresAt: Ms }[] } | undefined> {
  const row = await db.one<PrincipalRow>(sql`
    select tenant_id, id, kind, name, enabled, owner_id, resource_id, created_at from principal
    where id = ${clientId} and enabled = 1`)
  if (!row) return undefined
  const rows = await db.all<Pick<SecretRow, 'id' | 'hash' | 'expires_at'>>(sql`
    select id, hash, expires_at from service_secret
    where tenant_id = ${row.tenant_id} and principal_id = ${clientId} and expires_at > ${now} order by id`)
  const secrets = rows.map(({ id, hash, expires_at }) => ({ id, hash, expiresAt: expires_at }))
  return { principal: toPrincipal(row), secrets }
}
