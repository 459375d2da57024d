import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Platform, startPlatform } from '../support/platform.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/towpath.mjs', import.meta.url))
const REGIONS = ['home', 'away'] as const
/** What the plan promises of the data plane. */
const HEARD_MS = 10_000
const HOME = '/api/v1/tenants/ten_default'
const env = Object.fromEntries(
  REGIONS.flatMap((name, at) => [
    [`TOWPATH_REGIONS_${at}_NAME`, name],
    [`TOWPATH_REGIONS_${at}_NODES`, '1'],
  ]),
)
let platform: Platform
before(async () => {
  platform = await startPlatform({ env })
})
after(async () => {
  await platform.stop()
  await rm(platform.home, { recursive: true, force: true })
})

async function make<T = { id: string }>(path: string, body?: unknown, method = 'POST'): Promise<T> {
  const answer = await platform.api(path, { method, body })
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`)
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

async function read<T>(path: string): Promise<T> {
  return make<T>(path, undefined, 'GET')
}

const basic = (user: string, password: string) => ({ authorization: `Basic ${btoa(`${user}:${password}`)}` })

async function ask(at: string, headers: Record<string, string>, path: string, init: RequestInit = {}): Promise<number> {
  const answer = await fetch(`http://${at}/v2/${path}`, { ...init, headers: { ...headers, ...init.headers } })
  await answer.arrayBuffer()
  return answer.status
}

/** Resolves once both regions say so, within the bound. */
async function becomes(expected: number, asked: (at: string) => Promise<number>): Promise<void> {
  const from = performance.now()
  for (const at of REGIONS.keys()) {
    for (let now = 0; ; ) {
      now = await asked(platform.regional(at))
      if (now === expected) break
      assert.ok(performance.now() - from < HEARD_MS, `${REGIONS[at]}: still ${now} after ${HEARD_MS} ms`)
      await sleep(20)
    }
  }
}

async function push(at: string, headers: Record<string, string>, tag: string): Promise<number> {
  const digest = `sha256:${createHash('sha256').update('{}').digest('hex')}`
  const pushed = await ask(at, headers, `team/app/blobs/uploads/?digest=${digest}`, { method: 'POST', body: '{}' })
  assert.equal(pushed, 201)
  const type = 'application/vnd.oci.image.manifest.v1+json'
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: 2 }
  const body = JSON.stringify({ schemaVersion: 2, mediaType: type, config, layers: [] })
  return ask(at, headers, `team/app/manifests/${tag}`, { method: 'PUT', body, headers: { 'content-type': type } })
}

test('a role and a token open both regions and close both again, within the bound', async () => {
  const { id } = await make(`${HOME}/principals`, { kind: 'service', name: 'pusher' })
  const secret = await make<{ clientId: string; secret: string }>(`${HOME}/principals/${id}/secrets`, {})
  const scope = '/tenants/ten_default/resources/reg_default'
  const role = await make(`${HOME}/assignments`, { principalId: id, roleId: 'rol_acr_push', scope })
  const tokens = '/api/v1/registries/default/tokens'
  const token = await make<{ passwords: { value: string }[] }>(tokens, {
    ...{ name: 'puller', scopeMap: '_repositories_pull' },
  })
  const pusher = basic(secret.clientId, secret.secret)
  const puller = basic('puller', token.passwords[0]?.value ?? '')
  // Nothing is there: 404 is a pull that was allowed.
  const pull = (headers: Record<string, string>) => (at: string) => ask(at, headers, 'team/app/manifests/none')

  await becomes(404, pull(pusher))
  await becomes(404, pull(puller))
  for (const [at, name] of REGIONS.entries()) assert.equal(await push(platform.regional(at), pusher, name), 201)
  for (const [at, name] of REGIONS.entries())
    assert.equal(await ask(platform.regional(at), puller, `team/app/manifests/${name}`), 200)

  await make(`${HOME}/assignments/${role.id}`, undefined, 'DELETE')
  await make(`${tokens}/puller`, undefined, 'DELETE')
  await becomes(401, pull(pusher))
  await becomes(401, pull(puller))
})

type Check = {
  unsealed: number
  head?: { sequence: number }
  problems: unknown[]
  anchors: { at: string; upTo?: number }[]
}

test('the audit of each region is a chain of its own, anchored at control, and all of it verifies', async () => {
  for (const region of REGIONS) {
    const { records } = await read<{ records: { action: string; region: string; detail: { tags?: string } }[] }>(
      `/api/v1/audit?region=${region}`,
    )
    assert.ok(records.every(one => one.region === region))
    const writes = records.filter(({ action }) => action === 'registry/content/write')
    assert.deepEqual(
      writes.map(({ detail }) => detail.tags),
      [region],
    )
  }
  // Heads are pulled soon after a start, and then once a minute: the second time would do as well.
  const ports = { control: Number(new URL(platform.control).port), registry: Number(platform.registry.split(':')[1]) }
  await platform.stop({ keep: true })
  platform = await startPlatform({ home: platform.home, ports, env })
  const keepers = { control: [...REGIONS], home: ['control'], away: ['control'] }
  for (const [region, expected] of Object.entries(keepers)) {
    for (let tries = 0; ; tries++) {
      const { head, unsealed, anchors, problems } = await read<Check>(`/api/v1/audit/verify?region=${region}`)
      assert.deepEqual(problems, [])
      const whole = anchors.filter(({ upTo }) => head !== undefined && upTo === head.sequence).map(({ at }) => at)
      if (unsealed === 0 && whole.toSorted().join() === expected.toSorted().join()) break
      assert.ok(tries < 1800, `${region} is anchored ${JSON.stringify({ head, unsealed, anchors })}`)
      await sleep(50)
    }
  }
  const given = { ...platform.env, TOWPATH_SERVER: platform.control, TOWPATH_PASSWORD: platform.adminPassword }
  const args = [PROGRAM, 'audit', 'verify', '--all-regions']
  const child = spawn(process.execPath, args, { env: given, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  assert.equal(code, 0, stderr)
  assert.match(stdout, /^REGION .*\ncontrol .*\nhome .*\naway /)
})
