import {
  answers,
  type Norm,
  type Parsed,
  type Parser,
  type Question,
  type RepositoryFacts,
} from '../../src/mentor/index.ts'
import { changed } from '../../src/mentor/norms/questions/breaking.fixture.ts'
import { breakings } from '../../src/mentor/norms/questions/breakings.fixture.ts'

export type Mutating = {
  parser: Parser
  facts: RepositoryFacts
  random: () => number
}

/**
 * A file with one place that holds to the norm made to answer otherwise; it still parses. `undefined` where it has no such
 * place, or none that can be broken.
 */
export function mutantOf(file: Parsed, norm: Norm, question: Question, by: Mutating): Parsed | undefined {
  const { parser, facts, random } = by
  const breaking = breakings[norm.language][question.id]
  const held = [...answers(file, [question], facts)].filter(
    ({ id, site }) => id === norm.id && site.answer === norm.answer,
  )
  // A few tries: not every place can be rewritten.
  for (let tries = 0; breaking && held.length > 0 && tries < 4; tries++) {
    const [{ site } = {}] = held.splice(Math.floor(random() * held.length), 1)
    const change = site && breaking.breaks({ file, site, facts })
    if (change === undefined) continue
    const { path, text } = changed(file, change)
    const mutant = parser.parse(path, text)
    if (mutant && !mutant.broken) return mutant
    mutant?.[Symbol.dispose]()
  }
  return undefined
}
