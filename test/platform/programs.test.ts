import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { type Platform, startPlatform } from '../support/platform.ts'

let platform: Platform
let client = { clientId: '', secret: '', id: '' }
before(async () => {
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '1' } })
  const path = '/api/v1/tenants/default/principals'
  const { id } = await made<{ id: string }>(path, { name: 'deployer', kind: 'service' })
  await made('/api/v1/tenants/default/assignments', {
    principalId: id,
    roleId: 'rol_reader',
    scope: '/tenants/ten_default',
  })
  client = await made(`${path}/${id}/secrets`, {})
})
after(() => platform.stop())

async function made<T>(path: string, body: unknown): Promise<T> {
  const answer = await platform.api(path, { method: 'POST', body })
  assert.equal(answer.status, 201, await answer.clone().text())
  return (await answer.json()) as T
}

type Answer = { status: number; body: Record<string, unknown>; headers: Headers }
async function token(form: Record<string, string> | string, headers: Record<string, string> = {}): Promise<Answer> {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString()
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await fetch(`${platform.control}/oauth2/token`, {
    method: 'POST',
    headers: { ...type, ...headers },
    body,
  })
  return { status: answer.status, body: (await answer.json()) as Answer['body'], headers: answer.headers }
}

const grant = { grant_type: 'client_credentials' }
const posted = () => ({ ...grant, client_id: client.clientId, client_secret: client.secret })
const basic = () => ({ authorization: `Basic ${btoa(`${client.clientId}:${client.secret}`)}` })
const bearer = async () => ({ authorization: `Bearer ${(await token(posted())).body.access_token}` })

async function ask(headers: Record<string, string>): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${platform.control}/api/v1/tenants/default/principals`, { headers })
  return { status: answer.status, text: await answer.text() }
}

test('a program finds out how to sign in, gets a token for its secret, and works with it', async () => {
  const described = await fetch(`${platform.control}/.well-known/oauth-authorization-server`)
  const server = (await described.json()) as Record<string, string>
  assert.equal(server.issuer, platform.control)
  assert.equal(server.token_endpoint, `${platform.control}/oauth2/token`)
  const keys = createLocalJWKSet((await (await fetch(server.jwks_uri ?? '')).json()) as JSONWebKeySet)

  for (const { status, body, headers } of [await token(posted()), await token(grant, basic())]) {
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual([body.token_type, body.expires_in, headers.get('cache-control')], ['Bearer', 900, 'no-store'])
    const { payload } = await jwtVerify(String(body.access_token), keys, { audience: 'towpath-api' })
    assert.equal(payload.sub, `ten_default/${client.clientId}`)
    const answer = await ask({ authorization: `Bearer ${body.access_token}` })
    assert.equal(answer.status, 200, answer.text)
    assert.match(answer.text, /deployer/)
  }
  const audit = await (await platform.api(`/api/v1/audit?actor=${client.clientId}&limit=10`)).text()
  assert.match(audit, new RegExp(`"action":"sign-in".*"secret:${client.id}"`), 'and by what it signed in')
})

test('what can not be answered says so in the words of OAuth2', async () => {
  const cases: [Record<string, string> | string, Record<string, string>, number, string][] = [
    [{}, {}, 400, 'invalid_request'],
    [{ ...posted(), grant_type: 'password' }, {}, 400, 'unsupported_grant_type'],
    [grant, {}, 401, 'invalid_client'],
    [{ ...posted(), client_secret: 'wrong' }, {}, 401, 'invalid_client'],
    [{ ...posted(), client_id: 'prn_nobody' }, {}, 401, 'invalid_client'],
    [grant, { authorization: `Basic ${btoa(`admin:${platform.adminPassword}`)}` }, 401, 'invalid_client'],
    [grant, { authorization: 'Basic %%' }, 401, 'invalid_client'],
    [posted(), basic(), 400, 'invalid_request'],
    [{ ...grant, client_id: 'prn_other' }, basic(), 400, 'invalid_request'],
    [`${new URLSearchParams(posted())}&client_id=prn_other`, {}, 400, 'invalid_request'],
    [`a=${'x'.repeat(70_000)}`, {}, 413, 'invalid_request'],
    [posted(), { 'content-type': 'application/json' }, 415, 'invalid_request'],
  ]
  for (const [form, headers, status, error] of cases) {
    const answer = await token(form, headers)
    const what = `${JSON.stringify(form).slice(0, 200)}: ${JSON.stringify(answer.body)}`
    assert.deepEqual([answer.status, answer.body.error], [status, error], what)
    assert.match(String(answer.body.error_description), /^[ !#-[\]-~]{20,}$/, what)
    if (status === 401) assert.match(answer.headers.get('www-authenticate') ?? '', /^Basic /)
    for (const word of [client.secret, platform.adminPassword]) assert.ok(!JSON.stringify(answer.body).includes(word))
  }
  const audit = await (await platform.api('/api/v1/audit?limit=200')).text()
  assert.match(audit, /"action":"sign-in"[^}]*"resource":"\/oauth2\/token"[^}]*"result":"denied"/)
})

test('tokens of the registry open no API, the API’s no registry, and two headers nothing', async () => {
  const at = `http://${platform.registry}/oauth2/token?service=${platform.registry}&scope=registry:catalog:*`
  const admin = `Basic ${btoa(`admin:${platform.adminPassword}`)}`
  const given = (await (await fetch(at, { headers: { authorization: admin } })).json()) as { access_token: string }
  const wrong = await ask({ authorization: `Bearer ${given.access_token}` })
  assert.deepEqual([wrong.status, /for a registry, and this is the API/.test(wrong.text)], [401, true])
  const form = new URLSearchParams({ grant_type: 'password', username: 'admin', password: platform.adminPassword })
  form.set('service', platform.registry)
  form.set('access_type', 'offline')
  const refresh = await fetch(`http://${platform.registry}/oauth2/token`, { method: 'POST', body: form })
  const { refresh_token } = (await refresh.json()) as { refresh_token: string }
  assert.ok(refresh_token)
  for (const authorization of [
    `Bearer ${refresh_token}`,
    `Basic ${btoa(`00000000-0000-0000-0000-000000000000:${refresh_token}`)}`,
  ])
    assert.equal((await ask({ authorization })).status, 401)

  const ours = await bearer()
  const there = await fetch(`http://${platform.registry}/v2/_catalog`, { headers: ours })
  assert.equal(there.status, 401)
  assert.match(await there.text(), /for the API, and this is a registry/)

  const { port } = new URL(platform.control)
  const socket = connect(Number(port), '127.0.0.1')
  const lines = [`authorization: ${ours.authorization}`, `Authorization: ${admin}`, 'connection: close']
  socket.write(`GET /api/v1/tenants HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${lines.join('\r\n')}\r\n\r\n`)
  assert.match(await text(socket), /^HTTP\/1.1 400 [\s\S]*HEADER_TWICE/)
})

test('a token ends at the next request: with its key, with its secret, with its principal', async () => {
  const first = await bearer()
  await platform.api('/api/v1/signing-keys', { method: 'POST', body: { immediately: false } })
  assert.equal((await ask(first)).status, 200, 'a key that was replaced in peace goes on')
  assert.equal((await ask(await bearer())).status, 200)
  await platform.api('/api/v1/signing-keys', { method: 'POST', body: { immediately: true } })
  const lost = await ask(first)
  assert.deepEqual([lost.status, /key that is not in use/.test(lost.text)], [401, true])
  const second = await bearer()
  assert.equal((await ask(second)).status, 200)

  const path = `/api/v1/tenants/default/principals/${client.clientId}`
  await platform.api(path, { method: 'PATCH', body: { enabled: false } })
  assert.equal((await ask(second)).status, 401)
  assert.equal((await token(posted())).status, 401)
  await platform.api(path, { method: 'PATCH', body: { enabled: true } })
  assert.equal((await ask(second)).status, 200)
  await platform.api(`${path}/secrets/${client.id}`, { method: 'DELETE' })
  const ended = await ask(second)
  assert.deepEqual([ended.status, /taken away or has ended/.test(ended.text)], [401, true])
})
