import type { Language } from '../parse/language.ts'
import type { Place } from '../place.ts'

/** The question's id, with `:key` for its sites of that key and `@tests` for those in tests: `naming/function:exported@tests`. */
export type NormId = string

/** TSX keeps the norms of TypeScript. */
export type NormLanguage = Exclude<Language, 'tsx'>

export type Observation = Place & { readonly question: NormId; readonly language: Language; readonly answer: string }

/** What the golden repositories answer to a question, and who answers otherwise. */
export type Norm = {
  readonly id: NormId
  readonly language: NormLanguage
  readonly answer: string
  readonly agree: number
  readonly cases: number
  /** How many repositories hold to it by themselves. */
  readonly repositories: number
  /** Agreement from 0 to 1, counted so that no repository outvotes the others. */
  readonly share: number
  readonly examples: readonly Place[]
  readonly dissent: readonly {
    readonly repository: string
    readonly answer: string
    readonly count: number
    readonly places: readonly Place[]
  }[]
}

export type Thresholds = {
  readonly agreement: number
  readonly cases: number
  readonly repositories: number
}

export function normLanguage(language: Language): NormLanguage {
  return language === 'tsx' ? 'typescript' : language
}
