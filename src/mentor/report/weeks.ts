import type { Trend, Week } from './team-report.ts'

const DAY = 86_400_000
/** So many of the last weeks are held against all before them. */
const RECENT = 4
/** Fewer cases on either side say nothing. */
const FEWEST = 10
const LESS = 2 / 3

/** The Monday of the week, UTC, so that CI in two time zones counts alike. */
export function weekOf(ms: number): string {
  const day = Math.floor(ms / DAY)
  // The first day of 1970 was a Thursday.
  const monday = day - ((day + 3) % 7)
  return dayOf(monday * DAY)
}

export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

export function trendOf(weeks: readonly Week[]): Trend {
  const [before, recent] = [sum(weeks.slice(0, -RECENT)), sum(weeks.slice(-RECENT))]
  const cases = ({ kept, broken }: Week) => kept + broken
  if (cases(before) < FEWEST || cases(recent) < FEWEST) return 'few'
  if (rateOf(recent) <= rateOf(before) * LESS && rateOf(recent) < rateOf(before)) return 'fading'
  return rateOf(recent) * LESS > rateOf(before) ? 'growing' : 'steady'
}

/** Share of the cases that broke the norm, from 0 to 1. */
export function rateOf({ kept, broken }: Pick<Week, 'kept' | 'broken'>): number {
  return kept + broken === 0 ? 0 : broken / (kept + broken)
}

export function sum(weeks: readonly Week[]): Week {
  const add = (a: Week, b: Week) => ({ week: b.week, kept: a.kept + b.kept, broken: a.broken + b.broken })
  return weeks.reduce(add, { week: '', kept: 0, broken: 0 })
}
