import type { Parsed } from '../parse/parsed.ts'
import { answers } from './answers.ts'
import type { Observation } from './norm.ts'
import type { RepositoryFacts } from './question.ts'
import { questionsOf } from './questions.ts'

/** Grows whenever files would answer otherwise than before: what an index keeps of them is asked anew. */
export const observeVersion = 2

/** What a file answers to all questions of its language. Pure: its repository and commit are the caller's to add. */
export function observe(file: Parsed, facts: RepositoryFacts): Omit<Observation, 'repository' | 'commit'>[] {
  const { language, path } = file
  return [...answers(file, questionsOf(language), facts)].map(({ id, site: { answer, startLine, endLine } }) => ({
    question: id,
    language,
    path,
    answer,
    startLine,
    endLine,
  }))
}
