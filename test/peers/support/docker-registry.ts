import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, run, start, until } from './process.ts'
import { debianPeer } from './tools.ts'

export type DockerRegistry = {
  url: string
  pid: number
  /** Where it keeps what it has, as files. */
  data: string
  /** Its offline collector. Nobody may push meanwhile: what is pushed then it may delete. */
  collectGarbage(): Promise<void>
  /** Stops it, and starts it again as it is or so that it refuses all that changes something. */
  restart(options: { readOnly: boolean }): Promise<void>
  /** A Bearer token, good for an hour and for any action in these repositories. */
  token(repositories: readonly string[]): string
  stop(): Promise<void>
}

/** Who may sign in where it asks for a name and a password. */
export const BASIC_LOGIN = { username: 'peer', password: 'password-of-the-peer' }
// The password by bcrypt, the only hash that docker-registry takes.
const HTPASSWD = `${BASIC_LOGIN.username}:$2b$05$abcdefghijklmnopqrstuugLNoipGt3r8HqPlC29IsBcARds8dAO2\n`

/** Debian's docker-registry 2.8 over files, with token authentication as a production set-up has it, or by passwords. */
export async function startDockerRegistry(auth: 'token' | 'basic' = 'token'): Promise<DockerRegistry> {
  const dir = mkdtempSync(join(tmpdir(), 'towpath-dr-'))
  const keyFile = join(dir, 'key.pem')
  const certFile = join(dir, 'cert.pem')
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=towpath-bench']
  await run('openssl', [...request, '-keyout', keyFile, '-out', certFile])
  const key = createPrivateKey(readFileSync(keyFile))
  const kid = libtrustId(createPublicKey(key).export({ type: 'spki', format: 'der' }))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const config = (readOnly: boolean) => ({
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: true } },
    storage: {
      cache: { blobdescriptor: 'inmemory' },
      filesystem: { rootdirectory: join(dir, 'data') },
      delete: { enabled: true },
      ...(readOnly ? { maintenance: { readonly: { enabled: true } } } : {}),
    },
    http: { addr: `127.0.0.1:${port}`, secret: 'bench' },
    auth:
      auth === 'basic'
        ? { htpasswd: { realm: 'peer', path: join(dir, 'htpasswd') } }
        : { token: { realm: `${url}/token`, service: 'peer', issuer: 'bench', rootcertbundle: certFile } },
  })
  writeFileSync(join(dir, 'htpasswd'), HTPASSWD)
  const configFile = join(dir, 'config.yml')
  const program = debianPeer('docker-registry')
  const serve = async (readOnly: boolean) => {
    // YAML is a superset of JSON.
    writeFileSync(configFile, JSON.stringify(config(readOnly)))
    const server = start(program, ['serve', configFile], { log: join(dir, 'log') })
    await until('docker-registry', async () => (await fetch(`${url}/v2/`)).status === 401, {
      context: () => server.output(),
    })
    return server
  }
  let server = await serve(false)
  return {
    url,
    get pid() {
      return server.pid
    },
    data: join(dir, 'data'),
    async collectGarbage() {
      await run(program, ['garbage-collect', configFile], { timeoutMs: 1_200_000 })
    },
    async restart({ readOnly }) {
      await server.stop()
      server = await serve(readOnly)
    },
    token(repositories) {
      const now = Math.floor(Date.now() / 1000)
      const access = repositories.map(name => ({ type: 'repository', name, actions: ['pull', 'push', 'delete', '*'] }))
      const claims = {
        iss: 'bench',
        sub: 'admin',
        aud: 'peer',
        nbf: now - 60,
        iat: now,
        exp: now + 3600,
        jti: `${now}`,
        access,
      }
      const text = [{ typ: 'JWT', alg: 'RS256', kid }, claims].map(part => encode(JSON.stringify(part))).join('.')
      return `${text}.${encode(sign('RSA-SHA256', Buffer.from(text), key))}`
    },
    async stop() {
      await server.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** How docker's libtrust names a key: 240 bits of the key's SHA-256 in base32, in groups of four. */
function libtrustId(publicKey: Uint8Array): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...createHash('sha256').update(publicKey).digest().subarray(0, 30)]
    .map(byte => byte.toString(2).padStart(8, '0'))
    .join('')
  const text = (bits.match(/.{5}/g) ?? []).map(five => alphabet[Number.parseInt(five, 2)]).join('')
  return (text.match(/.{4}/g) ?? []).join(':')
}

function encode(value: string | Uint8Array): string {
  return Buffer.from(value).toString('base64url')
}
