import { ReadOnlyStore } from './failures.ts'
import { SqliteReads } from './sqlite-reads.ts'
import type { Store } from './types.ts'

/** Reads a SQLite file beside its writer, without talking to it: for a backup. Writes are refused. */
export function openSqliteReadOnly(path: string): Store {
  const reads = new SqliteReads(path)
  return {
    engine: 'sqlite',
    read: reads.read,
    snapshot: query => reads.snapshot(query),
    write: async write => {
      throw ReadOnlyStore(path, write.name)
    },
    close: () => reads.close(),
  }
}
