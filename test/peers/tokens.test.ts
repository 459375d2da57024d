import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { sha256 } from './support/digest.ts'
import { until } from './support/process.ts'
import { type Registry, startRegistry } from './support/registry.ts'

// What docker, containerd and every other client do on the wire, spelled out: nothing here is hidden in a client.

let registry: Registry
const body = Buffer.from('cargo')
const digest = sha256(body)

before(async () => {
  registry = await startRegistry()
  await registry.wire.pushBlob('yard/cargo', body)
})
after(() => registry?.stop())

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; text: string }
type Asked = { method?: string; host?: string; headers?: Record<string, string>; body?: string | Buffer }

/** node:http, because fetch does not let a caller name the Host. */
function ask(path: string, { method = 'GET', host, headers, body }: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const url = new URL(path, registry.wire.url)
    const asked = request(
      url,
      { method, agent: false, headers: { ...(host ? { host } : {}), ...headers } },
      response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    asked.once('error', reject)
    asked.end(body)
  })
}

function challengeOf(answer: Answer): { realm: string; service: string; scope: string | undefined } {
  const header = `${answer.headers['www-authenticate']}`
  assert.match(header, /^Bearer /)
  const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(header)?.[1]
  return { realm: field('realm') ?? '', service: field('service') ?? '', scope: field('scope') }
}

const basic = () => registry.wire.headers
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const blob = `/v2/yard/cargo/blobs/${digest}`

async function control(path: string, method: string, value?: object): Promise<{ status: number; text: string }> {
  const response = await fetch(new URL(path, registry.controlUrl), {
    method,
    headers: { ...basic(), 'content-type': 'application/json' },
    ...(value ? { body: JSON.stringify(value) } : {}),
  })
  return { status: response.status, text: await response.text() }
}

test('challenge, token, access', async () => {
  const refused = await ask(blob)
  assert.equal(refused.status, 401)
  assert.equal(JSON.parse(refused.text).errors[0].code, 'UNAUTHORIZED')
  const { realm, service, scope } = challengeOf(refused)
  assert.equal(scope, 'repository:yard/cargo:pull')
  const query = `?service=${encodeURIComponent(service)}&scope=${encodeURIComponent(scope ?? '')}&account=admin`
  const answer = await ask(new URL(realm).pathname + query, { headers: basic() })
  assert.equal(answer.status, 200)
  const token = JSON.parse(answer.text)
  assert.equal(token.token, token.access_token)
  assert.ok(token.expires_in >= 60, 'the specification asks for a minute at least')
  assert.equal(new Date(token.issued_at).toISOString().slice(0, 4), `${new Date().getUTCFullYear()}`)

  const pulled = await ask(blob, { headers: bearer(token.token) })
  assert.equal(pulled.status, 200)
  assert.equal(pulled.text, 'cargo')
  assert.equal(pulled.headers['docker-content-digest'], digest)
  const pushed = await ask('/v2/yard/cargo/blobs/uploads/', { method: 'POST', headers: bearer(token.token) })
  assert.equal(pushed.status, 401, 'the token is for pulling')
  assert.equal(challengeOf(pushed).scope, 'repository:yard/cargo:pull,push')
})

test('a wrong password gets no token, a changed token no access', async () => {
  const { realm, service } = challengeOf(await ask('/v2/'))
  const wrong = { authorization: `Basic ${Buffer.from('admin:wrong').toString('base64')}` }
  const path = `${new URL(realm).pathname}?service=${encodeURIComponent(service)}&scope=repository:yard/cargo:pull`
  assert.equal((await ask(path, { headers: wrong })).status, 401)
  const token: string = JSON.parse((await ask(path, { headers: basic() })).text).token
  const [head, claims, signature] = token.split('.')
  const forged = JSON.parse(Buffer.from(claims ?? '', 'base64url').toString())
  forged.access = [{ type: 'repository', name: 'other', actions: ['pull', 'push', 'delete'] }]
  const text = Buffer.from(JSON.stringify(forged)).toString('base64url')
  assert.equal((await ask(blob, { headers: bearer(`${head}.${text}.${signature}`) })).status, 401)
  assert.equal((await ask(blob, { headers: bearer(token) })).status, 200)
})

test('the OAuth2 form gives the same with a password', async () => {
  const { realm, service } = challengeOf(await ask('/v2/'))
  const form = new URLSearchParams({
    grant_type: 'password',
    service,
    client_id: 'journey',
    scope: 'repository:yard/cargo:pull,push',
    username: registry.login.user,
    password: registry.login.password,
  })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await ask(new URL(realm).pathname, { method: 'POST', headers, body: `${form}` })
  assert.equal(answer.status, 200)
  const { access_token } = JSON.parse(answer.text)
  assert.equal(
    (await ask('/v2/yard/cargo/blobs/uploads/', { method: 'POST', headers: bearer(access_token) })).status,
    202,
  )
})

test('anonymous pull is a setting: pulls without a name, and nothing else', async () => {
  const anonymous = async () => (await ask(blob)).status
  assert.equal((await control('/api/v1/registries/default', 'PATCH', { anonymousPull: true })).status, 200)
  await until('anonymous pull', async () => (await anonymous()) === 200, { timeoutMs: 10_000 })
  assert.equal((await ask('/v2/yard/cargo/blobs/uploads/', { method: 'POST' })).status, 401)
  assert.equal((await ask(blob, { method: 'DELETE' })).status, 401)
  // docker asks for a token first, without credentials.
  const { realm, service } = challengeOf(await ask('/v2/yard/cargo/blobs/uploads/', { method: 'POST' }))
  const path = `${new URL(realm).pathname}?service=${encodeURIComponent(service)}&scope=repository:yard/cargo:pull,push`
  const { token } = JSON.parse((await ask(path)).text)
  assert.equal((await ask(blob, { headers: bearer(token) })).status, 200)
  assert.equal((await ask('/v2/yard/cargo/blobs/uploads/', { method: 'POST', headers: bearer(token) })).status, 401)

  assert.equal((await control('/api/v1/registries/default', 'PATCH', { anonymousPull: false })).status, 200)
  await until('the end of anonymous pull', async () => (await anonymous()) === 401, { timeoutMs: 10_000 })
})

test('two registries by host name share nothing: not names, not digests, not tokens', async () => {
  const host = 'other.example'
  const made = await control('/api/v1/registries', 'POST', { name: 'other', hosts: [host] })
  assert.equal(made.status, 201, made.text)
  const seesOther = async () => (await ask(blob, { host, headers: basic() })).status === 404
  await until('the other registry', seesOther, { timeoutMs: 10_000 })
  assert.equal(
    (
      await ask(`/v2/yard/cargo/blobs/uploads/?mount=${digest}&from=yard/cargo`, {
        method: 'POST',
        host,
        headers: basic(),
      })
    ).status,
    202,
  )

  const content = Buffer.from('other cargo')
  const opened = await ask('/v2/yard/cargo/blobs/uploads/', { method: 'POST', host, headers: basic() })
  const to = `${opened.headers.location}`
  const path = `${to}${to.includes('?') ? '&' : '?'}digest=${sha256(content)}`
  assert.equal((await ask(path, { method: 'PUT', host, headers: basic(), body: content })).status, 201)
  assert.equal((await ask(`/v2/yard/cargo/blobs/${sha256(content)}`, { host, headers: basic() })).text, 'other cargo')
  assert.equal((await ask(`/v2/yard/cargo/blobs/${sha256(content)}`, { headers: basic() })).status, 404)
  assert.equal(
    (await ask(blob, { host: 'nobody.example', headers: basic() })).status,
    200,
    'an unknown host is default',
  )

  const challenge = challengeOf(await ask(blob, { host }))
  assert.equal(new URL(challenge.realm).host, host)
  const token = JSON.parse(
    (await ask(`/token?service=${challenge.service}&scope=repository:yard/cargo:pull`, { host, headers: basic() }))
      .text,
  ).token
  assert.equal((await ask(`/v2/yard/cargo/blobs/${sha256(content)}`, { host, headers: bearer(token) })).status, 200)
  assert.equal((await ask(blob, { headers: bearer(token) })).status, 401, 'a token is for the registry that gave it')
})
