import { type ReadTx, sql } from '../kernel/index.ts'
import { canonical } from './canonical.ts'
import type { AuditKeys, PublicKey } from './keys.ts'

/** Says that the chain of a tenant and region had so many records, and which hash the last of them. */
export type AuditHead = {
  readonly tenantId: string
  readonly region: string
  readonly sequence: number
  readonly hash: string
  readonly signedAt: number
  readonly keyId: string
  /** Ed25519 over `headText`, base64url. */
  readonly signature: string
}

/** Where a chain begins. */
export const START = { sequence: 0, hash: '' } as const

/** What is signed: canonical JSON (RFC 8785) that can not be taken for a record. */
export function headText({ signature: _, ...head }: Omit<AuditHead, 'signature'> & { signature?: string }): string {
  return canonical({ kind: 'towpath.audit.head', v: 1, ...head })
}

export function isSigned(keys: AuditKeys, head: AuditHead): boolean {
  return keys.verify(head.keyId, headText(head), head.signature)
}

export type HeadRow = { sequence: number; hash: string; signed_at: number; key_id: string; signature: string }

export async function lastHead(db: ReadTx, tenantId: string, region: string): Promise<AuditHead | undefined> {
  const row = await db.one<HeadRow>(sql`select sequence, hash, signed_at, key_id, signature from audit_head
    where tenant_id = ${tenantId} and region_id = ${region} order by sequence desc limit 1`)
  return row && toHead(tenantId, region, row)
}

/** The last of each region where a tenant has any. */
export async function lastHeads(db: ReadTx, tenantId: string): Promise<AuditHead[]> {
  const heads: AuditHead[] = []
  for (let region = ''; ; ) {
    const next = await db.one<{ region_id: string }>(sql`select region_id from audit_head
      where tenant_id = ${tenantId} and region_id > ${region} order by region_id limit 1`)
    const head = next && (await lastHead(db, tenantId, next.region_id))
    if (head === undefined) return heads
    heads.push(head)
    region = head.region
  }
}

export type HeadPage = {
  readonly heads: readonly AuditHead[]
  /** The last of these tenants, where there may be more. */
  readonly next?: string | undefined
}

const HEADS_A_PAGE = 50

/** The last head of each tenant's chain in this database, tenants in order. */
export async function headsAfter(db: ReadTx, region: string, after: string): Promise<HeadPage> {
  const heads: AuditHead[] = []
  for (let tenantId = after; heads.length < HEADS_A_PAGE; ) {
    const row = await db.one<{ tenant_id: string }>(sql`select tenant_id from audit_head
      where tenant_id > ${tenantId} order by tenant_id limit 1`)
    if (row === undefined) return { heads }
    tenantId = row.tenant_id
    const head = await lastHead(db, tenantId, region)
    if (head) heads.push(head)
  }
  return { heads, next: heads.at(-1)?.tenantId }
}

/** What the chain has at a place; '' where it has nothing. */
export async function hashAt(db: ReadTx, tenantId: string, region: string, sequence: number): Promise<string> {
  const row = await db.one<{ hash: string }>(sql`select hash from audit_entry
    where tenant_id = ${tenantId} and region_id = ${region} and sequence = ${sequence} and sequence <> 0`)
  return row?.hash ?? ''
}

/** Those after one place and up to another, oldest first. */
export async function headsBetween(
  db: ReadTx,
  { tenantId, region, after, upTo }: { tenantId: string; region: string; after: number; upTo: number },
): Promise<AuditHead[]> {
  const rows = await db.all<HeadRow>(sql`select sequence, hash, signed_at, key_id, signature from audit_head
    where tenant_id = ${tenantId} and region_id = ${region} and sequence > ${after} and sequence <= ${upTo}
    order by sequence`)
  return rows.map(row => toHead(tenantId, region, row))
}

export function toHead(tenantId: string, region: string, row: HeadRow): AuditHead {
  const { sequence, hash, signed_at: signedAt, key_id: keyId, signature } = row
  return { tenantId, region, sequence, hash, signedAt, keyId, signature }
}

/** Every key that signed here. Whether one is to be believed, only a key file can say. */
export async function usedKeys(db: ReadTx): Promise<PublicKey[]> {
  const rows = await db.all<{ key_id: string; public_key: string }>(
    sql`select key_id, public_key from audit_key order by first_used_at, key_id`,
  )
  return rows.map(row => ({ keyId: row.key_id, publicKey: row.public_key }))
}
