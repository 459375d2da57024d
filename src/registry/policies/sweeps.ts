import type { Ms } from '../../kernel/index.ts'
import { parseFilter } from './filter.ts'
import { matches } from './pattern.ts'
import type { PolicyRule } from './policy.ts'
import type { Sweep } from './sweep.ts'
import type { TagRule } from './tag-rule.ts'

const DAY_MS: Ms = 24 * 3_600_000
/** A push by digest of an index comes after those of what it lists: what is that young may be half of it. */
const YOUNGEST_MS: Ms = 3_600_000

export type SweepingRule = Extract<PolicyRule, { kind: 'retention' | 'tags' }>
export type SweepFacts = {
  readonly now: Ms
  /** Since when all pulls are known; undefined where they are not. */
  readonly pullsKnownSince: Ms | undefined
}

export function isSweeping<R extends PolicyRule>(rule: R): rule is R & SweepingRule {
  return rule.kind === 'retention' || rule.kind === 'tags'
}

/** What a policy takes from each repository that it holds for. */
export function sweepOf({ kind, settings }: SweepingRule, { now, pullsKnownSince }: SweepFacts): Sweep {
  if (kind === 'retention') {
    return { unkept: { by: 'untagged', before: now - Math.max(settings.days * DAY_MS, YOUNGEST_MS) } }
  }
  const { tags, keepLast, keepPushedDays, keepPulledDays, keepMatching, deleteManifests } = settings
  const since = (days: number | null) => (days === null ? undefined : now - days * DAY_MS)
  const pulledSince = since(keepPulledDays)
  const known = pullsKnownSince !== undefined && pulledSince !== undefined && pullsKnownSince <= pulledSince
  return {
    tags: {
      looksAt: name => tags.some(pattern => matches(pattern, name)),
      keeps: name => keepMatching.some(pattern => matches(pattern, name)),
      ...{ newest: keepLast ?? 0, newestOf: 'all', pushedSince: since(keepPushedDays) },
      pulledSince: pulledSince === undefined || known ? pulledSince : 'unknown',
    },
    ...(deleteManifests ? { follow: { by: 'pushed', before: now } } : {}),
  }
}

/** `ago`: ms. What `acr purge` does by the same words; without `tags`, what it does by --untagged-only. */
export type Purge = {
  readonly filters: readonly string[]
  readonly ago: Ms
  readonly keep: number
  readonly tags: boolean
  readonly untagged: boolean
}

/** Undefined for repositories that no filter names. */
export function purgeSweep(
  { filters, ago, keep, tags, untagged }: Purge,
  now: Ms,
): (repository: string) => Sweep | undefined {
  const parsed = filters.map(parseFilter)
  // Pushed at that very moment is not before it.
  const before = now - ago - 1
  return repository => {
    const holding = parsed.filter(filter => filter.repository(repository))
    if (holding.length === 0) return undefined
    const cutoff = { by: 'pushed', before } as const
    const rule: TagRule = {
      looksAt: name => holding.some(filter => filter.tag(name)),
      keeps: () => false,
      ...{ newest: keep, newestOf: 'rest', pushedSince: before + 1, pulledSince: undefined },
    }
    return { ...(tags ? { tags: rule } : {}), ...(untagged ? { follow: cutoff, unkept: cutoff } : {}) }
  }
}
