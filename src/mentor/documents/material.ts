import type { Language } from '../parse/language.ts'
import type { Unit } from '../parse/parsed.ts'
import type { SearchIndex } from '../search/passage.ts'

export type SourceFile = {
  readonly path: string
  readonly language: Language
  /** Runs by itself: begins with `#!`, or asks whether it is the program. */
  readonly script: boolean
  readonly units: readonly Unit[]
  readonly imports: readonly SourceImport[]
}
type SourceImport = {
  readonly line: number
  readonly specifier: string
  readonly target: string
  readonly names: readonly string[]
}

/** All that the index holds of one repository, by path. */
export type Material = { readonly repository: string; readonly commit: string; readonly files: readonly SourceFile[] }

type FileRow = Pick<SourceFile, 'path' | 'language'> & { artifact: number; commit: string; script: number }
type UnitRow = Omit<Unit, 'exported'> & { exported: number }
type ImportRow = Omit<SourceImport, 'names'> & { names: string }

/** Undefined where nothing of the repository is indexed. */
export function readMaterial({ db }: SearchIndex, repository: string): Material | undefined {
  const files = db
    .prepare(
      `SELECT f.path, f."commit", f.artifact, t.language,
         t.text LIKE '#!%' OR (t.language = 'python' AND instr(t.text, '__name__ ==') > 0) AS script
       FROM golden_file f JOIN search_text t ON t.artifact = f.artifact WHERE f.repository = ? ORDER BY f.path`,
    )
    .all(repository) as FileRow[]
  const [first] = files
  if (first === undefined) return undefined
  const units = db.prepare(
    `SELECT kind, name, container, start_line AS startLine, end_line AS endLine, name_line AS nameLine, exported, doc
     FROM search_unit WHERE artifact = ? AND kind <> 'lines' ORDER BY start_line, id`,
  )
  const imports = db.prepare(
    'SELECT line, specifier, target, names FROM search_import WHERE artifact = ? ORDER BY line, specifier',
  )
  return {
    repository,
    commit: first.commit,
    files: files.map(({ path, language, artifact, script }) => ({
      path,
      language,
      script: script === 1,
      units: (units.all(artifact) as UnitRow[]).map(unit => ({ ...unit, exported: unit.exported === 1 })),
      imports: (imports.all(artifact) as ImportRow[]).map(row => ({
        ...row,
        names: row.names.split(' ').filter(name => name !== ''),
      })),
    })),
  }
}
