import type { Norm } from '../norms/norm.ts'

/** `"binds" in 412 of 420 places, 4 repositories`: what the norm rests on. */
export function heldBy({ answer, agree, cases, repositories }: Norm): string {
  const by = repositories === 1 ? '1 repository' : `${repositories} repositories`
  return `"${answer}" in ${agree} of ${cases} places, held by ${by}`
}

/** Who answers otherwise, as counts alone. */
export function dissentOf({ dissent }: Norm): string {
  return dissent.map(({ repository, answer, count }) => `${repository}: "${answer}" ${count} times`).join('; ')
}
