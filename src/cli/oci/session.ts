import { text } from 'node:stream/consumers'
import { createHttpClient, failure, systemClock } from '../../kernel/index.ts'
import { type Credentials, createOciClient, httpSend, isLoopback, type OciClient, parseHost } from '../../oci/index.ts'
import { stayAwake } from '../stay-awake.ts'
import { credentialsFromFiles } from './auth-files.ts'
import { explained } from './explained.ts'
import { createProgress, type Progress } from './progress.ts'

export type Output = {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
  on?(event: 'error', listener: () => void): unknown
  off?(event: 'error', listener: () => void): unknown
}
type Env = Readonly<Record<string, string | undefined>>

/** Where a command runs. */
export type Machine = { readonly env: Env; readonly stdout: Output; readonly stderr: Output }

/** What every command of this group takes. */
export type Common = Machine & {
  readonly username?: string
  readonly passwordStdin?: boolean
  readonly plainHttp?: boolean
  readonly concurrency?: number
  readonly chunkSize?: number
  readonly quiet?: boolean
}

export type Session = {
  readonly client: OciClient
  readonly progress: Progress
  /** One line of data: all else goes to stderr. */
  readonly print: (line: string) => void
  readonly signal: AbortSignal
}

export const PasswordMissing = failure('CLI_PASSWORD_MISSING', 400, () => ({
  says: 'There is a user name, but no password',
  next: 'Set TOWPATH_PASSWORD, or pipe it in: printf %s "$PASSWORD" | towpath oci … --username <name> --password-stdin',
}))
export const UsernameMissing = failure('CLI_USERNAME_MISSING', 400, (host: string) => ({
  says: `There is a password for ${host}, but no user name`,
  next: 'Add --username <name>',
}))

/**
 * Runs an action with a client. `host` is whom credentials of the command line are for: no other registry
 * sees them.
 */
export async function runAction(
  common: Common,
  host: string | undefined,
  action: (session: Session) => Promise<void>,
): Promise<void> {
  const stop = new AbortController()
  const interrupted = () => stop.abort(new Error('stopped'))
  const unread = () => stop.abort(new Error('nobody reads'))
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  // The reader of a pipe that goes away (`| head`) is no error of ours.
  common.stdout.on?.('error', unread)
  const rest = stayAwake()
  const clock = systemClock('cli')
  // The person at the keyboard chose the address: private ones are theirs to reach.
  const http = createHttpClient({ clock, allowPrivate: true, timeouts: { connect: 30_000 } })
  const progress = createProgress(common.stderr, clock, {
    quiet: common.quiet === true,
    color: !common.env.NO_COLOR,
  })
  try {
    const given = await givenCredentials(common, host)
    const client = createOciClient({
      send: httpSend(http),
      clock,
      credentials: asked => (given && asked === host ? given : knownCredentials(asked, common.env)),
      plainHttp: () => common.plainHttp === true,
      onWarning: (from, text) => progress.say(`${from} warns: ${text.replace(/[\p{Cc}\p{Cf}]/gu, ' ')}`),
    })
    const print = (line: string) => void common.stdout.write(`${line}\n`)
    await action({ client, progress, print, signal: stop.signal })
    progress.end()
  } catch (error) {
    progress.end()
    if (stop.signal.aborted) {
      progress.say('Stopped. The same command goes on from here.')
      process.exitCode = 130
      return
    }
    throw explained(error, common.stderr)
  } finally {
    rest()
    http.close()
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
    common.stdout.off?.('error', unread)
  }
}

/** What is for the registry at `host` by the command line or the environment. */
export async function givenCredentials(common: Common, host: string | undefined): Promise<Credentials | undefined> {
  if (host === undefined) return undefined
  const { env } = common
  const password = common.passwordStdin ? (await text(process.stdin)).replace(/\r?\n$/, '') : env.TOWPATH_PASSWORD
  const username = common.username ?? env.TOWPATH_USERNAME
  if (username) {
    if (!password) throw PasswordMissing()
    return { username, password }
  }
  if (!password) return undefined
  // A password without a name is the admin's of the platform on this machine; no other registry is told it.
  if (isLoopback(host.replace(/:\d+$/, ''))) return { username: 'admin', password }
  if (common.passwordStdin) throw UsernameMissing(host)
  return undefined
}

async function knownCredentials(host: string, env: Env): Promise<Credentials | undefined> {
  const { TOWPATH_SOURCE_HOST: from, TOWPATH_SOURCE_USERNAME: username, TOWPATH_SOURCE_PASSWORD: password } = env
  if (from !== undefined && username !== undefined && password !== undefined && parseHost(from) === host) {
    return { username, password }
  }
  return credentialsFromFiles(host, env)
}
