import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { clock } from './clock.ts'
import { CredentialsBusy, CredentialsOpen, CredentialsUnreadable } from './failures.ts'

const login = z.object({
  accessToken: z.string(),
  /** By this machine's clock, UTC milliseconds. */
  expiresAt: z.int(),
  refreshToken: z.string(),
  sessionId: z.string(),
})
/** What `towpath login` was given by one server. */
export type Login = z.output<typeof login>
const shape = z.object({ servers: z.record(z.string(), login) })

/** Another command refreshes meanwhile: it takes a request's time at most. */
const LOCK_MS = 30_000
const LOCK_STEP_MS = 50
/** Longer than a command holds it: whoever made it is dead. */
const STALE_MS = 60_000

type Env = Readonly<Record<string, string | undefined>>

export function credentialsPath(env: Env): string {
  const config = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config')
  return join(config, 'towpath', 'credentials.json')
}

/** The server as the file knows it. */
export function serverKey(server: string): string {
  return URL.parse(server)?.origin ?? server
}

export async function readLogin(env: Env, server: string): Promise<Login | undefined> {
  return (await readAll(credentialsPath(env)))[serverKey(server)]
}

/**
 * Changes the login of one server, alone among all commands that do: `change` sees what is there now. Its answer is
 * kept, undefined takes it away. The file is for its owner only, and whole at any moment.
 */
export async function changeLogin(
  env: Env,
  server: string,
  change: (held: Login | undefined) => Promise<Login | undefined>,
): Promise<Login | undefined> {
  const path = credentialsPath(env)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const lock = `${path}.lock`
  await takeLock(lock)
  try {
    const all = await readAll(path)
    const key = serverKey(server)
    const { [key]: held, ...others } = all
    const next = await change(held)
    if (next === held) return held
    await writeAll(path, next === undefined ? others : { ...others, [key]: next })
    return next
  } finally {
    await rm(lock, { force: true })
  }
}

async function readAll(path: string): Promise<Record<string, Login>> {
  const text = await readFile(path, 'utf8').catch(error => {
    if (error.code === 'ENOENT') return undefined
    throw CredentialsUnreadable(path).from(error)
  })
  if (text === undefined) return {}
  if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) throw CredentialsOpen(path)
  try {
    return shape.parse(JSON.parse(text)).servers
  } catch {
    // No cause: a parser quotes what it read, and these are secrets.
    throw CredentialsUnreadable(path)
  }
}

async function writeAll(path: string, servers: Record<string, Login>): Promise<void> {
  const draft = `${path}.${process.pid}`
  const file = await open(draft, 'w', 0o600)
  try {
    await chmod(draft, 0o600)
    await file.writeFile(`${JSON.stringify({ servers }, null, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
}

async function takeLock(path: string): Promise<void> {
  for (let waited = 0; waited < LOCK_MS; waited += LOCK_STEP_MS) {
    try {
      await (await open(path, 'wx', 0o600)).close()
      return
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const held = await stat(path).catch(() => undefined)
    if (held && clock.now() - held.mtimeMs > STALE_MS) await rm(path, { force: true })
    else await wait(LOCK_STEP_MS)
  }
  throw CredentialsBusy(path)
}
