import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { failure } from '../../kernel/index.ts'
import type { Credentials } from '../../oci/index.ts'

export const AuthFileInvalid = failure('CLI_AUTH_FILE', 400, (path: string) => ({
  says: `The file of registry credentials ${path} is not valid`,
  next: 'Sign in again with the tool that wrote it, or give --username and --password-stdin',
}))
export const HelperFailed = failure('CLI_AUTH_HELPER', 401, (helper: string, host: string, why: string) => ({
  says: `docker-credential-${helper} gave no credentials for ${host}: ${why}`,
  next: 'Sign in again with docker or podman, or give --username and --password-stdin',
}))

const entry = z.object({ auth: z.string().optional(), identitytoken: z.string().optional() })
const shape = z.object({
  auths: z.record(z.string(), entry).optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
  credsStore: z.string().optional(),
})
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
    join(env.DOCKER_CONFIG ?? join(home, '.docker'), 'config.json'),
  ]
}

async function lookIn(path: string, host: string): Promise<Credentials | undefined> {
  const bytes = await readFile(path, 'utf8').catch(error =>
    error.code === 'ENOENT' ? undefined : Promise.reject(error),
  )
  if (bytes === undefined || bytes.trim() === '') return undefined
  const file = read(path, bytes)
  const keys = keysOf(host)
  const helper = keys.map(key => file.credHelpers?.[key]).find(name => name !== undefined)
  if (helper !== undefined) return ask(helper, host)
  const held = keys.map(key => file.auths?.[key]).find(one => one !== undefined)
  if (held?.identitytoken) return { identityToken: held.identitytoken }
  if (held?.auth) return decode(path, held.auth)
  // With a store docker writes an empty entry for each host that it has.
  return held && file.credsStore !== undefined ? ask(file.credsStore, host) : undefined
}

function read(path: string, bytes: string): z.infer<typeof shape> {
  try {
    return shape.parse(JSON.parse(bytes))
  } catch (error) {
    throw AuthFileInvalid(path).from(error)
  }
}

function decode(path: string, auth: string): Credentials {
  const plain = Buffer.from(auth, 'base64').toString('utf8')
  const colon = plain.indexOf(':')
  if (colon < 1) throw AuthFileInvalid(path)
  // Docker pads old entries with NULs.
  return { username: plain.slice(0, colon), password: plain.slice(colon + 1).replace(/\0+$/, '') }
}

function keysOf(host: string): readonly string[] {
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
  if (!/^[A-Za-z0-9._-]+$/.test(helper)) throw HelperFailed(helper, host, 'its name is not valid')
  const asked = host === 'docker.io' ? 'https://index.docker.io/v1/' : host
  try {
    const child = spawn(`docker-credential-${helper}`, ['get'], { stdio: ['pipe', 'pipe', 'ignore'] })
    const exit = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
    child.stdin.on('error', () => undefined).end(asked)
    const [code, out] = await Promise.all([exit, text(child.stdout)])
    if (code !== 0) {
      if (out.includes('credentials not found')) return undefined
      throw HelperFailed(helper, host, `it ended with ${code}`)
    }
    const { Username, Secret } = answer.parse(JSON.parse(out))
    return Username === '<token>' ? { identityToken: Secret } : { username: Username, password: Secret }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === HelperFailed.code) throw error
    throw HelperFailed(
      helper,
      host,
      error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
    ).from(error)
  }
}
