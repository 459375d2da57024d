import { DatabaseSync } from 'node:sqlite'
import { languageOf } from '../parse/language.ts'
import type { Import, Parsed, Unit } from '../parse/parsed.ts'
import type { SearchIndex } from './passage.ts'
import { searchTables } from './tables.ts'

type File = { path: string; text: string; units?: Partial<Unit>[]; imports?: Import[] }

/** An index in memory as the real one has it for search: which file of which repository is which artifact. Tests only. */
export function memoryIndex(repositories: Record<string, readonly File[]>): SearchIndex & {
  rows: ReturnType<(typeof searchTables)['open']>
} {
  const db = new DatabaseSync(':memory:')
  db.exec('CREATE TABLE golden_file (repository TEXT, "commit" TEXT, path TEXT, artifact INTEGER) STRICT')
  db.exec(searchTables.schema)
  const rows = searchTables.open(db)
  const place = db.prepare('INSERT INTO golden_file VALUES (?, ?, ?, ?)')
  let artifact = 0
  for (const [repository, files] of Object.entries(repositories)) {
    for (const file of files) {
      artifact++
      rows.add(artifact, parsed(file))
      place.run(repository, 'c'.repeat(40), file.path, artifact)
    }
  }
  return { db, rows }
}

/** What search reads of a parsed file; it asks nothing of the tree. */
function parsed({ path, text, units = [], imports = [] }: File): Parsed {
  const language = languageOf(path)
  if (language === undefined) throw new Error(`${path} is in no language that is parsed`)
  const lastLine = text.split('\n').length
  const file: Pick<Parsed, 'path' | 'language' | 'text' | 'units' | 'imports'> = {
    path,
    language,
    text,
    imports,
    units: units.map(unit => ({
      kind: 'function',
      name: '',
      container: '',
      startLine: 1,
      endLine: lastLine,
      nameLine: unit.startLine ?? 1,
      doc: '',
      exported: true,
      ...unit,
    })),
  }
  return file as Parsed
}

export const golden = (...names: string[]) => names.map(name => ({ name, weight: 1, topics: [] as string[] }))
