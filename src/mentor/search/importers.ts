import type { Place } from '../place.ts'
import { fileTarget } from './import-target.ts'
import type { Golden, SearchIndex } from './passage.ts'

export type Importer = Place & { readonly names: readonly string[] }

/** The lines that import a package, or a file of their own repository by its path, and which names of it. */
export function importers(
  { db }: SearchIndex,
  target: string,
  { golden, limit }: { golden: Golden; limit: number },
): Importer[] {
  if (golden.length === 0) return []
  const rows = db
    .prepare(
      `SELECT f.repository, f."commit", f.path, i.line AS startLine, i.line AS endLine, i.names
       FROM search_import i JOIN golden_file f ON f.artifact = i.artifact
       WHERE i.target IN (?, ?) AND f.repository IN (${golden.map(() => '?').join(', ')})
       ORDER BY f.repository, f.path, i.line LIMIT ?`,
    )
    .all(target, fileTarget(target), ...golden.map(({ name }) => name), limit) as (Place & { names: string })[]
  return rows.map(row => ({ ...row, names: row.names.split(' ').filter(name => name !== '') }))
}
