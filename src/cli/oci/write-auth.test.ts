import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { credentialsFromFiles } from './auth-files.ts'
import { forgetLogin, storeLogin } from './write-auth.ts'

const login = { host: 'r.example:5000', username: '0000', password: 'a:token' }

async function home(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'towpath-test-'))
  t.after(() => rm(dir, { recursive: true }))
  await mkdir(join(dir, 'run'))
  const env = { HOME: dir, XDG_RUNTIME_DIR: join(dir, 'run') }
  const docker = join(dir, '.docker', 'config.json')
  const podman = join(dir, 'run', 'containers', 'auth.json')
  const read = async (path: string) => JSON.parse(await readFile(path, 'utf8'))
  return { dir, env, docker, podman, read }
}

test('a login goes where docker and podman look, whole and for nobody else to read', async t => {
  const { dir, env, docker, podman, read } = await home(t)
  const written = await storeLogin(login, env)
  assert.deepEqual(
    written.map(one => one.path),
    [podman, docker],
  )
  for (const path of [docker, podman]) {
    assert.deepEqual(await read(path), { auths: { 'r.example:5000': { auth: btoa('0000:a:token') } } })
    assert.equal((await stat(path)).mode & 0o777, 0o600)
  }
  assert.deepEqual(await readdir(join(dir, '.docker')), ['config.json'], 'no draft is left')
  assert.deepEqual(await credentialsFromFiles(login.host, env), { username: '0000', password: 'a:token' })
  const own = join(dir, 'own.json')
  const more = await storeLogin(login, { ...env, REGISTRY_AUTH_FILE: own, XDG_RUNTIME_DIR: join(dir, 'none') })
  assert.deepEqual(
    more.map(one => one.path),
    [own, docker],
    'a folder of a session that is not there is not made',
  )
})

test('what else a file holds stays, a link stays a link, and a wide mode is narrowed', async t => {
  const { dir, env, docker, read } = await home(t)
  await mkdir(join(dir, '.docker'))
  const real = join(dir, 'dotfiles.json')
  const held = {
    auths: {
      'r.example:5000': { auth: 'b2xk', email: 'x' },
      'other.example': { auth: 'b3RoZXI6cHc=', more: { a: 1 } },
    },
    credHelpers: { 'third.example': 'other' },
    currentContext: 'team',
  }
  await writeFile(real, JSON.stringify(held), { mode: 0o644 })
  await symlink(real, docker)
  await storeLogin(login, env)
  const auths = { ...held.auths, 'r.example:5000': { auth: btoa('0000:a:token') } }
  assert.deepEqual(await read(docker), { ...held, auths })
  assert.equal(await readlink(docker), real)
  assert.equal((await stat(real)).mode & 0o777, 0o600)

  await forgetLogin('r.example:5000', env)
  assert.deepEqual(await read(docker), { ...held, auths: { 'other.example': held.auths['other.example'] } })
  assert.deepEqual(await forgetLogin('r.example:5000', env), [])
})

test('a file that is not understood is not written over', async t => {
  const { dir, env, docker } = await home(t)
  await mkdir(join(dir, '.docker'))
  for (const text of ['{', '[]', '{"auths":{"a":1}}']) {
    await writeFile(docker, text)
    await assert.rejects(storeLogin(login, env), { code: 'CLI_AUTH_FILE' })
    assert.equal(await readFile(docker, 'utf8'), text)
  }
  await rm(docker)
  await mkdir(docker)
  await assert.rejects(storeLogin(login, env))
})

/** Keeps what it is given in files beside it; `broken` fails. */
const HELPER = `#!/bin/sh
cd "$(dirname "$0")"
case $1 in
  store) cat > stored ;;
  erase) cat > erased ;;
  get) read host; test -f stored && cat stored || { echo credentials not found in native keychain; exit 1; } ;;
esac
`

test('where a helper keeps credentials the token goes there and not into the file', async t => {
  const { dir, env, docker, podman, read } = await home(t)
  for (const [name, text] of [
    ['store', HELPER],
    ['broken', '#!/bin/sh\necho a:token is secret\nexit 3\n'],
  ] as const) {
    await writeFile(join(dir, `docker-credential-${name}`), text)
    await chmod(join(dir, `docker-credential-${name}`), 0o755)
  }
  const path = process.env.PATH
  process.env.PATH = `${dir}:${path}`
  t.after(() => {
    process.env.PATH = path
  })
  await mkdir(join(dir, '.docker'))
  const stored = { ServerURL: 'r.example:5000', Username: '0000', Secret: 'a:token' }
  await writeFile(docker, JSON.stringify({ credsStore: 'store' }))
  const written = await storeLogin(login, env)
  assert.deepEqual(
    written.map(one => [one.path, one.helper]),
    [
      [podman, undefined],
      [docker, 'store'],
    ],
  )
  assert.deepEqual(await read(docker), { credsStore: 'store', auths: { 'r.example:5000': {} } })
  assert.deepEqual(await read(join(dir, 'stored')), stored)
  await rm(podman)
  assert.deepEqual(await credentialsFromFiles(login.host, env), { username: '0000', password: 'a:token' })
  await forgetLogin(login.host, env)
  assert.equal(await readFile(join(dir, 'erased'), 'utf8'), 'r.example:5000')
  assert.deepEqual(await read(docker), { credsStore: 'store', auths: {} })

  await rm(join(dir, 'stored'))
  const helpers = { credHelpers: { 'r.example:5000': 'store' }, credsStore: 'broken' }
  await writeFile(docker, JSON.stringify(helpers))
  await storeLogin(login, env)
  assert.deepEqual(await read(docker), helpers, 'a helper of the host’s own needs no entry')
  assert.deepEqual(await read(join(dir, 'stored')), stored)

  await writeFile(docker, JSON.stringify({ credsStore: 'broken' }))
  await rm(podman)
  const refused = await storeLogin(login, env).catch((error: Error) => error)
  assert.ok(refused instanceof Error && 'code' in refused)
  assert.equal(refused.code, 'CLI_AUTH_HELPER')
  assert.ok(!refused.message.includes('a:token'))
  await writeFile(docker, JSON.stringify({ credsStore: '../broken' }))
  await assert.rejects(storeLogin(login, env), { code: 'CLI_AUTH_HELPER', message: /name is not valid/ })
  await writeFile(docker, JSON.stringify({ credsStore: 'missing' }))
  await assert.rejects(storeLogin(login, env), { code: 'CLI_AUTH_HELPER' })
})
