import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { PROGRAM, startPlatform } from '../support/platform.ts'

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function gone(pids: readonly number[]): Promise<void> {
  for (let tries = 0; tries < 600 && pids.some(isAlive); tries++) await sleep(50)
  assert.deepEqual(pids.filter(isAlive), [])
}

async function v2(host: string): Promise<number> {
  return (await fetch(`http://${host}/v2/`)).status
}

test('comes up, says so, and starts again what is killed', async t => {
  const platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '2' } })
  t.after(() => platform.stop())
  assert.equal((await fetch(`${platform.control}/readyz`)).status, 200)
  assert.equal(await v2(platform.registry), 401)
  assert.equal(await v2(platform.regional()), 401)
  const { stdout } = platform.output()
  const signIn = `login --server ${platform.control}`
  for (const shown of [
    platform.control,
    platform.registry,
    'TOWPATH_ADMIN_PASSWORD',
    signIn,
    'skopeo copy',
    'oci push',
  ]) {
    assert.ok(stdout.includes(shown), `the start-up text lacks ${shown}`)
  }
  assert.ok(!stdout.includes(platform.adminPassword), 'a password that was given is not shown')

  const names = ['writer home', 'control', 'region home 0', 'region home 1']
  assert.deepEqual(Object.keys(await platform.pids()), names)
  for (const name of ['region home 0', 'writer home', 'control']) {
    const before = await platform.kill9(name)
    const now = await platform.until(all =>
      all.every(one => one.state === 'ready' && (one.name !== name || (one.pid !== before && one.restarts > 0))),
    )
    assert.equal(now.find(one => one.name === name)?.restarts, 1)
    assert.equal(now.find(one => one.name === name)?.lastEnd, 'SIGKILL')
    assert.equal(await v2(platform.registry), 401)
  }
})

test('SIGTERM leaves no process and no socket, and the next start knows the admin', async t => {
  const first = await startPlatform()
  const pids = Object.values(await first.pids())
  const { home, env } = first
  assert.equal(statSync(home).mode & 0o077, 0)
  assert.equal(statSync(join(home, 'secrets', 'token-signing.jwk')).mode & 0o777, 0o600)
  const ports = { control: Number(env.TOWPATH_LISTEN_CONTROL), registry: Number(env.TOWPATH_LISTEN_REGISTRY) }
  assert.equal(await first.stop({ keep: true }), 0)
  await gone(pids)
  assert.ok(!existsSync(join(home, 'run', 'home-writer.sock')))

  // Another password in the environment changes nothing: it only makes the first one.
  const second = await startPlatform({ home, ports, env: { TOWPATH_ADMIN_PASSWORD: 'another' } })
  t.after(() => second.stop())
  assert.equal((await second.api('/api/v1/status')).status, 401)
  const header = { authorization: `Basic ${Buffer.from(`admin:${first.adminPassword}`).toString('base64')}` }
  assert.equal((await fetch(`${second.control}/api/v1/status`, { headers: header })).status, 200)
})

test('a second one on the same home, and one on the same ports, is refused with what to do', async t => {
  const platform = await startPlatform()
  t.after(() => platform.stop())
  const ports = await run(['up'], { ...platform.env, TOWPATH_HOME: join(platform.home, 'inner') })
  assert.equal(ports.code, 5)
  assert.match(ports.stderr, /Port \d+ on 127\.0\.0\.1 is in use by another program\n.*TOWPATH_LISTEN_CONTROL/)

  const home = await run(['up'], { ...platform.env, TOWPATH_LISTEN_CONTROL: '9', TOWPATH_LISTEN_REGISTRY: '19' })
  assert.equal(home.code, 5)
  assert.match(home.stderr, /Another towpath runs on .*\n.*TOWPATH_HOME/)
  assert.equal(await v2(platform.registry), 401)
})

async function run(
  args: string[],
  env: Record<string, string>,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: Number(code), stdout, stderr }
}

test('a supervisor that is killed takes its processes with it', async t => {
  const platform = await startPlatform()
  t.after(() => platform.stop())
  const pids = Object.values(await platform.pids())
  assert.equal(pids.filter(isAlive).length, pids.length)
  await platform.kill9('supervisor')
  await gone(pids)
})

test('what can not run fails the start with its own words', async () => {
  const env = { TOWPATH_CONTROL_DATABASE_ENGINE: 'postgres', TOWPATH_CONTROL_DATABASE_URL: 'env:NOWHERE' }
  await assert.rejects(
    startPlatform({ env: { ...env, TOWPATH_CONTROL_DATABASE_SCHEMA: 'towpath' } }),
    (error: unknown) =>
      error instanceof Error && /NOWHERE is not set\n.*Set the environment variable/.test(error.message),
  )
})

test('whoever lost both passwords makes a new one while the platform is stopped, and only then', async t => {
  const first = await startPlatform()
  const { home, env } = first
  const ports = { control: Number(env.TOWPATH_LISTEN_CONTROL), registry: Number(env.TOWPATH_LISTEN_REGISTRY) }
  const rotate = () => run(['admin', 'rotate', '1', '--offline', '-o', 'json'], env)
  assert.equal((await rotate()).code, 5)
  await first.stop({ keep: true })
  const { code, stdout } = await rotate()
  assert.equal(code, 0)
  const { password } = JSON.parse(stdout) as { password: string }
  const second = await startPlatform({ home, ports, env: { TOWPATH_ADMIN_PASSWORD: password } })
  t.after(() => second.stop())
  assert.equal((await second.api('/api/v1/status')).status, 200)
})
