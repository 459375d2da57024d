import assert from 'node:assert/strict'
import { createHash, createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { SignJWT } from 'jose'
import { selfSigned } from '../../src/kernel/http/certificate.fixture.ts'
import { runTowpath, towpathDone } from '../support/command.ts'
import { type Platform, startPlatform } from '../support/platform.ts'

let platform: Platform
let dir = ''
/** As GitHub, GitLab and Kubernetes are: a document, keys, tokens. */
const issuer = { url: '', pair: generateKeyPairSync('rsa', { modulusLength: 2048 }) }
const server = createServer((req, res) => {
  const jwk = { ...issuer.pair.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' }
  const discovery = { issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` }
  res.end(JSON.stringify(req.url === '/jwks' ? { keys: [jwk] } : discovery))
})
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'towpath-assertions-'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  issuer.url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  platform = await startPlatform({
    env: { TOWPATH_REGIONS_0_NODES: '1', TOWPATH_OUTBOUND_ALLOW_0: issuer.url.replace('http://', '') },
  })
  await done('principal create deployer --kind service')
  await done('access assign deployer Reader')
})
after(async () => {
  server.close()
  await platform.stop()
  await rm(dir, { recursive: true })
})

const towpath = (words: string) => runTowpath(platform, words.split(' '))

const done = (words: string) => towpathDone(platform, words.split(' '))

async function token(assertion: string, more: Record<string, string> = {}) {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
    ...more,
  })
  const answer = await fetch(`${platform.control}/oauth2/token`, { method: 'POST', body })
  return { status: answer.status, body: (await answer.json()) as Record<string, string> }
}

async function works(accessToken: string | undefined): Promise<number> {
  const headers = { authorization: `Bearer ${accessToken}` }
  const answer = await fetch(`${platform.control}/api/v1/tenants/default/principals`, { headers })
  await answer.arrayBuffer()
  return answer.status
}

async function clientId(): Promise<string> {
  const all = JSON.parse(await done('principal list -o json')) as { name: string; id: string }[]
  return all.find(one => one.name === 'deployer')?.id ?? ''
}

test('a program signs in by its certificate, until that is removed', async () => {
  const { cert, key } = selfSigned('deployer')
  const file = join(dir, 'deployer.pem')
  await writeFile(file, cert)
  const added = JSON.parse(await done(`principal certificate add deployer ${file} -o json`)) as Record<string, string>
  const x5t = createHash('sha256').update(new X509Certificate(cert).raw).digest('base64url')
  assert.equal(added.thumbprint, x5t)
  assert.match(await done('principal certificate list deployer'), /^crt_\S+ +CN=deployer +2120-/m)

  assert.match(await done('admin secrets -o tsv'), /^deployer crt_\S+\tservice-certificate\tten_default\t/m)

  const id = await clientId()
  const sign = () =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', 'x5t#S256': x5t })
      .setIssuer(id)
      .setSubject(id)
      .setAudience(`${platform.control}/oauth2/token`)
      .setJti(crypto.randomUUID())
      .setIssuedAt()
      .setExpirationTime('2 min')
      .sign(createPrivateKey(key))
  const first = await sign()
  const given = await token(first)
  assert.equal(given.status, 200, JSON.stringify(given.body))
  assert.equal(await works(given.body.access_token), 200)
  const replayed = await token(first)
  assert.deepEqual([replayed.status, replayed.body.error], [401, 'invalid_client'])
  assert.match(replayed.body.error_description ?? '', /used before/)

  await done(`principal certificate remove deployer ${added.id}`)
  const unknown = await towpath(`principal certificate remove deployer ${added.id}`)
  assert.equal(unknown.code, 4, unknown.stderr)
  assert.equal(await works(given.body.access_token), 401)
  assert.equal((await token(await sign())).status, 401)
  await writeFile(file, `${cert}${key}`)
  const refused = await towpath(`principal certificate add deployer ${file}`)
  assert.deepEqual([refused.code, /private key in it/.test(refused.stderr)], [1, true], refused.stderr)
})

test('a program signs in by the token of an issuer, and stores nothing', async () => {
  const subject = 'repo:octo/app:environment:production'
  const bare = await towpath('principal federation add deployer --issuer http://ci.example --audience a --subject b')
  assert.deepEqual([bare.code, /without TLS/.test(bare.stderr)], [1, true], bare.stderr)
  const words = `--issuer ${issuer.url} --audience towpath --subject ${subject}`
  const added = JSON.parse(await done(`principal federation add deployer ${words} -o json`)) as Record<string, string>
  assert.match(
    await done('principal federation list deployer'),
    new RegExp(`^fed_\\S+ +${issuer.url} +towpath +repo:`, 'm'),
  )
  const sign = (sub: string) =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setIssuer(issuer.url)
      .setSubject(sub)
      .setAudience('towpath')
      .setIssuedAt()
      .setExpirationTime('5 min')
      .sign(issuer.pair.privateKey)
  const id = await clientId()
  const given = await token(await sign(subject), { client_id: id })
  assert.equal(given.status, 200, JSON.stringify(given.body))
  assert.equal(await works(given.body.access_token), 200)
  const other = await token(await sign('repo:octo/app:pull_request'), { client_id: id })
  assert.deepEqual([other.status, other.body.error], [401, 'invalid_client'])
  assert.equal((await token(await sign(subject))).body.error, 'invalid_request', 'it does not say who it is to be')

  await done(`principal federation remove deployer ${added.id}`)
  assert.equal(await works(given.body.access_token), 401)
  assert.equal((await token(await sign(subject), { client_id: id })).status, 401)
  const audit = await done(`audit query --actor ${id} -o json`)
  for (const by of ['certificate:crt_', `federation:${added.id}`]) assert.ok(audit.includes(by), by)
})
