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
  says: 'This needs the admin password',
  next: 'Set TOWPATH_PASSWORD, or pipe it in: … | towpath --password-stdin …',
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
