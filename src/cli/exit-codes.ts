/** By class, so that scripts can tell them apart; `towpath --help` lists them. */
export const EXIT = { ok: 0, failed: 1, usage: 2, denied: 3, missing: 4, conflict: 5, away: 6 } as const

export const EXIT_HELP = `Exit codes:
  0 done   1 failed   2 wrong usage   3 not signed in or not allowed
  4 not found   5 in conflict with what is there   6 not reachable, try again`

/** From an HTTP status, whether of an answer or of a failure of our own. */
export function exitCodeOf(status: number): number {
  if (status === 401 || status === 403) return EXIT.denied
  if (status === 404) return EXIT.missing
  if (status === 409 || status === 412) return EXIT.conflict
  if (status === 429 || status === 502 || status === 503 || status === 504) return EXIT.away
  return EXIT.failed
}
