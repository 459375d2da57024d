import assert from 'node:assert/strict'
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './process.ts'

type Place = {
  /** Where the package is installed, and an empty folder to run in. */
  peer: string
  dir: string
  endpoint: string
  ca: string
  username: string
  password: string
}

// The samples sign in as Azure does; here a name and a password take that place.
const CREDENTIAL = `export class DefaultAzureCredential {
  async getToken() {
    const { ENDPOINT, SAMPLE_USER: username, SAMPLE_PASSWORD: password } = process.env
    const form = { grant_type: 'password', access_type: 'offline', service: new URL(ENDPOINT).host, username, password }
    const answer = await fetch(ENDPOINT + '/oauth2/token', { method: 'POST', body: new URLSearchParams(form) })
    return { token: (await answer.json()).refresh_token, expiresOnTimestamp: Date.now() + 3600_000 }
  }
}
`

/**
 * Runs a sample of the package's own README as it stands there, and gives what it printed. Replaced are the endpoint, the
 * module of the credential, and one import of a type, which Node, other than a compiler, would look for among the values.
 */
export async function runSample(name: string, { peer, dir, endpoint, ca, username, password }: Place): Promise<string> {
  const readme = readFileSync(join(peer, 'node_modules/@azure/container-registry/README.md'), 'utf8')
  const [, sample] = new RegExp(`^\`\`\`ts snippet:${name}\\n(.*?)^\`\`\``, 'ms').exec(readme) ?? []
  assert.ok(sample, `the README has no ${name}`)
  const code = sample
    .replace('https://myregistryname.azurecr.io', endpoint)
    .replace('"@azure/identity"', '"./credential.mjs"')
    .replace('  OciImageManifest,\n', '  type OciImageManifest,\n')
  assert.ok(code.includes(endpoint), 'the endpoint was replaced')
  if (!existsSync(join(dir, 'node_modules'))) symlinkSync(join(peer, 'node_modules'), join(dir, 'node_modules'))
  writeFileSync(join(dir, 'credential.mjs'), CREDENTIAL)
  writeFileSync(join(dir, `${name}.mts`), code)
  const own = { NODE_EXTRA_CA_CERTS: ca, ENDPOINT: endpoint, SAMPLE_USER: username, SAMPLE_PASSWORD: password }
  return run(process.execPath, [`${name}.mts`], {
    cwd: dir,
    env: { PATH: process.env.PATH, ...own },
    timeoutMs: 60_000,
  })
}
