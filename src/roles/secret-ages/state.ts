import type { Ms } from '../../kernel/index.ts'

const DAY_MS = 86_400_000
/** What rules of the trade ask for: a secret that leaked unseen is of use for so long at most. */
const DUE_AFTER_MS = 90 * DAY_MS
const OVERDUE_AFTER_MS = 30 * DAY_MS
/** Time to replace one before it ends; for short lives a quarter of them. */
const LEAD_MS = 14 * DAY_MS

export type SecretState = 'fine' | 'due' | 'overdue' | 'expired'

type Ages = { readonly createdAt: Ms; readonly expiresAt: Ms | null }

/** When it should be replaced. */
export function dueAt({ createdAt, expiresAt }: Ages): Ms {
  const byAge = createdAt + DUE_AFTER_MS
  if (expiresAt === null) return byAge
  const lead = Math.min(LEAD_MS, Math.max(0, expiresAt - createdAt) / 4)
  return Math.min(byAge, Math.floor(expiresAt - lead))
}

export function stateOf(ages: Ages, now: Ms): SecretState {
  if (ages.expiresAt !== null && ages.expiresAt <= now) return 'expired'
  const late = now - dueAt(ages)
  if (late < 0) return 'fine'
  return late < OVERDUE_AFTER_MS ? 'due' : 'overdue'
}
