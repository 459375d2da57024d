import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { failure } from '../../kernel/index.ts'
import type { Credentials } from '../../oci/index.ts'
import { HelperFailed, runHelper, serverOf } from './credential-helper.ts'

export const AuthFileInvalid = failure('CLI_AUTH_FILE', 400, (path: string) => ({
  says: `The file of registry credentials ${path} is not valid`,
  next: 'Sign in again with the tool that wrote it, or give --username and --password-stdin',
}))

const entry = z.looseObject({ auth: z.string().optional(), identitytoken: z.string().optional() })
// Loose: what it is written back with has whatever else docker or podman keep there.
const shape = z.looseObject({
  auths: z.record(z.string(), entry).optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
  credsStore: z.string().optional(),
})
export type AuthFile = z.output<typeof shape>
const answer = z.object({ Username: z.string(), Secret: z.string() })

type Env = Readonly<Record<string, string | undefined>>

/** What docker or podman know about a host; the first file that knows it wins. */
export async function credentialsFromFiles(host: string, env: Env): Promise<Credentials | undefined> {
  for (const path of authFiles(env)) {
    const found = await lookIn(path, host)
    if (found) return found
  }
  return undefined
}

export function authFiles(env: Env): readonly string[] {
  const home = env.HOME ?? homedir()
  return [
    ...(env.REGISTRY_AUTH_FILE ? [env.REGISTRY_AUTH_FILE] : []),
    ...(env.XDG_RUNTIME_DIR ? [join(env.XDG_RUNTIME_DIR, 'containers', 'auth.json')] : []),
    join(env.DOCKER_CONFIG || join(home, '.docker'), 'config.json'),
  ]
}

/** Undefined where there is none, or nothing in it. */
export async function readAuthFile(path: string): Promise<AuthFile | undefined> {
  const bytes = await readFile(path, 'utf8').catch(error =>
    error.code === 'ENOENT' ? undefined : Promise.reject(error),
  )
  if (bytes === undefined || bytes.trim() === '') return undefined
  try {
    return shape.parse(JSON.parse(bytes))
  } catch (error) {
    throw AuthFileInvalid(path).from(error)
  }
}

async function lookIn(path: string, host: string): Promise<Credentials | undefined> {
  const file = await readAuthFile(path)
  if (file === undefined) return undefined
  const keys = keysOf(host)
  const helper = keys.map(key => file.credHelpers?.[key]).find(name => name !== undefined)
  if (helper !== undefined) return ask(helper, host)
  const held = keys.map(key => file.auths?.[key]).find(one => one !== undefined)
  if (held?.identitytoken) return { identityToken: held.identitytoken }
  if (held?.auth) return decode(path, held.auth)
  // With a store docker writes an empty entry for each host that it has.
  return held && file.credsStore !== undefined ? ask(file.credsStore, host) : undefined
}

function decode(path: string, auth: string): Credentials {
  const plain = Buffer.from(auth, 'base64').toString('utf8')
  const colon = plain.indexOf(':')
  if (colon < 1) throw AuthFileInvalid(path)
  // Docker pads old entries with NULs.
  return { username: plain.slice(0, colon), password: plain.slice(colon + 1).replace(/\0+$/, '') }
}

/** Under which names files know a host. */
export function keysOf(host: string): readonly string[] {
  const hub = host === 'docker.io' ? ['https://index.docker.io/v1/', 'index.docker.io'] : []
  return [
    ...hub,
    host,
    `https://${host}`,
    `https://${host}/`,
    `https://${host}/v1/`,
    `https://${host}/v2/`,
    `http://${host}`,
  ]
}

async function ask(helper: string, host: string): Promise<Credentials | undefined> {
  const out = await runHelper({ helper, verb: 'get', host, input: serverOf(host) })
  if (out === undefined) return undefined
  const given = answer.safeParse(parsed(out))
  if (!given.success) throw HelperFailed(helper, host, 'what it wrote is not understood')
  const { Username, Secret } = given.data
  return Username === '<token>' ? { identityToken: Secret } : { username: Username, password: Secret }
}

function parsed(out: string): unknown {
  try {
    return JSON.parse(out)
  } catch {
    // Not its words: a parser's complaint may quote what it read, and that is a secret.
    return undefined
  }
}
