import type { DatabaseSync } from 'node:sqlite'
import type { Ms } from '../../kernel/index.ts'
import type { Analyzer } from './analyze.ts'
import { inTransaction } from './database.ts'

const BATCH = 200
/** No project asked for it since: it goes, and comes again when one does. */
const FORGOTTEN_MS = 90 * 24 * 3_600_000

/** Takes away what no repository's commit has any more, in batches that a reader doesn't notice. */
export function sweep(db: DatabaseSync, analyzer: Analyzer, now: Ms): number {
  inTransaction(db, () => {
    const forgotten = 'SELECT id FROM repository WHERE asked_at < ?'
    db.prepare(`DELETE FROM file WHERE repository IN (${forgotten})`).run(now - FORGOTTEN_MS)
    db.prepare('DELETE FROM repository WHERE asked_at < ?').run(now - FORGOTTEN_MS)
  })
  const unused = db
    .prepare('SELECT id FROM artifact a WHERE NOT EXISTS (SELECT 1 FROM file f WHERE f.artifact = a.id)')
    .all() as { id: number }[]
  for (let at = 0; at < unused.length; at += BATCH) {
    inTransaction(db, () => {
      for (const { id } of unused.slice(at, at + BATCH)) analyzer.remove(id)
    })
  }
  return unused.length
}
