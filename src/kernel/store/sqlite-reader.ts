import type { Clock, Ms } from '../clock.ts'
import { pendingMigrations } from './migrate.ts'
import { SqliteReads } from './sqlite-reads.ts'
import type { Migration, Store } from './types.ts'
import { WriterLink } from './writer-link.ts'

export type SqliteReaderOptions = {
  path: string
  /** Where the process of `serveWriter` listens. */
  writerSocket: string
  clock: Clock
  /** With these, waits for a writer that has applied them all, and refuses one that is newer. */
  migrations?: readonly Migration[]
  /** How long a write, and the start, wait for the writer. Default 30 s. */
  deadlineMs?: Ms
}

/**
 * A SQLite store whose writer is another process: reads come from the file, writes go to the socket.
 * A write acknowledged to any process is seen by the next read of every other.
 */
export async function openSqliteReader(options: SqliteReaderOptions): Promise<Store> {
  const { path, writerSocket: socket, clock, migrations, deadlineMs } = options
  const accept = (applied: readonly string[]) => !migrations || pendingMigrations(applied, migrations).length === 0
  const link = new WriterLink({ socket, clock, accept, ...(deadlineMs === undefined ? {} : { deadlineMs }) })
  try {
    // The file may not exist before: the writer makes it and migrates, then answers.
    await link.ready()
    const reads = new SqliteReads(path)
    return {
      engine: 'sqlite',
      read: reads.read,
      snapshot: query => reads.snapshot(query),
      write: async (write, input) => (await link.send(write.name, input)) as never,
      close: async () => {
        await link.close()
        await reads.close()
      },
    }
  } catch (error) {
    await link.close()
    throw error
  }
}
