import { createHash } from 'node:crypto'
import { checkLease, type Lease, type Ms, type Store, sql, type Tx, write } from '../kernel/index.ts'
import { AuditChainBroken } from './failures.ts'
import { type AuditHead, headText, lastHead, START } from './head.ts'
import type { AuditKeys, PublicKey } from './keys.ts'
import { type AuditRow, sealedText } from './row.ts'

/** One transaction seals so many of a tenant; a backlog takes several. */
export const MOST_SEALED = 256
/** Of the heads of an hour the last is kept: a few thousand a year for each chain, however busy. */
const HEAD_EVERY_MS = 3_600_000

type Sealed = { id: string; sequence: number; hash: string }
type Sealing = {
  lease: Pick<Lease, 'name' | 'fence'>
  /** Where the chain ended when the hashes were made. */
  after: { sequence: number; hash: string }
  sealed: readonly Sealed[]
  head: AuditHead
  key: PublicKey
}

/**
 * Puts numbers, hashes and the signed head in place, or nothing where the chain went on meanwhile. The
 * lease is checked in the same transaction: of two sealers that both believe they hold it one has an effect.
 */
export const sealChain = write('audit.seal', async (tx, { lease, after, sealed, head, key }: Sealing) => {
  await checkLease(tx, lease)
  const { tenantId, region } = head
  const last = (await lastHead(tx, tenantId, region)) ?? START
  if (last.sequence !== after.sequence || last.hash !== after.hash) return 0
  for (const { id, sequence, hash } of sealed) {
    const found = await tx.run(sql`update audit_entry set sequence = ${sequence}, hash = ${hash}
      where tenant_id = ${tenantId} and id = ${id} and region_id = ${region} and sequence = 0`)
    if (found !== 1) throw AuditChainBroken(tenantId, region, `entry ${id} went away while it was sealed`)
  }
  const hour = head.signedAt - (head.signedAt % HEAD_EVERY_MS)
  await tx.run(sql`delete from audit_head where tenant_id = ${tenantId} and region_id = ${region}
    and sequence = ${after.sequence} and key_id = ${head.keyId} and signed_at >= ${hour}`)
  await tx.run(sql`insert into audit_head (tenant_id, region_id, sequence, hash, signed_at, key_id, signature)
    values (${tenantId}, ${region}, ${head.sequence}, ${head.hash}, ${head.signedAt}, ${head.keyId}, ${head.signature})`)
  await keepKey(tx, key)
  return sealed.length
})

/** Before it signs: whoever makes the next key file lists all that this database knows. */
export const knowKey = write('audit.know-key', (tx, key: PublicKey) => keepKey(tx, key))

async function keepKey(tx: Tx, { keyId, publicKey }: PublicKey): Promise<void> {
  await tx.run(sql`insert into audit_key (key_id, public_key, first_used_at)
    values (${keyId}, ${publicKey}, ${tx.clock.now()}) on conflict (key_id) do nothing`)
}

type Asked = { store: Store; keys: AuditKeys; lease: Lease; tenantId: string; region: string; now: Ms }

/**
 * Seals what is committed and not sealed yet of one tenant, at most 256 entries; returns how many.
 * Throws AuditChainBroken where the chain does not end as its last head says.
 */
export async function sealTenant({ store, keys, lease, tenantId, region, now }: Asked): Promise<number> {
  const after = await chainEnd(store, { keys, tenantId, region })
  // Outside the transaction: reading this range inside would conflict with every change that records.
  const rows = await store.read.all<AuditRow>(sql`select * from audit_entry
    where region_id = ${region} and tenant_id = ${tenantId} and sequence = 0 order by id limit ${MOST_SEALED}`)
  let { sequence, hash } = after
  const sealed = rows.map(row => {
    sequence += 1
    hash = chainHash(hash, sealedText(row, sequence))
    return { id: row.id, sequence, hash }
  })
  if (sealed.length === 0) return 0
  const unsigned = { tenantId, region, sequence, hash, signedAt: now, keyId: keys.current.keyId }
  const head = { ...unsigned, signature: keys.sign(headText(unsigned)) }
  return store.write(sealChain, { lease, after, sealed, head, key: keys.current })
}

/** A record's hash: SHA-256 over the hash before it, a newline and the record's canonical JSON; base64url. */
export function chainHash(previous: string, text: string): string {
  return createHash('sha256').update(`${previous}\n${text}`).digest('base64url')
}

type Chain = { keys: AuditKeys; tenantId: string; region: string }

/** Never signs over what it would not itself have signed: else a head would launder what was altered before it. */
async function chainEnd(store: Store, { keys, tenantId, region }: Chain): Promise<Sealing['after']> {
  const { head, last } = await store.snapshot(async db => ({
    head: await lastHead(db, tenantId, region),
    last: await db.one<{ sequence: number; hash: string }>(sql`select sequence, hash from audit_entry
      where tenant_id = ${tenantId} and region_id = ${region} and sequence <> 0 order by sequence desc limit 1`),
  }))
  if (head !== undefined && !keys.verify(head.keyId, headText(head), head.signature)) {
    throw AuditChainBroken(tenantId, region, `its last head is not signed by a key of this platform (${head.keyId})`)
  }
  const { sequence, hash } = head ?? START
  const end = last ?? START
  if (end.sequence === sequence && end.hash === hash) return { sequence, hash }
  throw AuditChainBroken(tenantId, region, `its head is at ${sequence} and its last record at ${end.sequence}`)
}
