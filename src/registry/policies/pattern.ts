import { z } from 'zod'

/**
 * `*` stands for any run of characters, slashes too; all else for itself. What neither repositories nor tags can have
 * is refused, so a regular expression is not taken for a pattern that never matches.
 */
const PATTERN = /^(?:[A-Za-z0-9_*][A-Za-z0-9_.*/-]*)$/
const LONGEST = 200
/** Of a list together: the audit shows it in one piece. */
const LONGEST_LIST = 1000

export const pattern = z
  .string()
  .max(LONGEST)
  .regex(PATTERN, 'no pattern: write the name, with * for any run of characters')

export const patterns = z
  .array(pattern)
  .max(20)
  .refine(all => all.join(' ').length <= LONGEST_LIST, `longer than ${LONGEST_LIST} characters together`)

/** In at most `pattern × name` steps whatever they are: a regular expression can take forever. */
export function matches(pattern: string, name: string): boolean {
  let at = 0
  let in_ = 0
  // Where the last `*` stands, and up to where it has taken the name.
  let star = -1
  let taken = 0
  while (at < name.length) {
    if (pattern[in_] === '*') {
      star = in_++
      taken = at
    } else if (in_ < pattern.length && pattern[in_] === name[at]) {
      in_++
      at++
    } else if (star >= 0) {
      in_ = star + 1
      at = ++taken
    } else return false
  }
  while (pattern[in_] === '*') in_++
  return in_ === pattern.length
}

/** The more of a name a pattern says, the nearer it is: of several the nearest counts where only one can. */
export function nearness(pattern: string): number {
  return pattern.replaceAll('*', '').length
}
