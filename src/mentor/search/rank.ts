import type { Found, Golden } from './passage.ts'
import { sameWord, splitWords } from './words.ts'

/** What it is worth that a unit's whole name is said. */
const NAME_SAID = 0.4
/** What it is worth that the question names a topic of the repository. */
const TOPIC_SAID = 0.5

/** BM25 counts words; a name that is said whole, and what the team said of its repositories, it can't see. */
export function rank(found: readonly Found[], words: readonly string[], golden: Golden): Found[] {
  const worth = new Map(golden.map(({ name, weight, topics }) => [name, weight * topicWorth(topics, words)]))
  return found
    .map(unit => {
      const said = 1 + NAME_SAID * shareSaid(splitWords(unit.name), words)
      return { ...unit, score: unit.score * said * (worth.get(unit.repository) ?? 1) }
    })
    .sort((a, b) => b.score - a.score)
}

/** How much of a name the words say, from 0 to 1. */
export function shareSaid(name: readonly string[], words: readonly string[]): number {
  if (name.length === 0) return 0
  return name.filter(part => words.some(word => sameWord(part, word))).length / name.length
}

function topicWorth(topics: readonly string[], words: readonly string[]): number {
  const said = topics.some(topic => shareSaid(splitWords(topic), words) === 1)
  return said ? 1 + TOPIC_SAID : 1
}
