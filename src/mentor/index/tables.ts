import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { observationTable } from '../norms/observation-table.ts'
import type { RepositoryFacts } from '../norms/question.ts'
import type { Parsed } from '../parse/parsed.ts'
import { searchTables } from '../search/tables.ts'

/** What is kept of each parsed file, under the index's number for it. Both verbs run inside a transaction. */
export type TableModule = {
  /** Grows whenever `add` would write other rows for the same file. */
  readonly version: number
  readonly schema: string
  open(db: DatabaseSync): {
    add(artifact: number, file: Parsed, facts: RepositoryFacts): void
    remove(artifact: number): void
  }
}

/** Whoever keeps something of parsed files adds it here, and nothing else. */
export const tableModules: readonly TableModule[] = [searchTables, observationTable]

// An artifact is one parsed file: the same path and bytes, in whatever repositories. `paths` is '' unless a question
// looked at all paths of the repository: then a digest of them. A file without an artifact says why in `skipped`.
const own = `
CREATE TABLE repository (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  source TEXT NOT NULL,
  ref TEXT NOT NULL,
  include TEXT NOT NULL,
  exclude TEXT NOT NULL,
  "commit" TEXT NOT NULL DEFAULT '',
  version TEXT NOT NULL DEFAULT '',
  indexed_at INTEGER NOT NULL DEFAULT 0,
  asked_at INTEGER NOT NULL,
  trouble TEXT NOT NULL DEFAULT '',
  UNIQUE (name, source, ref, include, exclude)
) STRICT;
CREATE TABLE file (
  repository INTEGER NOT NULL,
  path TEXT NOT NULL,
  oid TEXT NOT NULL,
  artifact INTEGER,
  skipped TEXT NOT NULL,
  PRIMARY KEY (repository, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_artifact ON file (artifact);
CREATE TABLE artifact (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL,
  oid TEXT NOT NULL,
  version TEXT NOT NULL,
  paths TEXT NOT NULL
) STRICT;
CREATE INDEX artifact_content ON artifact (oid, path);
CREATE TABLE asked_path (
  artifact INTEGER NOT NULL,
  path TEXT NOT NULL,
  present INTEGER NOT NULL,
  PRIMARY KEY (artifact, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX asked_path_path ON asked_path (path);
`

export const indexSchema = [own, ...tableModules.map(({ schema }) => schema)].join('')

/** What was analysed by other code is analysed again. */
export const analyzerVersion = tableModules.map(({ version }) => version).join('.')

/** Part of the file's name: two versions of Towpath with other tables each have their own, and none migrates a cache. */
export const schemaKey = createHash('sha256').update(indexSchema).digest('hex').slice(0, 8)
