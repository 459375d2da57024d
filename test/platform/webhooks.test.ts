import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { runTowpath } from '../support/command.ts'
import { freePorts, type Platform, startPlatform } from '../support/platform.ts'
import { Receiver } from '../support/receiver.ts'

type Shown = { name: string; key?: string; service: string; headerNames: string[] }
type Content = {
  id: string
  timestamp: string
  action: string
  target: Record<string, unknown>
  request: Record<string, unknown>
}
type Event = {
  number: number
  id: string
  action: string
  state: string
  attempts: number
  redeliveryOf: number | null
  error: string
  eventRequestMessage: { headers: Record<string, string>; requestUri: string }
  eventResponseMessage: { content: string; statusCode: string } | null
}

let platform: Platform
let receiver: Receiver
let other: Receiver

before(async () => {
  const { control } = await freePorts()
  receiver = new Receiver(control)
  other = new Receiver(control + 1)
  await receiver.start()
  await other.start()
  const allow = {
    TOWPATH_OUTBOUND_ALLOW_0: `127.0.0.1:${receiver.port}`,
    TOWPATH_OUTBOUND_ALLOW_1: `127.0.0.1:${other.port}`,
  }
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '2', ...allow } })
})
after(async () => {
  await platform.stop()
  await receiver.stop()
  await other.stop()
})

const HOOKS = '/api/v1/registries/default/webhooks'
const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`
const HELM = 'application/vnd.cncf.helm.config.v1+json'
const OCI = 'application/vnd.oci.image.manifest.v1+json'

async function ask<T>(path: string, init: { method?: string; body?: unknown } = {}): Promise<T> {
  const answer = await platform.api(path, init)
  assert.ok(answer.ok, `${init.method ?? 'GET'} ${path}: ${answer.status} ${await answer.clone().text()}`)
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

async function until<T>(what: string, look: () => T | Promise<T | undefined> | undefined, tries = 1200): Promise<T> {
  for (let i = 0; i < tries; i++) {
    const found = await look()
    if (found) return found as T
    await sleep(50)
  }
  throw new Error(`It did not come to: ${what}\n${platform.output().stderr.slice(-3000)}`)
}

async function content(method: string, path: string, body?: string, type = 'application/octet-stream') {
  const authorization = `Basic ${Buffer.from(`admin:${platform.adminPassword}`).toString('base64')}`
  for (let tries = 0; ; tries++) {
    try {
      const headers = { authorization, 'content-type': type, 'user-agent': 'pusher/1' }
      const answer = await fetch(`http://${platform.registry}${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
      })
      await answer.arrayBuffer()
      return answer
    } catch (error) {
      // A node was killed under it: whoever pushes tries again.
      if (tries === 40) throw error
      await sleep(250)
    }
  }
}

async function push(repository: string, tag: string, configType = 'application/vnd.oci.image.config.v1+json') {
  const config = '{}'
  const upload = await content('POST', `/v2/${repository}/blobs/uploads/?digest=${sha256(config)}`, config)
  assert.equal(upload.status, 201)
  const layers: unknown[] = []
  const manifest = JSON.stringify({
    ...{ schemaVersion: 2, mediaType: OCI, layers },
    config: { mediaType: configType, digest: sha256(config), size: config.length },
    annotations: { tag },
  })
  const put = await content('PUT', `/v2/${repository}/manifests/${tag}`, manifest, OCI)
  assert.equal(put.status, 201)
  return { digest: sha256(manifest), size: manifest.length }
}

/** Made, and heard by the region. */
async function hook(name: string, to: Receiver, more: Record<string, unknown> = {}): Promise<Shown> {
  const body = { name, serviceUri: to.url, actions: ['push', 'delete'], ...more }
  const made = await ask<Shown>(HOOKS, { method: 'POST', body })
  const { id } = await until('a ping', async () => {
    const answer = await platform.api(`${HOOKS}/${name}/ping`, { method: 'POST' })
    return answer.ok ? ((await answer.json()) as { id: string }) : undefined
  })
  await until('the ping at the receiver', () => to.accepted.some(one => parsed(one).id === id))
  to.accepted.length = 0
  return made
}

const events = async (name: string, query = '') =>
  (await ask<{ value: Event[] }>(`${HOOKS}/${name}/events${query}`)).value
const parsed = (one: { body: string }) => JSON.parse(one.body) as Content
const remove = (name: string) => ask(`${HOOKS}/${name}`, { method: 'DELETE' })

test('pushes, deletions and charts arrive as ACR says them, signed, with the headers of the hook', async () => {
  const actions = ['push', 'delete', 'chart_push', 'chart_delete']
  const headers = { Authorization: 'Bearer header-secret' }
  const made = await hook('acrshaped', receiver, { actions, customHeaders: headers })
  assert.equal(made.service, `http://127.0.0.1:${receiver.port}`)
  assert.deepEqual(made.headerNames, ['authorization'])
  const image = await push('team/app', 'v1')
  const chart = await push('charts/wordpress', '5.4.0', HELM)
  assert.equal((await content('DELETE', '/v2/team/app/manifests/v1')).status, 202)
  assert.equal((await content('DELETE', `/v2/team/app/manifests/${image.digest}`)).status, 202)
  assert.equal((await content('DELETE', `/v2/charts/wordpress/manifests/${chart.digest}`)).status, 202)
  await until('six events', () => receiver.accepted.length >= 6)
  const got = receiver.accepted.map(parsed)
  const of = (repository: string) => got.filter(one => one.target.repository === repository)

  const [pushed, deleted, ...more] = of('team/app')
  assert.deepEqual(more, [], 'a tag that is deleted is no event')
  const target = { mediaType: OCI, size: image.size, digest: image.digest, length: image.size }
  assert.deepEqual(pushed?.target, { ...target, repository: 'team/app', tag: 'v1' })
  const { id, ...request } = pushed?.request ?? {}
  assert.match(String(id), /^[\w.:-]{8,64}$/)
  assert.deepEqual(request, { host: platform.registry, method: 'PUT', useragent: 'pusher/1' })
  assert.match(pushed?.id ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.match(pushed?.timestamp ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
  assert.deepEqual(deleted?.target, { mediaType: OCI, digest: image.digest, repository: 'team/app' })
  assert.equal(deleted?.request.method, 'DELETE')

  const charts = of('charts/wordpress')
  assert.deepEqual(
    charts.map(one => one.action),
    ['push', 'chart_push', 'delete', 'chart_delete'],
  )
  const chartTarget = {
    ...{ mediaType: 'application/vnd.acr.helm.chart', size: chart.size, digest: chart.digest },
    ...{ repository: 'charts/wordpress', tag: 'wordpress-5.4.0.tgz', name: 'wordpress', version: '5.4.0.tgz' },
  }
  for (const one of [charts[1], charts[3]]) assert.deepEqual(one?.target, chartTarget)
  assert.equal(charts[1]?.request, undefined)

  for (const { headers, body } of receiver.accepted) {
    assert.equal(headers.authorization, 'Bearer header-secret')
    assert.equal(headers['content-type'], 'application/json')
    const key = Buffer.from((made.key ?? '').replace('whsec_', ''), 'base64')
    const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
    assert.equal(headers['webhook-signature'], `v1,${createHmac('sha256', key).update(text).digest('base64')}`)
    assert.equal(headers['webhook-id'], JSON.parse(body).id)
  }
  await remove('acrshaped')
})

test('CloudEvents in structured mode, for the scope alone', async () => {
  await hook('cloudhook', receiver, { format: 'cloudevents', scope: 'team/cloud:*' })
  await push('team/other', 'v1')
  await push('team/cloud', 'v1')
  await until('an event', () => receiver.accepted.length > 0)
  const [{ headers, body } = { headers: {}, body: '' }, ...more] = receiver.accepted
  assert.deepEqual(more, [])
  assert.equal(headers['content-type'], 'application/cloudevents+json; charset=utf-8')
  const { id, time, data, ...rest } = JSON.parse(body)
  assert.deepEqual(rest, {
    ...{ specversion: '1.0', source: '/registries/default/regions/home', subject: 'team/cloud:v1' },
    ...{ type: 'Microsoft.ContainerRegistry.ImagePushed', datacontenttype: 'application/json' },
  })
  assert.deepEqual([data.id, data.action, data.location, data.timestamp], [id, 'push', 'home', time])
  await remove('cloudhook')
})

test('a receiver that is down, slow, answers 500 and comes back gets every event in order, while nodes are killed', async () => {
  await hook('patient', receiver)
  await hook('unharmed', other)
  const repositories = ['line/a', 'line/b']
  const pushed: string[] = []
  const some = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const tag = `t${String(pushed.length).padStart(3, '0')}`
      const repository = repositories[pushed.length % 2] ?? ''
      pushed.push(`${repository}:${tag}`)
      await push(repository, tag)
    }
  }
  await receiver.stop()
  await some(6)
  await until('the other hook, which nothing holds up', () => other.accepted.length === 6)
  await receiver.start()
  receiver.mood = { status: 500, body: 'echo: query-secret /hook/path-secret' }
  await platform.kill9('region home 0')
  await some(6)
  await until('an answer of 500', () => receiver.asked > 0)
  receiver.mood = 'silent'
  await some(2)
  await platform.kill9('region home 1')
  await platform.until(all => all.every(one => one.state === 'ready'))
  receiver.mood = { status: 204, delay: 100 }
  // Waits of minutes are for receivers; here somebody looks.
  const images = () => {
    const seen = new Map(receiver.accepted.map(one => [parsed(one).id, parsed(one)] as const))
    return [...seen.values()]
      .filter(one => one.action === 'push')
      .map(one => `${one.target.repository}:${one.target.tag}`)
  }
  await until('all events', async () => {
    if (images().length >= pushed.length) return true
    await platform.api(`${HOOKS}/patient/ping`, { method: 'POST' })
    return undefined
  })
  for (const one of repositories) {
    const ofOne = (all: string[]) => all.filter(image => image.startsWith(`${one}:`))
    assert.deepEqual(ofOne(images()), ofOne(pushed))
  }
  await until('the other hook', () => new Set(other.accepted.map(one => parsed(one).id)).size === pushed.length)
  receiver.mood = { status: 200 }
  await remove('patient')
  await remove('unharmed')
})

test('the log shows what was sent and answered and no secret; an event is sent again with its id', async () => {
  await hook('loggedhook', receiver, { customHeaders: { 'X-Key': 'header-secret' } })
  receiver.mood = { status: 500, body: 'you sent header-secret to /hook/path-secret?code=query-secret' }
  await push('team/log', 'v1')
  const failed = await until(
    'a failed attempt',
    async () => (await events('loggedhook', '?state=pending'))[0]?.attempts,
  )
  assert.ok(failed >= 1)
  const [pending] = await events('loggedhook', '?state=pending')
  assert.equal(pending?.eventResponseMessage?.statusCode, '500')
  assert.equal(pending?.eventResponseMessage?.content, 'you sent (hidden) to (hidden)')
  assert.equal(pending?.eventRequestMessage.headers['x-key'], '(hidden)')
  assert.equal(pending?.eventRequestMessage.requestUri, `http://127.0.0.1:${receiver.port}`)
  receiver.mood = { status: 200, body: 'thanks' }
  await until('the event', () => receiver.accepted.some(one => parsed(one).action === 'push'))
  const done = await until('its log', async () =>
    (await events('loggedhook')).find(one => one.action === 'push' && one.state === 'delivered'),
  )
  receiver.accepted.length = 0
  const again = await runTowpath(platform, ['webhook', 'redeliver', 'loggedhook', String(done.number), '-o', 'json'])
  assert.equal(again.code, 0, again.stderr)
  await until('the event once more', () => receiver.accepted.some(one => parsed(one).id === done.id))
  await until('the log of it', async () =>
    (await events('loggedhook')).some(one => one.redeliveryOf === done.number && one.state === 'delivered'),
  )
  const { stdout } = await runTowpath(platform, ['webhook', 'list-events', 'loggedhook'])
  assert.match(stdout, /^ID +ACTION +IMAGE +HTTP STATUS +TIMESTAMP/)
  assert.match(stdout, new RegExp(`${done.id} +push +team/log:v1 +200`))

  const told = JSON.stringify([
    await ask(HOOKS),
    await events('loggedhook'),
    await ask('/api/v1/audit?tenant=ten_default'),
  ])
  const { stderr, stdout: output } = platform.output()
  for (const secret of ['header-secret', 'path-secret', 'query-secret', 'whsec_']) {
    assert.ok(!told.includes(secret), `${secret} is told`)
    assert.ok(!(stderr + output).includes(secret), `${secret} is in the output`)
    for (const file of ['control/control.sqlite', 'regions/home/region.sqlite']) {
      assert.ok(!readFileSync(join(platform.home, file)).includes(secret), `${secret} is in ${file}`)
    }
  }
  await remove('loggedhook')
})

test('addresses that are nobody’s business, redirects and wrong settings are refused', async () => {
  const make = async (body: object) => {
    const answer = await platform.api(HOOKS, { method: 'POST', body: { name: 'refused1', actions: ['push'], ...body } })
    return [answer.status, ((await answer.json()) as { code: string }).code]
  }
  const address = [400, 'ADDRESS_REFUSED']
  for (const host of ['127.0.0.1:1', '10.0.0.1', '169.254.169.254', '[::1]']) {
    assert.deepEqual(await make({ serviceUri: `http://${host}/` }), address, host)
  }
  assert.deepEqual(await make({ serviceUri: 'https://user:pass@hooks.example/' }), [400, 'URL_UNUSABLE'])
  const serviceUri = 'https://hooks.example/'
  for (const customHeaders of [
    { Host: 'x' },
    { 'Content-Length': '1' },
    { 'a b': 'x' },
    { a: 'ä' },
    { a: 'x', A: 'y' },
  ]) {
    assert.deepEqual(await make({ serviceUri, customHeaders }), [400, 'WEBHOOK_REFUSED'], JSON.stringify(customHeaders))
  }
  assert.deepEqual(await make({ serviceUri, scope: 'a:b:c' }), [400, 'WEBHOOK_REFUSED'])

  // A name is looked up when it is called: this one leads home.
  const { port } = receiver
  await ask<Shown>(HOOKS, {
    method: 'POST',
    body: { name: 'byname', serviceUri: `http://localhost:${port}/`, actions: ['push'] },
  })
  await until('a ping', async () => (await platform.api(`${HOOKS}/byname/ping`, { method: 'POST' })).ok)
  const refused = await until('a refusal', async () => (await events('byname'))[0]?.error)
  assert.match(refused, /^ADDRESS_REFUSED/)
  await remove('byname')

  await hook('redirected', receiver)
  other.accepted.length = 0
  receiver.mood = { status: 307, headers: { location: other.url } }
  await push('team/redirect', 'v1')
  await until(
    'an answer of 307',
    async () => (await events('redirected'))[0]?.eventResponseMessage?.statusCode === '307',
  )
  assert.equal(other.accepted.length, 0)
  receiver.mood = { status: 200 }
  await remove('redirected')
})

test('while control is gone a region that starts anew sends on', async () => {
  await hook('autonomous', receiver)
  const pids = await platform.pids()
  const control = pids.control ?? 0
  process.kill(control, 'SIGSTOP')
  try {
    for (const node of ['region home 0', 'region home 1']) process.kill(pids[node] ?? 0, 'SIGKILL')
    await push('team/alone', 'v1')
    await until('the event', () => receiver.accepted.some(one => parsed(one).action === 'push'))
  } finally {
    process.kill(control, 'SIGCONT')
  }
  await remove('autonomous')
})
