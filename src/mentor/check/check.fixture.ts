import type { Citation } from '../citations/citation.ts'
import type { GoldenSource } from '../config/types.ts'
import type { Norm } from '../norms/norm.ts'
import type { Checked, Finding } from './finding.ts'

export const COMMIT = 'a'.repeat(40)
export const GOLDEN = { repository: 'team/golden', commit: COMMIT, path: 'src/a b.ts', startLine: 3, endLine: 5 }
export const CITATION: Citation = { ...GOLDEN, hash: 'b'.repeat(64) }

export const GOLDEN_SOURCE: GoldenSource = {
  name: 'team/golden',
  source: 'https://git.example.org/team/golden',
  include: [],
  exclude: [],
  weight: 1,
  topics: [],
}

/** As it might have been mined. Tests only. */
export const NORM: Norm = {
  id: 'errors/catch-empty',
  language: 'typescript',
  answer: 'says something',
  agree: 39,
  cases: 40,
  repositories: 2,
  share: 0.975,
  examples: [GOLDEN],
  dissent: [{ repository: 'team/old', answer: 'empty', count: 1, places: [] }],
}

export function finding(more: Partial<Finding> = {}): Finding {
  return {
    path: 'src/load.ts',
    region: { startLine: 4, startColumn: 5, endLine: 4, endColumn: 10 },
    line: '} catch {}',
    norm: NORM,
    words: { nudge: 'Who will know that this failed?', why: 'It hides every error.' },
    citations: [CITATION],
    ...more,
  }
}

export function checkedOf(findings: readonly Finding[], more: Partial<Checked> = {}): Checked {
  const tallies = [{ norm: NORM.id, language: NORM.language, kept: 3, broken: findings.length }]
  return { findings, tallies, files: 2, skipped: [], ...more }
}
