import { failure } from '../../kernel/index.ts'

export const SignInRefused = failure('SIGN_IN_REFUSED', 401, (why: string) => ({
  says: `The sign-in was refused: ${why}`,
  next: 'Sign in again, or ask who looks after this tenant',
}))

export const SessionUnknown = failure('SESSION_UNKNOWN', 404, (id: string) => ({
  says: `You have no session "${id}"`,
  next: 'List yours: GET /api/v1/sessions',
}))
