import type { Norm } from '../norms/norm.ts'
import type { Breach } from '../norms/question.ts'
import type { Parsed } from '../parse/parsed.ts'

const COMMIT = 'a'.repeat(40)

/** A norm as it might have been mined; its examples are lines of `src/a.ts` of `team/golden`. Tests only. */
export function normOf(id: string, more: Partial<Norm> = {}): Norm {
  return {
    id,
    language: 'typescript',
    answer: 'yes',
    agree: 39,
    cases: 40,
    repositories: 2,
    share: 0.975,
    examples: [1, 2, 3, 4].map(line => ({
      repository: 'team/golden',
      commit: COMMIT,
      path: 'src/a.ts',
      startLine: line,
      endLine: line,
    })),
    dissent: [],
    ...more,
  }
}

/** One that breaks the norm at that line, which is ten characters long. */
export function breachOf(norm: Norm, line: number, lines = 1): Breach {
  return {
    norm,
    site: { answer: 'no', startLine: line, endLine: line + lines - 1, startIndex: line * 10, endIndex: line * 10 + 5 },
    words: { nudge: `What about ${norm.id}?`, why: 'Because.' },
  }
}

/** As far as hints look at it. */
export function parsedOf(more: { broken?: boolean } = {}): Parsed {
  return { broken: false, ...more } as Parsed
}
