import type { DatabaseSync } from 'node:sqlite'
import type { Parsed } from '../parse/parsed.ts'
import { importTarget } from './import-target.ts'
import { unitTexts } from './unit-texts.ts'
import { splitWords } from './words.ts'

/** What is kept of a unit's doc comment to be shown, and of its words to be found. */
const LONGEST_DOC = 4000
const LONGEST_BODY = 200_000
const LONGEST_NAME = 200

// `artifact` is the index's number for one parsed file: the same path and bytes, in whatever repositories. Words are
// kept apart from the text (`content=''`): the table is half as large, and lines are cut from the file as it is.
const schema = `
CREATE TABLE search_text (
  artifact INTEGER PRIMARY KEY,
  language TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE TABLE search_unit (
  id INTEGER PRIMARY KEY,
  artifact INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  container TEXT NOT NULL,
  start_line INTEGER NOT NULL,
  end_line INTEGER NOT NULL,
  name_line INTEGER NOT NULL,
  exported INTEGER NOT NULL,
  doc TEXT NOT NULL
) STRICT;
CREATE INDEX search_unit_artifact ON search_unit (artifact);
CREATE INDEX search_unit_name ON search_unit (name COLLATE NOCASE);
CREATE VIRTUAL TABLE search_words USING fts5 (
  name, doc, body, path, content='', contentless_delete=1, tokenize='porter unicode61'
);
CREATE VIRTUAL TABLE search_names USING fts5 (
  name, content='', contentless_delete=1, tokenize='trigram'
);
CREATE TABLE search_import (
  artifact INTEGER NOT NULL,
  line INTEGER NOT NULL,
  specifier TEXT NOT NULL,
  target TEXT NOT NULL,
  names TEXT NOT NULL
) STRICT;
CREATE INDEX search_import_artifact ON search_import (artifact);
CREATE INDEX search_import_target ON search_import (target);
`

type Rows = { add(artifact: number, file: Parsed): void; remove(artifact: number): void }

/**
 * The tables of the one index file that search asks. `version` grows whenever `add` would write other rows for the
 * same file. `open` prepares the statements once; both verbs run inside a transaction of the index.
 */
export const searchTables = { version: 1, schema, open }

function open(db: DatabaseSync): Rows {
  const addText = db.prepare('INSERT INTO search_text (artifact, language, text) VALUES (?, ?, ?)')
  const addUnit = db.prepare(
    `INSERT INTO search_unit (artifact, kind, name, container, start_line, end_line, name_line, exported, doc)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const addWords = db.prepare('INSERT INTO search_words (rowid, name, doc, body, path) VALUES (?, ?, ?, ?, ?)')
  const addName = db.prepare('INSERT INTO search_names (rowid, name) VALUES (?, ?)')
  const addImport = db.prepare(
    'INSERT INTO search_import (artifact, line, specifier, target, names) VALUES (?, ?, ?, ?, ?)',
  )
  const removals = [
    'DELETE FROM search_words WHERE rowid IN (SELECT id FROM search_unit WHERE artifact = ?)',
    'DELETE FROM search_names WHERE rowid IN (SELECT id FROM search_unit WHERE artifact = ?)',
    'DELETE FROM search_unit WHERE artifact = ?',
    'DELETE FROM search_import WHERE artifact = ?',
    'DELETE FROM search_text WHERE artifact = ?',
  ].map(sql => {
    const removal = db.prepare(sql)
    // FTS5 leaves a row id of its own behind that no number of JavaScript holds.
    removal.setReadBigInts(true)
    return removal
  })

  return {
    add(artifact, file) {
      const path = wordsOf(file.path)
      addText.run(artifact, file.language, file.text)
      for (const { unit, own } of unitTexts(file)) {
        const { kind, container, startLine, endLine, nameLine } = unit
        const name = unit.name.slice(0, LONGEST_NAME)
        const doc = unit.doc.slice(0, LONGEST_DOC)
        const exported = unit.exported ? 1 : 0
        const added = addUnit.run(artifact, kind, name, container, startLine, endLine, nameLine, exported, doc)
        const id = added.lastInsertRowid
        addWords.run(id, wordsOf(`${container} ${name}`), wordsOf(doc), wordsOf(own.slice(0, LONGEST_BODY)), path)
        if (name !== '') addName.run(id, name)
      }
      for (const { specifier, line, names } of file.imports) {
        addImport.run(artifact, line, specifier, importTarget(file, specifier), names.join(' '))
      }
    },
    remove(artifact) {
      for (const removal of removals) removal.run(artifact)
    },
  }
}

function wordsOf(text: string): string {
  return splitWords(text).join(' ')
}
