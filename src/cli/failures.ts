import { Failure, failure } from '../kernel/index.ts'

export const Unreachable = failure('SERVER_UNREACHABLE', 503, (server: string, why: string) => ({
  says: `Nothing answers at ${server} (${why})`,
  next: 'Start it: towpath up. Or name another: --server https://towpath.example or TOWPATH_SERVER',
}))

export const NotTowpath = failure('SERVER_STRANGE', 502, (server: string, status: number) => ({
  says: `${server} answered ${status} with something that is not Towpath's`,
  next: 'Check --server: the API listens on port 7070 by default',
}))

export const PasswordMissing = failure('PASSWORD_MISSING', 401, () => ({
  says: 'This needs somebody who signs in',
  next: 'Sign in: towpath login. Programs and the admin: set TOWPATH_PASSWORD (with --username), or pipe it in with --password-stdin',
}))

export const ClientSecretMissing = failure('CLIENT_SECRET_MISSING', 400, (why: string) => ({
  says: `There is no client secret: ${why}`,
  next: 'Pipe it in: … < secret.txt, with the password in TOWPATH_PASSWORD',
}))

export const AnswerUnknown = failure('ANSWER_UNKNOWN', 502, (what: string) => ({
  says: `The server's answer is not understood: ${what}`,
  next: 'Use the version of this command that came with the server',
}))

export const AnchorsUnreadable = failure('AUDIT_ANCHORS', 400, (path: string, why: string) => ({
  says: `${path} gives no anchors: ${why}`,
  next: 'Name a file that was written by: towpath audit export',
}))

/** What the API said, as if it had happened here. */
export function answered(problem: { code: string; status: number; title: string; detail: string }): Failure {
  return new Failure(problem.code, problem.status, { says: problem.title, next: problem.detail })
}

export const ImportCanceled = failure('IMPORT_CANCELED', 409, (id: string) => ({
  says: `Import ${id} was canceled`,
  next: 'Start it again; what came before is not fetched again',
}))

export const OptionMalformed = failure('OPTION_MALFORMED', 400, (option: string, text: string) => ({
  says: `${option} ${text} is not of the form name=value`,
  next: `Write it with one "=" between, as in ${option} name=value`,
}))

export const FileUnreadable = failure('FILE_UNREADABLE', 400, (path: string, why: string) => ({
  says: `${path} can not be read (${why})`,
  next: 'Name a file that you may read',
}))

export const FileUnwritable = failure('FILE_UNWRITABLE', 400, (path: string, why: string) => ({
  says: `${path} can not be written (${why})`,
  next: 'Name a place where you may write',
}))

export const NotInTenant = failure(
  'NOT_IN_TENANT',
  404,
  (what: string, text: string, tenant: string, several: number) => ({
    says:
      several > 0
        ? `${several} of tenant "${tenant}" are called "${text}"`
        : `Tenant "${tenant}" has no ${what} "${text}" that you may see`,
    next: several > 0 ? 'Say which by its id' : 'List them, and say with --tenant where to look',
  }),
)

export const OAuthRefused = failure('OAUTH_REFUSED', 401, (error: string, description: string) => ({
  says: description === '' ? `The server refused the sign-in (${error})` : description,
  next: 'Sign in again: towpath login',
  detail: { error },
}))

export const LoginExpired = failure('LOGIN_EXPIRED', 401, (server: string) => ({
  says: `The login at ${server} has expired, or was ended elsewhere`,
  next: `Sign in again: towpath login --server ${server}`,
}))

export const LoginUnanswered = failure('LOGIN_UNANSWERED', 401, () => ({
  says: 'Nobody answered in the browser before the code was over',
  next: 'Start again: towpath login',
}))

export const CredentialsOpen = failure('CREDENTIALS_OPEN', 401, (path: string) => ({
  says: `${path} can be read by others`,
  next: `Close it (chmod 600 ${path}); where others may have read it, sign out and in again: towpath logout, towpath login`,
}))

export const CredentialsUnreadable = failure('CREDENTIALS_UNREADABLE', 401, (path: string) => ({
  says: `${path} can not be read as what towpath login writes`,
  next: 'Remove it and sign in again: towpath login',
}))

export const CredentialsBusy = failure('CREDENTIALS_BUSY', 503, (path: string) => ({
  says: `Another command holds ${path}`,
  next: 'Try again; remove that file where no other command runs',
}))
