import { readdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { Failure } from '../../kernel/index.ts'
import { indexPath, inOurWords } from './database.ts'
import { IndexFull } from './failures.ts'
import { findHolder } from './lock.ts'
import type { RepositoryRow } from './repository-rows.ts'
import type { RepositoryStatus, Skipped, Status, Trouble } from './types.ts'

/** Less than one batch and its log need. */
const LEAST_FREE = 8 * 1024 * 1024

type Asking = { dir: string; db(): DatabaseSync; repositories(): readonly RepositoryRow[] }

/** What is indexed, and what is wrong. Never throws: it is what is asked when something is. */
export function readStatus({ dir, db, repositories }: Asking): Status {
  const path = indexPath(dir)
  const facts = { path, bytes: bytesIn(dir), indexing: undefined, repositories: [] }
  try {
    return {
      ...facts,
      indexing: findHolder(dir),
      repositories: repositories().map(row => repositoryStatus(db(), row)),
      trouble: isFull(dir) ? troubleOf(IndexFull(dir)) : undefined,
    }
  } catch (error) {
    return { ...facts, trouble: troubleOf(inOurWords(error, dir)) }
  }
}

function repositoryStatus(db: DatabaseSync, row: RepositoryRow): RepositoryStatus {
  const counts = db
    .prepare('SELECT skipped, count(*) AS count FROM file WHERE repository = ? GROUP BY skipped')
    .all(row.id) as { skipped: Skipped | ''; count: number }[]
  return {
    repository: row.name,
    source: row.source,
    ref: row.ref,
    commit: row.commit || undefined,
    indexedAt: row.indexedAt || undefined,
    files: counts.find(({ skipped }) => skipped === '')?.count ?? 0,
    skipped: Object.fromEntries(counts.filter(one => one.skipped !== '').map(({ skipped, count }) => [skipped, count])),
    trouble: row.trouble,
  }
}

function bytesIn(dir: string): number {
  try {
    const names = readdirSync(dir).filter(name => name.startsWith('index-'))
    return names.reduce((sum, name) => sum + statSync(join(dir, name)).size, 0)
  } catch {
    // No folder yet, or a file that another process has just taken away.
    return 0
  }
}

function isFull(dir: string): boolean {
  const { bavail, bsize } = statfsSync(dir)
  return bavail * bsize < LEAST_FREE
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof Failure) return { code: error.code, says: error.message, next: error.next }
  const says = error instanceof Error ? error.message : String(error)
  return { code: 'MENTOR_INDEX_UNREADABLE', says, next: 'Run "towpath mentor repair"' }
}
