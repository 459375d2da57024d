import type { Ms } from '../../kernel/index.ts'

/** Which tags of a repository go: those that it looks at and that nothing keeps. Times are moments, not durations. */
export type TagRule = {
  looksAt(name: string): boolean
  keeps(name: string): boolean
  /** The newest so many; 0: no such rule. */
  readonly newest: number
  /** Of all that it looks at, or of those alone that nothing else keeps. */
  readonly newestOf: 'all' | 'rest'
  /** Kept where it was pushed since; undefined: no such rule. */
  readonly pushedSince: Ms | undefined
  /** Kept where it was pulled since. `unknown`: nobody can say, so all are. */
  readonly pulledSince: Ms | 'unknown' | undefined
}

export type Tag = { readonly name: string; readonly pushedAt: Ms; readonly pulledAt: Ms }
export type Keeps = 'matching' | 'newest' | 'pushed' | 'pulled' | 'pulls-unknown'

/** Asked of the tags of a repository from the newest on, each once. */
export function createTagJudge(rule: TagRule) {
  let looked = 0
  let rest = 0
  return {
    /** What keeps the tag, but for the last so many of the rest. */
    keeps(tag: Tag): Keeps | undefined {
      looked += 1
      const { newest, newestOf, pushedSince, pulledSince } = rule
      if (rule.keeps(tag.name)) return 'matching'
      if (newestOf === 'all' && looked <= newest) return 'newest'
      if (pushedSince !== undefined && tag.pushedAt >= pushedSince) return 'pushed'
      if (pulledSince === 'unknown') return 'pulls-unknown'
      // Who pushed it has it: one that was never pulled is as new as its push.
      if (pulledSince !== undefined && Math.max(tag.pulledAt, tag.pushedAt) >= pulledSince) return 'pulled'
      return undefined
    },
    /** Of one that nothing else keeps, locks included. */
    keepsOfRest(): 'newest' | undefined {
      rest += 1
      return rule.newestOf === 'rest' && rest <= rule.newest ? 'newest' : undefined
    },
  }
}
