import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { StoreBusy, StoreFull } from './failures.ts'
import type { Sql } from './sql.ts'
import type { ReadTx, Row } from './types.ts'
import { checkValues } from './values.ts'

/** Statements a connection keeps prepared. Texts come from templates, so a few hundred is all there are. */
const MAX_STATEMENTS = 1000

/** One connection with its prepared statements, found by their text. */
export class SqliteConnection implements ReadTx {
  readonly path: string
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(path: string, mode: 'read' | 'write') {
    this.path = path
    // 5 s: only migrations and recovery after a crash ever make one wait.
    this.#db = new DatabaseSync(path, { readOnly: mode === 'read', timeout: 5000 })
    try {
      // fullfsync: on macOS a plain fsync leaves data in the drive's cache. A no-op elsewhere.
      this.#db.exec('pragma foreign_keys = on; pragma synchronous = full; pragma fullfsync = on')
      this.#db.exec('pragma checkpoint_fullfsync = on; pragma temp_store = memory; pragma cache_size = -16000')
      // 64 MiB: a long snapshot lets the log grow; give the space back afterwards.
      if (mode === 'write') this.#db.exec('pragma journal_mode = wal; pragma journal_size_limit = 67108864')
    } catch (error) {
      this.#db.close()
      throw sqliteFailure(error, path)
    }
  }

  get inTransaction(): boolean {
    return this.#db.isTransaction
  }

  one<R extends object = Row>(query: Sql): R | undefined {
    checkValues(query.values)
    try {
      return this.#statement(query.text).get(...query.values) as R | undefined
    } catch (error) {
      throw sqliteFailure(error, this.path)
    }
  }

  all<R extends object = Row>(query: Sql): R[] {
    checkValues(query.values)
    try {
      return this.#statement(query.text).all(...query.values) as R[]
    } catch (error) {
      throw sqliteFailure(error, this.path)
    }
  }

  run(query: Sql): number {
    checkValues(query.values)
    try {
      return Number(this.#statement(query.text).run(...query.values).changes)
    } catch (error) {
      throw sqliteFailure(error, this.path)
    }
  }

  /** A statement of ours without values: BEGIN, COMMIT, a savepoint. */
  step(text: string): void {
    try {
      this.#statement(text).run()
    } catch (error) {
      throw sqliteFailure(error, this.path)
    }
  }

  /** Statements that run once, such as a migration's. */
  script(text: string): void {
    try {
      this.#db.exec(text)
    } catch (error) {
      throw sqliteFailure(error, this.path)
    }
  }

  close(): void {
    this.#statements.clear()
    this.#db.close()
  }

  #statement(text: string): StatementSync {
    return this.#statements.get(text) ?? this.#prepare(text)
  }

  #prepare(text: string): StatementSync {
    const oldest = this.#statements.size < MAX_STATEMENTS ? undefined : this.#statements.keys().next().value
    if (oldest !== undefined) this.#statements.delete(oldest)
    const statement = this.#db.prepare(text)
    this.#statements.set(text, statement)
    return statement
  }
}

const BUSY = 5
const IO_ERROR = 10
const FULL = 13
/** The shared memory file beside the log could not grow: a full disk by another name. */
const IO_ERROR_SHM_SIZE = IO_ERROR | (19 << 8)

/** A full disk and a held lock as failures; everything else stays as it is: a defect of ours or a broken file. */
export function sqliteFailure(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined
  if (typeof code !== 'number') return error
  if ((code & 0xff) === FULL || code === IO_ERROR_SHM_SIZE) return StoreFull(path).from(error)
  if ((code & 0xff) === BUSY) return StoreBusy(`another process holds the lock of ${path}`).from(error)
  return error
}
