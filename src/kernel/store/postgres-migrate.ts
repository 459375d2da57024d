import type { Pool } from 'pg'
import type { Clock } from '../clock.ts'
import { createMigrationTable, MIGRATION_TABLE, pendingMigrations, translate } from './migrate.ts'
import type { Migration } from './types.ts'

/** Any number: the first half of the key of the advisory lock that migrations take. */
const LOCK = 0x70a7

type Options = { schema: string; migrations: readonly Migration[]; clock: Clock }

/** All that is missing in one transaction, one process at a time. */
export async function migratePostgres(pool: Pool, { schema, migrations, clock }: Options): Promise<void> {
  const client = await pool.connect()
  try {
    // Read committed: what the lock's last holder did must be seen, and a serializable snapshot would be older.
    await client.query('begin isolation level read committed')
    await client.query('select pg_advisory_xact_lock($1, hashtext($2))', [LOCK, schema])
    await client.query(`create schema if not exists ${schema}`)
    await client.query(translate(createMigrationTable, 'postgres'))
    const { rows } = await client.query<{ id: string }>(`select id from ${MIGRATION_TABLE} order by id`)
    for (const migration of pendingMigrations(
      rows.map(row => row.id),
      migrations,
    )) {
      for (const statement of migration.statements) await client.query(translate(statement, 'postgres'))
      const insert = `insert into ${MIGRATION_TABLE} (id, applied_at) values ($1, $2)`
      await client.query(insert, [migration.id, clock.now()])
    }
    await client.query('commit')
    client.release()
  } catch (error) {
    // Closed, which rolls back: it may have failed because the connection broke.
    client.release(true)
    throw error
  }
}
