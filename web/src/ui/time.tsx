const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

const STEPS: readonly [unit: Intl.RelativeTimeFormatUnit, ms: number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
]

type Props = { at: number; exact?: boolean }

/**
 * `at` in UTC milliseconds: how long ago within a month, the day before that; all of it in the tip.
 * `exact`: day and second instead, where records are compared.
 */
export function Time({ at, exact = false }: Props) {
  return (
    <time dateTime={new Date(at).toISOString()} title={whole.format(at)} className="whitespace-nowrap">
      {exact ? whole.format(at) : words(at - Date.now(), at)}
    </time>
  )
}

function words(distance: number, at: number): string {
  if (Math.abs(distance) > 30 * 86_400_000) return day.format(at)
  const [unit, ms] = STEPS.find(step => Math.abs(distance) >= step[1]) ?? (['second', 1_000] as const)
  return relative.format(Math.round(distance / ms), unit)
}
