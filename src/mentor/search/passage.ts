import type { DatabaseSync } from 'node:sqlite'
import type { GoldenSource } from '../config/types.ts'
import type { Language } from '../parse/language.ts'
import type { Unit } from '../parse/parsed.ts'
import type { Place } from '../place.ts'

/** Lines of a golden repository that were found. */
export type Passage = Place & {
  /** `lines`: of the top of a file, outside all that has a name. */
  readonly kind: Unit['kind'] | 'lines'
  readonly name: string
  /** The class or type around it, '' at the top. */
  readonly container: string
  readonly doc: string
  readonly language: Language
  readonly text: string
  /** Higher is better; comparable within one answer only. */
  readonly score: number
}

/**
 * What search asks: the index's file, read only, with the tables of `tables.ts` and the index's own
 * `golden_file (repository, "commit", path, artifact)`: which artifact each file of a repository is now.
 */
export type SearchIndex = { readonly db: DatabaseSync }

/** The project's golden repositories, since the index may hold those of others. */
export type Golden = readonly Pick<GoldenSource, 'name' | 'weight' | 'topics'>[]

/** A unit in a repository, before its text is read. */
export type Found = Omit<Passage, 'text'> & { readonly id: number; readonly artifact: number }

export const FOUND_COLUMNS = `u.id, u.artifact, u.kind, u.name, u.container, u.doc, u.start_line AS startLine,
  u.end_line AS endLine, t.language, f.repository, f.path, f."commit"`

/** The passages with their text, each text once: vendored copies say nothing new. */
export function readPassages({ db }: SearchIndex, found: readonly Found[], limit: number): Passage[] {
  const read = db.prepare('SELECT text FROM search_text WHERE artifact = ?')
  const seen = new Set<string>()
  const passages: Passage[] = []
  for (const { id: _, artifact, ...place } of found) {
    if (passages.length === limit) break
    const { text: file } = read.get(artifact) as { text: string }
    const text = file
      .split('\n')
      .slice(place.startLine - 1, place.endLine)
      .join('\n')
    if (seen.has(text)) continue
    seen.add(text)
    passages.push({ ...place, text })
  }
  return passages
}
