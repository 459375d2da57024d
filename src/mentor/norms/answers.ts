import type { Parsed } from '../parse/parsed.ts'
import { isHandWritten } from './hand-written.ts'
import type { NormId } from './norm.ts'
import type { Question, RepositoryFacts, Site } from './question.ts'
import { isTestPath } from './test-path.ts'

/** What a file answers to questions, each answer under the norm to which it counts. Nothing where a program wrote the file or its syntax is broken. */
export function* answers(
  file: Parsed,
  questions: readonly Question[],
  facts: RepositoryFacts,
): Generator<{ id: NormId; question: Question; site: Site }> {
  if (file.broken || !isHandWritten(file)) return
  const inTests = isTestPath(file.path, file.language)
  for (const question of questions) {
    if (question.asked === (inTests ? 'in sources' : 'in tests')) continue
    for (const site of question.sites(file, facts)) {
      const key = site.key === undefined ? '' : `:${site.key}`
      yield { id: `${question.id}${key}${inTests ? '@tests' : ''}`, question, site }
    }
  }
}
