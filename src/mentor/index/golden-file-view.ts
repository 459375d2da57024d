import type { DatabaseSync } from 'node:sqlite'
import type { RepositoryRow } from './repository-rows.ts'

/**
 * `golden_file`, which all readers ask: the files of these repositories. Of this connection alone, as another project may
 * call another ref of the same repository golden.
 */
export function showFiles(db: DatabaseSync, repositories: readonly Pick<RepositoryRow, 'id'>[]): void {
  // A view takes no parameters; ids are numbers of our own.
  const ids = repositories.map(({ id }) => Math.trunc(id)).join(', ')
  db.exec(`
    DROP VIEW IF EXISTS temp.golden_file;
    CREATE TEMP VIEW golden_file AS
      SELECT r.name AS repository, r."commit", f.path, f.artifact
      FROM main.file f JOIN main.repository r ON r.id = f.repository
      WHERE f.artifact IS NOT NULL AND r.id IN (${ids});
  `)
}
