import type { Clock } from '../clock.ts'
import { StoreClosed } from './failures.ts'
import { GroupCommit } from './group-commit.ts'
import { createMigrationTable, MIGRATION_TABLE, pendingMigrations, translate } from './migrate.ts'
import { sql } from './sql.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import { SqliteReads } from './sqlite-reads.ts'
import type { AnyWrite, Migration, ReadTx, Store } from './types.ts'
import { WriteList } from './write-list.ts'

export type SqliteOptions = {
  /** A file, or `:memory:`. Its folder exists. */
  path: string
  migrations: readonly Migration[]
  writes: readonly AnyWrite[]
  clock: Clock
}

/**
 * A SQLite store whose writer lives in this process. Only one process may write a file: others use
 * `openSqliteReader`. Throws SchemaNewer where a newer version has migrated the file.
 */
export async function openSqlite(options: SqliteOptions): Promise<Store> {
  const writer = new SqliteConnection(options.path, 'write')
  try {
    migrateSqlite(writer, options.migrations, options.clock)
    return options.path === ':memory:' ? memoryStore(writer, options) : fileStore(writer, options)
  } catch (error) {
    writer.close()
    throw error
  }
}

function fileStore(writer: SqliteConnection, { path, writes, clock }: SqliteOptions): Store {
  const known = new WriteList(writes)
  // One turn of the loop: every request that arrived with this one shares its fsync.
  const commits = new GroupCommit(writer, clock, start => setImmediate(start))
  const reads = new SqliteReads(path)
  return {
    engine: 'sqlite',
    read: reads.read,
    snapshot: query => reads.snapshot(query),
    write: async (write, input) => (await commits.submit(known.find(write.name), input)) as never,
    close: async () => {
      await commits.close()
      await reads.close()
      writer.close()
    },
  }
}

/** In memory there is one connection: reads wait for an open batch, and batches for open snapshots. */
function memoryStore(only: SqliteConnection, { writes, clock }: SqliteOptions): Store {
  const known = new WriteList(writes)
  // No disk, nothing to gather for; and a simulation needs no turn of the real loop.
  const commits = new GroupCommit(only, clock, queueMicrotask)
  let closed = false
  const settled = async () => {
    while (commits.running !== undefined) await commits.running
    if (closed) throw StoreClosed()
  }
  const read: ReadTx = {
    one: query => (commits.running ? settled().then(() => only.one(query)) : only.one(query)),
    all: query => (commits.running ? settled().then(() => only.all(query)) : only.all(query)),
  }
  return {
    engine: 'sqlite',
    read,
    snapshot: query => commits.hold(() => query(only)),
    write: async (write, input) => (await commits.submit(known.find(write.name), input)) as never,
    close: async () => {
      await commits.close()
      closed = true
      only.close()
    },
  }
}

/** All that is missing in one transaction: a second process that migrates at the same time waits, then finds it done. */
export function migrateSqlite(connection: SqliteConnection, migrations: readonly Migration[], clock: Clock): void {
  connection.step('begin immediate')
  try {
    connection.script(translate(createMigrationTable, 'sqlite'))
    for (const migration of pendingMigrations(appliedSqlite(connection), migrations)) {
      for (const statement of migration.statements) connection.script(translate(statement, 'sqlite'))
      connection.run(sql`insert into schema_migration (id, applied_at) values (${migration.id}, ${clock.now()})`)
    }
    connection.step('commit')
  } catch (error) {
    if (connection.inTransaction) connection.step('rollback')
    throw error
  }
}

function appliedSqlite(connection: SqliteConnection): string[] {
  const text = `select id from ${MIGRATION_TABLE} order by id`
  return connection.all<{ id: string }>({ text, values: [] }).map(row => row.id)
}
