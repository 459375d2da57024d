import { list, sql } from '../store/sql.ts'
import { type Migration, type ReadTx, type Tx, write } from '../store/types.ts'
import type { WrappedKey } from './key-management.ts'

/** A key that seals values of this database, itself wrapped by a master key. */
export type DataKey = WrappedKey & {
  readonly id: string
  /** UTC milliseconds; each later than the one before, whatever the clock says. */
  readonly createdAt: number
  /** UTC milliseconds: since when this master key wraps it. */
  readonly wrappedAt: number
}

/** Of every database that holds sealed values. The keys are the platform's own, as its signing keys are. */
export const vaultMigrations: readonly Migration[] = [
  {
    id: 'kernel-vault-1',
    statements: [
      `create table data_key (id {text} not null primary key, wrapped {text} not null, master_key_id {text} not null,
        created_at {bigint} not null, wrapped_at {bigint} not null) {strict}`,
      'create index data_key_newest on data_key (created_at, id)',
    ],
  },
]

export type NewKey = WrappedKey & { readonly id: string }

/** Of two processes that find no key of their master keys (`masters`) both get the first one's. */
const ensureDataKey = write(
  'vault.ensure-data-key',
  async (tx, { key, masters }: { key: NewKey; masters: readonly string[] }): Promise<null> => {
    if (!(await newestDataKey(tx, masters))) await insertDataKey(tx, key)
    return null
  },
)

/** `from`: the master key that it was unwrapped by. Where another rotation was faster nothing happens. */
export type Rewrapped = { readonly id: string; readonly from: string; readonly to: WrappedKey }

export type Rewrap = { readonly keys: readonly Rewrapped[]; readonly next: NewKey }

/** All at once, and a new key that seals from now on: a rotation is whole or did not happen. */
const rewrapDataKeys = write('vault.rewrap-data-keys', async (tx, { keys, next }: Rewrap): Promise<null> => {
  const now = tx.clock.now()
  for (const { id, from, to } of keys) {
    await tx.run(sql`update data_key set wrapped = ${to.wrapped}, master_key_id = ${to.masterKeyId}, wrapped_at = ${now}
        where id = ${id} and master_key_id = ${from}`)
  }
  await insertDataKey(tx, next)
  return null
})

async function insertDataKey(tx: Tx, key: NewKey): Promise<void> {
  const now = tx.clock.now()
  const last = await tx.one<{ created_at: number }>(sql`select created_at from data_key
    order by created_at desc limit 1`)
  const createdAt = Math.max(now, (last?.created_at ?? 0) + 1)
  await tx.run(sql`insert into data_key (id, wrapped, master_key_id, created_at, wrapped_at)
    values (${key.id}, ${key.wrapped}, ${key.masterKeyId}, ${createdAt}, ${now}) on conflict (id) do nothing`)
}

export const vaultWrites = [ensureDataKey, rewrapDataKeys]
export const dataKeys = { ensure: ensureDataKey, rewrap: rewrapDataKeys } as const

type KeyRow = { id: string; wrapped: string; master_key_id: string; created_at: number; wrapped_at: number }

/** Of those that these master keys wrap: after a restore the others may never be opened again. */
export async function newestDataKey(db: ReadTx, masters: readonly string[]): Promise<DataKey | undefined> {
  const row = await db.one<KeyRow>(sql`select id, wrapped, master_key_id, created_at, wrapped_at from data_key
    where master_key_id in (${list(masters)}) order by created_at desc, id desc limit 1`)
  return row && toKey(row)
}

export async function findDataKey(db: ReadTx, id: string): Promise<DataKey | undefined> {
  const row = await db.one<KeyRow>(
    sql`select id, wrapped, master_key_id, created_at, wrapped_at from data_key where id = ${id}`,
  )
  return row && toKey(row)
}

/** Oldest first. One more with each rotation, so they are few. */
export async function readDataKeys(db: ReadTx): Promise<DataKey[]> {
  const rows = await db.all<KeyRow>(
    sql`select id, wrapped, master_key_id, created_at, wrapped_at from data_key order by created_at, id`,
  )
  return rows.map(toKey)
}

function toKey(row: KeyRow): DataKey {
  return {
    id: row.id,
    wrapped: row.wrapped,
    masterKeyId: row.master_key_id,
    createdAt: row.created_at,
    wrappedAt: row.wrapped_at,
  }
}
