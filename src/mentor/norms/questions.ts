import type { Language } from '../parse/language.ts'
import type { Question } from './question.ts'
import { csharp } from './questions/csharp/csharp.ts'
import { go } from './questions/go/go.ts'
import { java } from './questions/java/java.ts'
import { python } from './questions/python/python.ts'
import { typescript } from './questions/typescript/typescript.ts'

const ALL: readonly Question[] = [...typescript, ...python, ...go, ...csharp, ...java]
const BY_LANGUAGE = new Map<Language, readonly Question[]>()

/** All questions that sources in a language answer. */
export function questionsOf(language: Language): readonly Question[] {
  const known = BY_LANGUAGE.get(language) ?? ALL.filter(({ languages }) => languages.includes(language))
  BY_LANGUAGE.set(language, known)
  return known
}
