import assert from 'node:assert/strict'
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ran } from '../support/command.ts'
import { type Platform, PROGRAM, startPlatform } from '../support/platform.ts'
import { adminSession } from '../support/session.ts'

let platform: Platform
let config = ''
before(async () => {
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '1' } })
})
after(() => platform.stop())
beforeEach(async () => {
  config = await mkdtemp(join(tmpdir(), 'towpath-login-'))
})
afterEach(() => rm(config, { recursive: true }))

type Running = { child: ChildProcessByStdio<Writable, Readable, Readable>; ended: Promise<Ran>; said: () => string }

function start(words: string, more: Record<string, string> = {}): Running {
  const env = { ...platform.env, TOWPATH_SERVER: platform.control, XDG_CONFIG_HOME: config, ...more }
  const child = spawn(process.execPath, [PROGRAM, ...words.split(' ')], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', chunk => {
    said += chunk
  })
  const ended = Promise.all([text(child.stdout), once(child, 'close')]).then(([stdout, [code]]) => {
    return { code: Number(code), stdout, stderr: said }
  })
  return { child, ended, said: () => said }
}

function towpath(words: string, input = '', more: Record<string, string> = {}): Promise<Ran> {
  const { child, ended } = start(words, more)
  child.stdin.end(input)
  return ended
}

async function loggedIn(): Promise<void> {
  const done = await towpath('login --password-stdin', `${platform.adminPassword}\n`)
  assert.equal(done.code, 0, done.stderr)
}

const file = () => join(config, 'towpath', 'credentials.json')
type Login = { accessToken: string; refreshToken: string; sessionId: string; expiresAt: number }
const read = async () => JSON.parse(await readFile(file(), 'utf8')) as { servers: Record<string, Login> }
const held = async () => (await read()).servers[platform.control]

/** As if a quarter of an hour had gone by. */
async function age(): Promise<void> {
  const all = await read()
  const login = all.servers[platform.control]
  assert.ok(login)
  login.expiresAt = 1
  await writeFile(file(), JSON.stringify(all))
}

/** The page `/device` in a browser that the admin signed in to. */
async function answer(code: string, allow: boolean): Promise<void> {
  const session = await adminSession(platform)
  const { cookie } = session
  const url = `${platform.control}/api/v1/device/${code}`
  const seen = await fetch(url, { headers: { cookie } })
  const shown = (await seen.json()) as { userCode: string; address: string }
  assert.deepEqual([seen.status, shown.userCode, shown.address], [200, code, '127.0.0.1'])
  const headers = { cookie, 'content-type': 'application/json' }
  const forged = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ allow }) })
  assert.equal(forged.status, 403, 'another site can not allow it')
  const done = await fetch(url, {
    method: 'POST',
    headers: { ...headers, ...session },
    body: JSON.stringify({ allow }),
  })
  assert.equal(done.status, 204, await done.text())
}

async function codeOf({ said }: Running): Promise<string> {
  for (let tries = 0; tries < 400; tries++) {
    const [, code] = /enter the code (\S+)/.exec(said()) ?? []
    if (code) return code
    await sleep(50)
  }
  return assert.fail(`no code came: ${said()}`)
}

test('a person signs the command line in by a browser, works with it, and signs out', async () => {
  const nobody = await towpath('tenant list')
  assert.deepEqual([nobody.code, /towpath login/.test(nobody.stderr)], [3, true], nobody.stderr)
  const waiting = start('login')
  const code = await codeOf(waiting)
  assert.ok(waiting.said().includes(`${platform.control}/device?code=${code}`))
  await answer(code, true)
  const done = await waiting.ended
  assert.equal(done.code, 0, done.stderr)
  assert.match(done.stderr, /signed in at http\S+ as admin/)

  assert.equal((await stat(file())).mode & 0o777, 0o600)
  assert.equal((await stat(join(config, 'towpath'))).mode & 0o777, 0o700)
  const who = JSON.parse((await towpath('whoami -o json')).stdout) as Record<string, unknown>
  assert.equal(who.signedInBy, 'password')
  assert.ok(Number(who.expiresAt) > Date.now() + 29 * 86_400_000)
  assert.equal((await towpath('tenant list -o tsv')).code, 0)
  const login = await held()
  assert.ok(login)
  for (const secret of [login.accessToken, login.refreshToken]) assert.ok(!done.stderr.includes(secret))

  const out = await towpath('logout')
  assert.equal(out.code, 0, out.stderr)
  assert.equal(await held(), undefined)
  const headers = { authorization: `Bearer ${login.accessToken}` }
  assert.equal((await fetch(`${platform.control}/api/v1/session`, { headers })).status, 401)
  assert.equal((await towpath('whoami')).code, 3)
  assert.match((await towpath('logout')).stderr, /Nobody is signed in/)
})

test('what is refused in the browser ends the waiting', async () => {
  const waiting = start('login')
  await answer(await codeOf(waiting), false)
  const done = await waiting.ended
  assert.deepEqual([done.code, /refused in the browser/.test(done.stderr)], [3, true], done.stderr)
})

test('the admin signs in without a browser, and a password that is given wins', async () => {
  await loggedIn()
  assert.equal((await towpath('status -o json')).code, 0)
  const wrong = await towpath('status', '', { TOWPATH_PASSWORD: 'wrong' })
  assert.equal(wrong.code, 3, wrong.stderr)
  const made = JSON.parse((await towpath('principal create robot --kind service -o json')).stdout) as { id: string }
  const { secret } = JSON.parse((await towpath('principal secret robot -o json')).stdout) as { secret: string }
  const robot = await towpath(`whoami --username ${made.id} -o json`, '', { TOWPATH_PASSWORD: secret })
  assert.equal(JSON.parse(robot.stdout).principal.name, 'robot')
  const refused = await towpath('login', '', { TOWPATH_PASSWORD: secret, TOWPATH_USERNAME: made.id })
  assert.deepEqual([refused.code, /by a person in a browser/.test(refused.stderr)], [3, true], refused.stderr)
  assert.equal((await towpath('whoami')).code, 0, 'the login that was there stays')

  // A token that was copied makes itself no session of 30 days.
  const begun = await fetch(`${platform.control}/oauth2/device_authorization`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'towpath-cli' }),
  })
  const { user_code } = (await begun.json()) as { user_code: string }
  const login = await held()
  const copied = await fetch(`${platform.control}/api/v1/device/${user_code}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${login?.accessToken}`, 'content-type': 'application/json' },
    body: '{"allow":true}',
  })
  assert.equal(copied.status, 403)
})

test('tokens are renewed without a word, also by several commands at once', async () => {
  await loggedIn()
  const before = await held()
  await age()
  const all = await Promise.all(['whoami', 'tenant list', 'principal list'].map(words => towpath(words)))
  for (const one of all) assert.equal(one.code, 0, one.stderr)
  const after = await held()
  assert.equal(after?.sessionId, before?.sessionId)
  assert.notEqual(after?.refreshToken, before?.refreshToken)
  // The key behind it was lost: the server takes the token no more, and the command asks for another.
  await platform.api('/api/v1/signing-keys', { method: 'POST', body: { immediately: true } })
  assert.equal((await towpath('whoami')).code, 0)
  assert.notEqual((await held())?.accessToken, after?.accessToken)
})

test('a login that was ended elsewhere, copied, or can be read by others says so', async () => {
  await loggedIn()
  const login = await held()
  await platform.api(`/api/v1/sessions/${login?.sessionId}`, { method: 'DELETE' })
  const ended = await towpath('tenant list')
  assert.equal(ended.code, 3)
  assert.match(ended.stderr, /has expired, or was ended elsewhere[\s\S]*towpath login --server http/)
  assert.equal(await held(), undefined, 'it is forgotten')

  await loggedIn()
  const copy = await readFile(file(), 'utf8')
  await age()
  assert.equal((await towpath('whoami')).code, 0)
  await age()
  assert.equal((await towpath('whoami')).code, 0)
  await writeFile(file(), copy)
  await age()
  assert.match((await towpath('whoami')).stderr, /has expired, or was ended elsewhere/)
  const audit = await (await platform.api('/api/v1/audit?action=session.end&limit=5')).text()
  assert.match(audit, /old refresh token was used again/)

  await loggedIn()
  await chmod(file(), 0o644)
  const open = await towpath('whoami')
  assert.deepEqual([open.code, /can be read by others/.test(open.stderr)], [3, true], open.stderr)
  await chmod(file(), 0o600)
  await writeFile(file(), '{"servers":{"x":{"accessToken":"secret-of-mine"}}}')
  const broken = await towpath('whoami')
  assert.deepEqual([broken.code, /can not be read as/.test(broken.stderr)], [3, true], broken.stderr)
  assert.ok(!broken.stderr.includes('secret-of-mine'))
})
