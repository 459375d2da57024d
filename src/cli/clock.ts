import { systemClock } from '../kernel/index.ts'

/** When a login ends, and how long a code is still good. */
export const clock = systemClock('cli')
