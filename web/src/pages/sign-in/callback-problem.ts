import { Problem } from '../../api/problem.ts'

const AGAIN = 'Try again. If it fails again, tell whoever looks after this tenant the code below.'

/** By the code that control sends a browser back with. An address can say anything, so the words are ours. */
const WORDS: Readonly<Record<string, readonly [says: string, next: string]>> = {
  SESSION_ENDED: ['Your session has ended', 'Sign in again.'],
  SIGN_IN_PROVIDER_UNKNOWN: ['There is no such way to sign in', 'Choose one of those below, or another tenant.'],
  OIDC_UNREACHABLE: ['The provider can’t be asked who you are', 'Try again in a minute.'],
  OIDC_REFUSED: ['The provider did not sign you in', 'Try again, or ask whoever looks after your account there.'],
  OIDC_ANSWER_WRONG: ['What the provider says of you is not taken', AGAIN],
  OIDC_LOGIN_EXPIRED: [
    'This sign-in was not begun in this browser, or it took too long',
    'Sign in again, in one window and within 10 minutes.',
  ],
  OIDC_NOT_INVITED: [
    'The provider knows you, but this tenant has no user that is waiting for you',
    'Ask an owner of the tenant to make a user under the name that the provider is asked for: your verified mail address, or your user name there.',
  ],
  OIDC_GROUPS_UNREADABLE: ['The groups that the provider sends of you can’t be read', AGAIN],
  OIDC_BUSY: ['Many people are signing in just now', 'Try again in a few seconds.'],
  SIGN_IN_REFUSED: ['The sign-in was refused', 'Try again, or ask whoever looks after this tenant.'],
}

export function callbackProblem(code: string): Problem {
  const known = Object.hasOwn(WORDS, code) ? WORDS[code] : undefined
  const [says, next] = known ?? ['The sign-in did not work', AGAIN]
  const shown = /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'SIGN_IN_FAILED'
  return new Problem({ code: shown, status: 0, says, next })
}
