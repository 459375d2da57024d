import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Clock, Ms } from '../../kernel/index.ts'
import { sqliteCode } from './database.ts'
import { IndexBusy } from './failures.ts'

export type Holder = { readonly pid: number; readonly host: string; readonly since: Ms }

const ASK_AGAIN_MS = 250
/** Longer than the first index of a large team takes. */
const PATIENCE_MS = 3_600_000
/** SQLite's number for it. */
const BUSY = 5

/**
 * One process indexes at a time. The lock is that of an empty SQLite file, which the system takes back when its holder
 * dies, however it dies: nobody has to judge whether a process still lives. A file beside it says who holds it.
 */
export async function withIndexLock<T>(
  { dir, clock, signal, onWait }: { dir: string; clock: Clock; signal: AbortSignal; onWait(holder?: Holder): void },
  work: () => Promise<T>,
): Promise<T> {
  mkdirSync(dir, { recursive: true })
  const db = new DatabaseSync(join(dir, 'lock.sqlite'), { timeout: 0 })
  try {
    const until = clock.monotonic() + PATIENCE_MS
    while (!take(db)) {
      const holder = readHolder(dir)
      if (clock.monotonic() > until)
        throw IndexBusy(holder ? `process ${holder.pid} on ${holder.host}` : 'it does not say which')
      onWait(holder)
      await clock.sleep(ASK_AGAIN_MS, signal)
    }
    const holder: Holder = { pid: process.pid, host: hostname(), since: clock.now() }
    writeFileSync(holderPath(dir), JSON.stringify(holder))
    try {
      return await work()
    } finally {
      rmSync(holderPath(dir), { force: true })
    }
  } finally {
    db.close()
  }
}

/** Who indexes now; undefined where nobody does. */
export function findHolder(dir: string): Holder | undefined {
  const holder = readHolder(dir)
  if (holder === undefined) return undefined
  const db = new DatabaseSync(join(dir, 'lock.sqlite'), { timeout: 0 })
  try {
    return take(db) ? undefined : holder
  } finally {
    db.close()
  }
}

function take(db: DatabaseSync): boolean {
  try {
    db.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if (sqliteCode(error) === BUSY) return false
    throw error
  }
}

function holderPath(dir: string): string {
  return join(dir, 'indexing.json')
}

function readHolder(dir: string): Holder | undefined {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(holderPath(dir), 'utf8'))
    return { pid: Number(pid), host: String(host), since: Number(since) }
  } catch {
    // Nobody yet, or one that is writing it.
    return undefined
  }
}
