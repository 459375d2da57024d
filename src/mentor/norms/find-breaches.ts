import type { Parsed } from '../parse/parsed.ts'
import { answers } from './answers.ts'
import { type Norm, normLanguage } from './norm.ts'
import type { Breach, RepositoryFacts } from './question.ts'
import { questionsOf } from './questions.ts'

/** Where a file does otherwise than the norms of its language say, in the order of the text. */
export function findBreaches(file: Parsed, norms: readonly Norm[], facts: RepositoryFacts): Breach[] {
  const language = normLanguage(file.language)
  const byId = new Map(norms.filter(norm => norm.language === language).map(norm => [norm.id, norm]))
  const asked = new Set([...byId.keys()].map(id => id.replace(/[:@].*$/, '')))
  const questions = questionsOf(file.language).filter(({ id }) => asked.has(id))
  return [...answers(file, questions, facts)]
    .flatMap(({ id, question, site }) => {
      const norm = byId.get(id)
      if (norm === undefined || norm.answer === site.answer) return []
      const words = question.words(norm, site, file)
      return words === undefined ? [] : { norm, site, words }
    })
    .sort((a, b) => a.site.startIndex - b.site.startIndex)
}
