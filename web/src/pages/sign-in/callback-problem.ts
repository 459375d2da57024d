import { Problem } from '../../api/problem.ts'

/** By the code that control sends a browser back with. An address can say anything, so the words are ours. */
const WORDS: Readonly<Record<string, readonly [says: string, next: string]>> = {
  SESSION_EXPIRED: ['Your session has ended', 'Sign in again.'],
  SIGN_IN_REFUSED: ['You may not sign in here', 'Ask an owner of the tenant whether your user is disabled.'],
  SIGN_IN_PROVIDER_UNKNOWN: ['That way to sign in is not there any more', 'Choose another one.'],
  OIDC_LOGIN_EXPIRED: [
    'This sign-in was not begun in this browser, or it took too long',
    'Sign in again, in one window and within 10 minutes.',
  ],
  OIDC_NOT_INVITED: [
    'The provider knows you, but nobody here has invited you',
    'Ask an owner of the tenant to make a user with your mail address, which the provider must have verified, or your user name there.',
  ],
  OIDC_REFUSED: ['The provider did not sign you in', 'Try again, or ask who looks after your account there.'],
  OIDC_UNREACHABLE: [
    'The provider can not be asked who you are',
    'Try again in a minute. If it stays so, tell an owner of the tenant.',
  ],
  OIDC_ANSWER_WRONG: [
    'What the provider says of you can not be trusted',
    'Try again. If it stays so, an owner of the tenant must look at the settings of the provider.',
  ],
  OIDC_GROUPS_UNREADABLE: [
    'The groups that the provider sends can not be read',
    'Ask who looks after it to send only the groups of this application.',
  ],
  OIDC_BUSY: ['Many people are signing in just now', 'Try again in a few seconds.'],
}

export function callbackProblem(code: string): Problem {
  const [says, next] = WORDS[code] ?? [
    'The sign-in did not work',
    'Try again. If it fails again, tell who runs this platform the code below.',
  ]
  const shown = /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'SIGN_IN_FAILED'
  return new Problem({ code: shown, status: 0, says, next })
}
