import { isTestPath } from '../norms/test-path.ts'
import type { Place } from '../place.ts'
import { splitWords } from '../search/words.ts'
import { firstSentence } from './markdown.ts'
import type { Material } from './material.ts'

type Term = { readonly name: string; readonly meaning: string; readonly used: number; readonly place: Place }

const MOST = 40
/** A term that nobody else says is no word of the house. */
const FEWEST_USES = 2
/** Said everywhere, and of nothing in particular. */
const NO_TERM = /^(?:main|new|init|setup|run|test|default)$/i

/**
 * The words of the house: exported names that have a doc comment, ordered by how many files speak of them, by importing
 * them or by a name of their own that holds theirs.
 */
export function glossary(materials: readonly Material[]): Term[] {
  const uses = countUses(materials)
  const terms = new Map<string, Term>()
  for (const { repository, commit, files } of materials) {
    for (const { path, language, units } of files) {
      if (isTestPath(path, language)) continue
      for (const { kind, name, container, doc, exported, startLine, endLine } of units) {
        const meaning = firstSentence(doc)
        const used = uses.get(key(name)) ?? 0
        // Methods and constructors are explained by their class.
        if (
          !exported ||
          NO_TERM.test(name) ||
          container !== '' ||
          kind === 'method' ||
          meaning.length < 12 ||
          used < FEWEST_USES
        )
          continue
        const place = { repository, commit, path, startLine, endLine: Math.min(endLine, startLine + 19) }
        if (!terms.has(key(name))) terms.set(key(name), { name, meaning, used, place })
      }
    }
  }
  return [...terms.values()]
    .sort((a, b) => b.used - a.used || (a.name < b.name ? -1 : 1))
    .slice(0, MOST)
    .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
}

/** How many files say a name: `Router` is said by an import of it and by `createRouter`. */
function countUses(materials: readonly Material[]): Map<string, number> {
  const uses = new Map<string, number>()
  for (const { files } of materials) {
    for (const { units, imports } of files) {
      const said = new Set(imports.flatMap(({ names }) => names.map(key)))
      for (const { name } of units) for (const run of runs(splitWords(name))) said.add(run)
      for (const word of said) uses.set(word, (uses.get(word) ?? 0) + 1)
    }
  }
  return uses
}

/** All runs of up to three words in a name, written as `key` writes names. */
function runs(words: readonly string[]): string[] {
  return words.flatMap((_, at) =>
    [1, 2, 3].flatMap(many => (at + many <= words.length ? words.slice(at, at + many).join(' ') : [])),
  )
}

function key(name: string): string {
  return splitWords(name).join(' ')
}
