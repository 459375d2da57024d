import type { Language } from '../parse/language.ts'
import type { Import } from '../parse/parsed.ts'
import { candidates } from './candidates.ts'
import { type Golden, type Passage, readPassages, type SearchIndex } from './passage.ts'
import { rank, shareSaid } from './rank.ts'
import { questionWords, splitWords } from './words.ts'

/** What the learner writes: a unit, and what its file imports. */
type Mine = {
  readonly name: string
  readonly text: string
  readonly imports: readonly Pick<Import, 'specifier'>[]
  readonly language: Language
}

const CANDIDATES = 50
const LONGEST_TEXT = 8000
const BODY_WORDS = 20
/** What it is worth that a file imports all that mine does. */
const IMPORTS_SHARED = 0.5

const SCRIPT: readonly Language[] = ['typescript', 'tsx', 'javascript']

// What any code says in these languages, and no passage is near for.
const SYNTAX = new Set(
  (
    'abstract any async await bool boolean break case catch class const continue def default else elif end enum except ' +
    'export extends false final finally for fmt func function get go if implements import int interface let main new nil ' +
    'none not null number object override package pass private protected public raise range readonly require return self ' +
    'set static str string struct super switch then this throw throws true try type typeof undefined using var void while yield'
  ).split(' '),
)

/** The golden passages most like this unit: what it is called, what it speaks of, what its file imports. */
export function nearest(
  index: SearchIndex,
  mine: Mine,
  { golden, limit }: { golden: Golden; limit: number },
): Passage[] {
  const called = questionWords(mine.name)
  const words = [...new Set([...called, ...tellingWords(mine.text)])]
  const languages = SCRIPT.includes(mine.language) ? SCRIPT : [mine.language]
  const found = candidates(index, { words, golden, languages, enough: CANDIDATES }).filter(
    ({ kind }) => kind !== 'lines',
  )
  const shared = sharedImports(index, mine)
  const near = rank(found, called, golden)
    .map(unit => ({ ...unit, share: shared(unit.artifact) }))
    // A passage that only happens to use the same words teaches nothing: better none.
    .filter(({ name, share }) => share > 0 || shareSaid(splitWords(name), called) > 0)
    .map(({ share, ...unit }) => ({ ...unit, score: unit.score * (1 + IMPORTS_SHARED * share) }))
    .sort((a, b) => b.score - a.score)
  // Whoever works in a golden repository is not shown what is on the screen.
  return readPassages(index, near, limit + 1)
    .filter(({ text }) => text !== mine.text)
    .slice(0, limit)
}

/** The words that the text says most often, without what the language makes it say. */
function tellingWords(text: string): string[] {
  const counts = new Map<string, number>()
  for (const word of splitWords(text.slice(0, LONGEST_TEXT))) {
    if (word.length > 2 && word.length <= 64 && !SYNTAX.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, BODY_WORDS)
    .map(([word]) => word)
}

/** How many of my imports of packages a file has too, from 0 to 1. Relative ones mean something else there. */
function sharedImports({ db }: SearchIndex, { imports }: Mine): (artifact: number) => number {
  const mine = [...new Set(imports.map(({ specifier }) => specifier))].filter(to => !to.startsWith('.')).slice(0, 50)
  if (mine.length === 0) return () => 0
  const count = db.prepare(
    `SELECT count(DISTINCT target) AS many FROM search_import WHERE artifact = ? AND target IN (${mine.map(() => '?').join(', ')})`,
  )
  return artifact => (count.get(artifact, ...mine) as { many: number }).many / mine.length
}
