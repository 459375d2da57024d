import type { Language } from '../parse/language.ts'
import type { Parsed } from '../parse/parsed.ts'
import type { Norm, NormId } from './norm.ts'

/**
 * Something that every file answers by how it is written. A question knows all its answers and prefers none:
 * which is the norm is mined from what golden repositories do.
 */
export type Question = {
  readonly id: NormId
  readonly subject: 'errors' | 'naming' | 'layout' | 'imports' | 'tests' | 'docs' | 'logging' | 'async' | 'apis'
  readonly languages: readonly Language[]
  /** Where it is asked. Tests are always counted apart from sources: they have habits of their own. */
  readonly asked: 'everywhere' | 'in sources' | 'in tests'
  /** Every place to which the question applies, with the answer that it gives. */
  sites(file: Parsed, facts: RepositoryFacts): Iterable<Site>
  /** What is said where `site` answers otherwise than `norm`; asked for no other pair. `undefined` where the norm teaches nothing. */
  words(norm: Norm, site: Site, file: Parsed): Words | undefined
}

export type Site = {
  readonly answer: string
  readonly startLine: number
  readonly endLine: number
  /** UTF-16 offsets of what is underlined: the name or keyword that answers, not all of its body. */
  readonly startIndex: number
  readonly endIndex: number
  /** Sites of another key are counted as another norm: `exported`, or `core~utils` for a layer. No `@`. */
  readonly key?: string
}

export type Words = {
  /** One friendly question. */
  readonly nudge: string
  /** What the habit costs, in a sentence or two. */
  readonly why: string
  /** Text to stand in place of the site's, where it can be said surely. Shown, never applied. */
  readonly sketch?: string
}

/** What a question may know of the repository around the file. */
export type RepositoryFacts = { readonly paths: ReadonlySet<string> }

export type Breach = { readonly norm: Norm; readonly site: Site; readonly words: Words }
