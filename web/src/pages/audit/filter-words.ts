import type { FilterName } from '../../api/audit.ts'
import { RESULTS } from './result-badge.tsx'

export const LABELS: Readonly<Record<FilterName, string>> = {
  actor: 'Who',
  action: 'Action',
  resource: 'Resource',
  result: 'Result',
  from: 'From',
  to: 'Until',
}

const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** As it is said; what stands in the address may be anything. */
export function wordsFor(name: FilterName, value: string): string {
  if (name === 'result') return RESULTS[value]?.label ?? value
  const time = name === 'from' || name === 'to' ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? value : whole.format(time)
}
