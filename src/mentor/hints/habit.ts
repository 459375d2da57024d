/** How well a learner holds to a norm: what was kept since the last lapse, and on how many days. */
export type Habit = {
  readonly kept: number
  readonly days: number
  /** The last day on which it was kept, in days since 1970. */
  readonly lastDay: number
  /** It held long enough: nobody mentions it any more. */
  readonly faded: boolean
  /** Since it faded. */
  readonly lapses: number
}

export type Fading = { readonly kept: number; readonly days: number }

export const NO_HABIT: Habit = { kept: 0, days: 0, lastDay: -1, faded: false, lapses: 0 }

/** One may be a slip. At the second a habit that had faded is mentioned again. */
const LAPSES_BACK = 2

/** What was written at `day`: so many new places that hold to the norm, and so many that don't. */
export function growHabit(habit: Habit, wrote: { kept: number; lapsed: number; day: number }, fading: Fading): Habit {
  if (wrote.lapsed > 0) return lapse(habit, wrote.lapsed)
  if (wrote.kept === 0) return habit
  const kept = habit.kept + wrote.kept
  const days = wrote.day === habit.lastDay ? habit.days : habit.days + 1
  const faded = habit.faded || (kept >= fading.kept && days >= fading.days)
  return { kept, days, lastDay: wrote.day, faded, lapses: habit.lapses }
}

function lapse(habit: Habit, times: number): Habit {
  const lapses = habit.lapses + times
  return habit.faded && lapses < LAPSES_BACK ? { ...habit, lapses } : NO_HABIT
}
