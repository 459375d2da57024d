import type { DatabaseSync } from 'node:sqlite'
import { decodeSource } from '../parse/decode.ts'
import { languageOf } from '../parse/language.ts'
import type { Parser } from '../parse/parsed.ts'
import type { AskedPaths } from './asked-paths.ts'
import { sqliteCode } from './database.ts'
import type { FileRow } from './known.ts'
import { analyzerVersion, tableModules } from './tables.ts'

export type Analyzer = {
  /** Writes what is kept of one file; inside a transaction. */
  add(
    file: { path: string; oid: string },
    bytes: Uint8Array | undefined,
    paths: AskedPaths,
    onFault: (path: string, error: unknown) => void,
  ): Promise<FileRow>
  remove(artifact: number): void
}

export function openAnalyzer(db: DatabaseSync, parser: Parser): Analyzer {
  const tables = tableModules.map(module => module.open(db))
  const addArtifact = db.prepare('INSERT INTO artifact (path, oid, version, paths) VALUES (?, ?, ?, ?)')
  const lookedAt = db.prepare('UPDATE artifact SET paths = ? WHERE id = ?')
  const addAsked = db.prepare('INSERT INTO asked_path (artifact, path, present) VALUES (?, ?, ?)')
  const removals = ['DELETE FROM asked_path WHERE artifact = ?', 'DELETE FROM artifact WHERE id = ?'].map(sql => {
    const removal = db.prepare(sql)
    // After a removal in FTS5 the last row id is one that no number of JavaScript holds, and `run` tells it.
    removal.setReadBigInts(true)
    return removal
  })

  async function analyze(path: string, oid: string, text: string, paths: AskedPaths): Promise<FileRow> {
    const language = languageOf(path)
    if (language !== undefined) await parser.ready(language)
    using parsed = parser.parse(path, text)
    if (parsed === undefined) return { oid, artifact: null, skipped: 'not readable' }
    paths.start()
    const artifact = Number(addArtifact.run(path, oid, analyzerVersion, '').lastInsertRowid)
    for (const table of tables) table.add(artifact, parsed, { paths })
    if (paths.lookedAt !== '') lookedAt.run(paths.lookedAt, artifact)
    for (const [asked, present] of paths.asked) addAsked.run(artifact, asked, present ? 1 : 0)
    return { oid, artifact, skipped: '' }
  }

  return {
    async add({ path, oid }, bytes, paths, onFault) {
      if (bytes === undefined) return { oid, artifact: null, skipped: 'not readable' }
      const text = decodeSource(bytes)
      if (text === undefined) return { oid, artifact: null, skipped: 'binary' }
      db.exec('SAVEPOINT file')
      try {
        return await analyze(path, oid, text, paths)
      } catch (error) {
        if (sqliteCode(error) !== undefined) throw error
        // One odd file must not keep the mentor from the others.
        db.exec('ROLLBACK TO file')
        onFault(path, error)
        return { oid, artifact: null, skipped: 'a fault of ours' }
      } finally {
        if (db.isTransaction) db.exec('RELEASE file')
      }
    },
    remove(artifact) {
      for (const table of tables) table.remove(artifact)
      for (const removal of removals) removal.run(artifact)
    },
  }
}
