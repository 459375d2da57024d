/** How well a learner holds to a norm, counted since the last lapse. */
export type Habit = {
  readonly kept: number
  /** The day on which it was first kept, in days since 1970. */
  readonly since: number
  /** It held long enough: nobody mentions it any more. */
  readonly faded: boolean
  /** Since it faded. */
  readonly lapses: number
}

/** A habit fades when it was kept so often, and so many days after the first time. */
export type Fading = { readonly kept: number; readonly days: number }

export const NO_HABIT: Habit = { kept: 0, since: 0, faded: false, lapses: 0 }

/** One may be a slip. At the second a habit that had faded is mentioned again. */
const LAPSES_BACK = 2

/** What was written at `day`: so many new places that hold to the norm, and so many that don't. */
export function growHabit(habit: Habit, wrote: { kept: number; lapsed: number; day: number }, fading: Fading): Habit {
  if (wrote.lapsed > 0) return lapse(habit, wrote.lapsed)
  if (wrote.kept === 0) return habit
  const kept = habit.kept + wrote.kept
  const since = habit.kept === 0 ? wrote.day : habit.since
  const faded = habit.faded || (kept >= fading.kept && wrote.day - since >= fading.days)
  return { kept, since, faded, lapses: habit.lapses }
}

function lapse(habit: Habit, times: number): Habit {
  const lapses = habit.lapses + times
  return habit.faded && lapses < LAPSES_BACK ? { ...habit, lapses } : NO_HABIT
}
