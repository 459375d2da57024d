import type { Language } from '../parse/language.ts'
import { FOUND_COLUMNS, type Found, type Golden, type SearchIndex } from './passage.ts'
import { anyOf } from './words.ts'

type Wanted = {
  words: readonly string[]
  golden: Golden
  languages?: readonly Language[] | undefined
  /** At most so many. */
  enough: number
}

// Of name, doc, body, path. Measured on two sets (bench/README.md): with a body that weighs less, questions of
// strangers find less; with a name that weighs more, long names win over better ones.
const WEIGHTS = '4.0, 2.0, 1.0, 2.0'

/**
 * The units of these repositories that have any of the words, the best by BM25. The index also holds what other
 * projects call golden, so the ranking is read on until there are enough that are ours.
 */
export function candidates({ db }: SearchIndex, { words, golden, languages, enough }: Wanted): Found[] {
  if (words.length === 0 || golden.length === 0) return []
  const marks = (of: readonly unknown[]) => of.map(() => '?').join(', ')
  const ranking = db.prepare(
    `SELECT rowid AS id, -bm25(search_words, ${WEIGHTS}) AS score FROM search_words
     WHERE search_words MATCH ? ORDER BY bm25(search_words, ${WEIGHTS}), rowid`,
  )
  const unit = db.prepare(
    `SELECT ${FOUND_COLUMNS} FROM search_unit u
     JOIN search_text t ON t.artifact = u.artifact
     JOIN golden_file f ON f.artifact = u.artifact
     WHERE u.id = ? AND f.repository IN (${marks(golden)}) ${languages ? `AND t.language IN (${marks(languages)})` : ''}
     ORDER BY f.repository`,
  )
  const filters = [...golden.map(({ name }) => name), ...(languages ?? [])]
  const found: Found[] = []
  for (const row of ranking.iterate(anyOf(words))) {
    const { id, score } = row as { id: number; score: number }
    for (const place of unit.all(id, ...filters)) found.push({ ...(place as Omit<Found, 'score'>), score })
    if (found.length >= enough) break
  }
  return found
}
