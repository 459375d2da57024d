import type { Language } from '../parse/language.ts'
import { candidates } from './candidates.ts'
import { type Golden, type Passage, readPassages, type SearchIndex } from './passage.ts'
import { rank } from './rank.ts'
import { questionWords } from './words.ts'

/** How many of BM25's best are looked at closer. Measured: 200 find no more than 50. */
const CANDIDATES = 50

export type SearchOptions = { golden: Golden; limit: number; languages?: readonly Language[] }

/**
 * The passages of golden repositories that answer a question, best first. Any text is a question: nothing of it
 * reaches FTS5 as syntax.
 */
export function search(index: SearchIndex, question: string, { golden, limit, languages }: SearchOptions): Passage[] {
  const words = questionWords(question)
  const found = candidates(index, { words, golden, languages, enough: Math.max(CANDIDATES, limit) })
  return readPassages(index, rank(found, words, golden), limit)
}
