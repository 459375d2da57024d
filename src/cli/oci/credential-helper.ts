import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { Failure, failure } from '../../kernel/index.ts'

export const HelperFailed = failure('CLI_AUTH_HELPER', 401, (helper: string, host: string, why: string) => ({
  says: `docker-credential-${helper} failed for ${host}: ${why}`,
  next: 'Sign in again with docker or podman, or give --username and --password-stdin',
}))

/** A keychain may ask its owner for a password first. */
const PATIENCE_MS = 120_000

type Asked = { helper: string; verb: 'get' | 'store' | 'erase'; host: string; input: string }

/**
 * Runs one of docker's credential helpers and gives what it wrote; undefined where it says that it does not know the
 * host. Throws HelperFailed, which never holds what went in or came out.
 */
export async function runHelper({ helper, verb, host, input }: Asked): Promise<string | undefined> {
  if (!/^[A-Za-z0-9._-]+$/.test(helper)) throw HelperFailed(helper, host, 'its name is not valid')
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const child = spawn(`docker-credential-${helper}`, [verb], { stdio: ['pipe', 'pipe', 'ignore'], signal })
    const exit = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
    child.stdin.on('error', () => undefined).end(input)
    const [code, out] = await Promise.all([exit, text(child.stdout)])
    if (code === 0) return out
    if (out.includes('credentials not found')) return undefined
    throw HelperFailed(helper, host, `it ended with ${code}`)
  } catch (error) {
    if (error instanceof Failure) throw error
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    throw HelperFailed(helper, host, why).from(error)
  }
}

/** By what name docker's helpers and files know a registry. */
export function serverOf(host: string): string {
  return host === 'docker.io' ? 'https://index.docker.io/v1/' : host
}
