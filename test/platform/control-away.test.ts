import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts, PROGRAM } from '../support/platform.ts'

const PASSWORD = 'the-first-password'

/** The roles one by one, without a supervisor: `towpath serve <role>`. */
test('a region serves and restarts from its copy while control is gone, and hears a rotated password at once', async t => {
  const home = await mkdtemp(join(tmpdir(), 'towpath-roles-'))
  const ports = await freePorts()
  const env = {
    PATH: process.env.PATH ?? '',
    TOWPATH_HOME: home,
    TOWPATH_ADMIN_PASSWORD: PASSWORD,
    TOWPATH_LISTEN_CONTROL: String(ports.control),
    TOWPATH_LISTEN_REGISTRY: String(ports.registry),
    TOWPATH_REGIONS_0_NODES: '1',
  }
  const running = new Set<ChildProcess>()
  t.after(async () => {
    for (const child of running) child.kill('SIGKILL')
    await rm(home, { recursive: true, force: true })
  })
  const control = `http://127.0.0.1:${ports.control}`
  const registry = `http://127.0.0.1:${ports.registry}`
  const basic = (password: string) => `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`
  const catalog = async (password: string) =>
    (await fetch(`${registry}/v2/_catalog`, { headers: { authorization: basic(password) } })).status

  function serve(...args: string[]): ChildProcess {
    const child = spawn(process.execPath, [PROGRAM, 'serve', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] })
    running.add(child)
    return child
  }
  async function end(child: ChildProcess): Promise<void> {
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    running.delete(child)
    assert.equal(code, 0)
  }
  async function until(what: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 400; tries++) {
      if (await what().catch(() => false)) return
      await sleep(50)
    }
    assert.fail('It did not come to that')
  }

  serve('writer')
  let controlling = serve('control')
  let node = serve('region')
  await until(async () => (await catalog(PASSWORD)) === 200)
  await until(async () => (await fetch(`${control}/readyz`)).status === 200)

  const make = async (path: string, body: object) => {
    const headers = { authorization: basic(PASSWORD), 'content-type': 'application/json' }
    const url = `${control}/api/v1/tenants/ten_default/${path}`
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await answer.json()) as { id: string; secret: string }
  }
  const { id } = await make('principals', { kind: 'service', name: 'puller' })
  const { secret } = await make(`principals/${id}/secrets`, {})
  await make('assignments', { principalId: id, roleId: 'rol_acr_pull', scope: '/tenants/ten_default' })
  const program = { authorization: `Basic ${btoa(`${id}:${secret}`)}` }
  const byRole = async () => (await fetch(`${registry}/v2/_catalog`, { headers: program })).status
  await until(async () => (await byRole()) === 200)

  await end(controlling)
  assert.equal(await catalog(PASSWORD), 200)
  assert.equal(await byRole(), 200)
  await end(node)
  node = serve('region')
  await until(async () => (await catalog(PASSWORD)) === 200)
  assert.equal(await catalog('wrong'), 401)
  assert.equal(await byRole(), 200)

  controlling = serve('control')
  await until(async () => (await fetch(`${control}/readyz`)).status === 200)
  const rotate = await fetch(`${control}/api/v1/admin/passwords/1`, {
    method: 'POST',
    headers: { authorization: basic(PASSWORD) },
  })
  const { password } = (await rotate.json()) as { password: string }
  await until(async () => (await catalog(password)) === 200)
  assert.equal(await catalog(PASSWORD), 401)
  await end(node)
  await end(controlling)
})
