import { existsSync } from 'node:fs'
import { mkdir, open, realpath, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemClock } from '../../kernel/index.ts'
import { FileUnwritable } from '../failures.ts'
import { type AuthFile, authFiles, keysOf, readAuthFile } from './auth-files.ts'
import { runHelper, serverOf } from './credential-helper.ts'

type Env = Readonly<Record<string, string | undefined>>
type Login = { readonly host: string; readonly username: string; readonly password: string }

/** Where the credentials of a host went: a file, or a helper that a file names. */
export type Written = { readonly path: string; readonly helper: string | undefined }

/** Into every file that docker or podman would look at, as they write them: an older entry in one would win. */
export async function storeLogin(login: Login, env: Env): Promise<Written[]> {
  const written: Written[] = []
  for (const path of ownFiles(env)) written.push(await storeIn(path, login))
  return written
}

/** Takes a host out of them; gives where it was. */
export async function forgetLogin(host: string, env: Env): Promise<Written[]> {
  const left: Written[] = []
  for (const path of ownFiles(env)) {
    const file = await readAuthFile(path)
    const held = file && keysOf(host).filter(key => Object.hasOwn(file.auths ?? {}, key))
    const helper = file && helperOf(file, host)
    if (!file || !held || (held.length === 0 && file.credHelpers?.[host] === undefined)) continue
    if (helper !== undefined) await runHelper({ helper, verb: 'erase', host, input: serverOf(host) })
    const auths = Object.fromEntries(Object.entries(file.auths ?? {}).filter(([key]) => !held.includes(key)))
    if (held.length > 0) await replace(path, { ...file, auths })
    left.push({ path, helper })
  }
  return left
}

async function storeIn(path: string, { host, username, password }: Login): Promise<Written> {
  const file = (await readAuthFile(path)) ?? {}
  const helper = helperOf(file, host)
  if (helper !== undefined) {
    const input = JSON.stringify({ ServerURL: serverOf(host), Username: username, Secret: password })
    await runHelper({ helper, verb: 'store', host, input })
    // docker looks into its store only for hosts that are named here; a helper of the host's own needs no entry.
    if (file.credHelpers?.[host] !== undefined) return { path, helper }
  }
  const entry = helper === undefined ? { auth: Buffer.from(`${username}:${password}`).toString('base64') } : {}
  await replace(path, { ...file, auths: { ...file.auths, [serverOf(host)]: entry } })
  return { path, helper }
}

function helperOf(file: AuthFile, host: string): string | undefined {
  return file.credHelpers?.[host] ?? (file.credsStore || undefined)
}

/** podman's folder of a session is the system's to make. */
function ownFiles(env: Env): string[] {
  const { XDG_RUNTIME_DIR: session } = env
  return authFiles(env).filter(path => !session || !path.startsWith(`${session}/`) || existsSync(session))
}

/** Whole or not at all, and for nobody else to read. A link stays one: what it leads to is replaced. */
async function replace(path: string, file: AuthFile): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const target = existsSync(path) ? await realpath(path) : path
    const draft = `${target}.${Buffer.from(systemClock('cli').bytes(6)).toString('hex')}`
    const handle = await open(draft, 'wx', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify(file, null, '\t')}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, target).catch(async error => {
      await unlink(draft)
      throw error
    })
  } catch (error) {
    throw FileUnwritable(path, error instanceof Error && 'code' in error ? String(error.code) : String(error)).from(
      error,
    )
  }
}
