import type { DatabaseSync } from 'node:sqlite'
import type { GoldenSource } from '../config/types.ts'
import type { Parsed } from '../parse/parsed.ts'
import type { Observation } from './norm.ts'
import { observe, observeVersion } from './observe.ts'
import type { RepositoryFacts } from './question.ts'

// One row a site; places are those of the file, whatever repositories have it.
const schema = `
CREATE TABLE observation (
  artifact INTEGER NOT NULL,
  question TEXT NOT NULL,
  language TEXT NOT NULL,
  answer TEXT NOT NULL,
  start_line INTEGER NOT NULL,
  end_line INTEGER NOT NULL
) STRICT;
CREATE INDEX observation_artifact ON observation (artifact);
`

/** What the index keeps of each parsed file so that norms can be mined of it. */
export const observationTable = { version: observeVersion, schema, open }

function open(db: DatabaseSync) {
  const insert = db.prepare('INSERT INTO observation VALUES (?, ?, ?, ?, ?, ?)')
  const removal = db.prepare('DELETE FROM observation WHERE artifact = ?')
  // `run` tells the last row id, and FTS5 leaves one that no number of JavaScript holds.
  removal.setReadBigInts(true)
  return {
    add(artifact: number, file: Parsed, facts: RepositoryFacts): void {
      for (const { question, language, answer, startLine, endLine } of observe(file, facts)) {
        insert.run(artifact, question, language, answer, startLine, endLine)
      }
    },
    remove(artifact: number): void {
      removal.run(artifact)
    },
  }
}

/** Of these repositories, as they are indexed; the same index gives them in the same order. */
export function* readObservations(
  { db }: { readonly db: DatabaseSync },
  golden: readonly Pick<GoldenSource, 'name'>[],
): Iterable<Observation> {
  const rows = db.prepare(
    `SELECT o.question, o.language, o.answer, f.repository, f."commit", f.path, o.start_line AS startLine, o.end_line AS endLine
     FROM golden_file f JOIN observation o ON o.artifact = f.artifact
     WHERE f.repository IN (${golden.map(() => '?').join(', ')})
     ORDER BY f.repository, f.path, o.start_line, o.question`,
  )
  for (const row of rows.iterate(...golden.map(({ name }) => name))) yield { ...row } as Observation
}
