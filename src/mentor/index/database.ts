import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Failure, isCode } from '../../kernel/index.ts'
import { IndexDamaged, IndexFull, IndexUnwritable } from './failures.ts'
import { indexSchema, schemaKey } from './tables.ts'

const BUSY_MS = 10_000
// SQLite's own numbers: https://sqlite.org/rescode.html
const [READONLY, CORRUPT, FULL, CANTOPEN, NOTADB] = [8, 11, 13, 14, 26]
const IOERR = 10

export function indexPath(dir: string): string {
  return join(dir, `index-${schemaKey}.sqlite`)
}

/** To read; makes an empty index where there is none. */
export function openToRead(dir: string): DatabaseSync {
  if (!existsSync(indexPath(dir))) openToWrite(dir).close()
  return attempt(dir, () => open(dir, { readOnly: true }))
}

/** To write: for whoever holds the lock. */
export function openToWrite(dir: string): DatabaseSync {
  return attempt(dir, () => {
    mkdirSync(dir, { recursive: true })
    const db = open(dir, { readOnly: false })
    // A kill must not damage it, and a power cut may cost the last batch: it is made again.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    makeTables(db)
    return db
  })
}

function open(dir: string, { readOnly }: { readOnly: boolean }): DatabaseSync {
  return new DatabaseSync(indexPath(dir), { readOnly, timeout: BUSY_MS })
}

function makeTables(db: DatabaseSync): void {
  const has = () => db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'repository'").get() !== undefined
  if (has()) return
  inTransaction(db, () => {
    // Another process may have made them while this one waited.
    if (!has()) db.exec(indexSchema)
  })
}

export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    // A full disk has ended it already.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

function attempt<T>(dir: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw inOurWords(error, dir)
  }
}

/** A failure that says what to do, where SQLite or the system say what is wrong with the index. */
export function inOurWords(error: unknown, dir: string): unknown {
  const words = error instanceof Error ? error.message : String(error)
  // Git's own words, where it was git that had no space.
  if (/No space left on device|Disk quota exceeded/.test(words)) return IndexFull(dir).from(error)
  if (error instanceof Failure) return error
  if (isCode(error, 'ENOSPC') || isCode(error, 'EDQUOT')) return IndexFull(dir).from(error)
  if (isCode(error, 'EACCES') || isCode(error, 'EROFS') || isCode(error, 'EPERM') || isCode(error, 'ENOTDIR')) {
    return IndexUnwritable(dir, words).from(error)
  }
  const number = sqliteCode(error) ?? 0
  if (number === FULL || (number === IOERR && /disk|space/i.test(words))) return IndexFull(dir).from(error)
  if (number === CORRUPT || number === NOTADB) return IndexDamaged(indexPath(dir), words).from(error)
  if (number === READONLY || number === CANTOPEN) return IndexUnwritable(dir, words).from(error)
  return error
}

/** SQLite's primary result code; undefined where the error is none of SQLite's. */
export function sqliteCode(error: unknown): number | undefined {
  const has = typeof error === 'object' && error !== null && 'errcode' in error
  return has ? Number(error.errcode) & 0xff : undefined
}
