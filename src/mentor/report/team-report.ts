/** What a week's runs held to a norm and what not, on new lines. */
export type Week = {
  /** The Monday that it begins with, as `2026-11-23`, UTC. */
  week: string
  kept: number
  broken: number
}

/** `fading`: new lines break the norm a third less often than before. `few`: too few cases to tell. */
export type Trend = 'fading' | 'growing' | 'steady' | 'few'

export type Habit = { norm: string; language: string; answer: string; weeks: readonly Week[]; trend: Trend }

/** A norm that is muted with a reason; `places` counts where. */
export type Dispute = {
  norm: string
  language: string
  places: number
  reasons: readonly { reason: string; places: number }[]
}

/** A golden file, and at how many places it was shown. */
export type Cited = { place: string; link: string | undefined; times: number }

/** What the golden repositories do not agree on. */
export type Undecided = { norm: string; language: string; answer: string; share: number; cases: number }

/** Of a team, never of a person: what is counted has no name in it, and neither has this. */
export type TeamReport = {
  runs: number
  /** Days of the first and the last run; undefined where there is none. */
  from: string | undefined
  to: string | undefined
  habits: readonly Habit[]
  disputed: readonly Dispute[]
  cited: readonly Cited[]
  undecided: readonly Undecided[]
  /** Files that gave nothing, and why. */
  left: readonly { file: string; why: string }[]
}
