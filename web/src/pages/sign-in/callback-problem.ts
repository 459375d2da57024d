import { Problem } from '../../api/problem.ts'

/** By the code that control sends a browser back with. An address can say anything, so the words are ours. */
const WORDS: Readonly<Record<string, readonly [says: string, next: string]>> = {
  SESSION_EXPIRED: ['Your session has ended', 'Sign in again.'],
}

export function callbackProblem(code: string): Problem {
  const [says, next] = WORDS[code] ?? [
    'The sign-in did not work',
    'Try again. If it fails again, tell who runs this platform the code below.',
  ]
  const shown = /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'SIGN_IN_FAILED'
  return new Problem({ code: shown, status: 0, says, next })
}
