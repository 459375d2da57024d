import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setUp } from '../testing/setup.fixture.ts'
import { parseRetryAfter } from './retry.ts'
import { createSession } from './session.ts'
import type { HttpReply, HttpRequest, HttpSend } from './transport.ts'

type Canned = { status: number; headers?: Record<string, string | string[]>; body?: string }

/** A session over answers made by hand, and what was sent to get them. */
function scripted(answer: (request: HttpRequest, index: number) => Canned | Error, host = 'registry.example') {
  const sent: HttpRequest[] = []
  const send: HttpSend = async request => {
    sent.push(request)
    const canned = answer(request, sent.length - 1)
    if (canned instanceof Error) throw canned
    return replyOf(canned)
  }
  const clock = { ...hasty }
  const session = createSession({
    send,
    clock,
    credentials: asked => (asked === host ? { username: 'u', password: 'p' } : undefined),
  })
  const call = (to = '/v2/x', method: 'GET' | 'POST' = 'GET') =>
    session.call({ method, host, to, scopes: ['repository:x:pull'], expect: [200], what: 'x' })
  return { sent, call, authorizations: () => sent.map(one => one.headers.authorization) }
}

const hasty = {
  now: () => 0,
  monotonic: () => 0,
  tick: () => '' as never,
  sleep: async () => {},
  random: () => 0,
  bytes: () => new Uint8Array(),
}

function replyOf({ status, headers = {}, body = '' }: Canned): HttpReply {
  const all = (name: string) => [headers[name] ?? []].flat()
  return {
    status,
    header: name => all(name)[0],
    headers: all,
    body: (async function* () {
      yield Buffer.from(body)
    })(),
    discard() {},
  }
}

const basicOfUser = `Basic ${Buffer.from('u:p').toString('base64')}`
const bearer = (realm: string) => ({
  status: 401,
  headers: { 'www-authenticate': `Bearer realm="${realm}",service="s",scope="repository:x:pull"` },
})
const token = { status: 200, body: '{"access_token":"t0ken","expires_in":300}' }

test('a token is fetched once a scope and kept', async () => {
  const { sent, call, authorizations } = scripted(request => {
    if (request.url.host === 'auth.example') return token
    return request.headers.authorization ? { status: 200 } : bearer('https://auth.example/token')
  })
  await call()
  await call()
  assert.deepEqual(authorizations(), [undefined, basicOfUser, 'Bearer t0ken', 'Bearer t0ken'])
  assert.equal(sent[1]?.url.search, '?service=s&scope=repository%3Ax%3Apull&account=u')
})

test('a token service without GET is asked by POST', async () => {
  const { sent, call } = scripted(request => {
    if (request.url.host === 'auth.example') return request.method === 'GET' ? { status: 405 } : token
    return request.headers.authorization ? { status: 200 } : bearer('https://auth.example/token')
  })
  await call()
  const form = Buffer.concat(await Array.fromAsync(sent[2]?.body?.open() ?? [])).toString()
  assert.match(
    form,
    /^grant_type=password&username=u&password=p&client_id=towpath&scope=repository%3Ax%3Apull&service=s$/,
  )
})

test('a password never goes to a realm over plain http', async () => {
  for (const realm of ['http://auth.example/token', 'http://registry.example/token', 'ftp://x/']) {
    const { call, authorizations } = scripted(() => bearer(realm))
    await assert.rejects(
      call(),
      error => error instanceof Error && 'code' in error && /OCI_(INSECURE|PROTOCOL)/.test(String(error.code)),
    )
    assert.deepEqual(authorizations(), [undefined])
  }
})

test('credentials do not follow a redirect to another host, nor answer its challenge', async () => {
  const { call, authorizations } = scripted((request, index) => {
    if (index === 0) return { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } }
    if (request.url.host === 'registry.example')
      return { status: 307, headers: { location: 'https://bytes.example/x?sig=1' } }
    return { status: 401, headers: { 'www-authenticate': 'Basic realm="evil"' } }
  })
  await assert.rejects(call(), { code: 'OCI_UNAUTHORIZED' })
  assert.deepEqual(authorizations(), [undefined, basicOfUser, undefined])
})

test('a redirect from https to http, in a circle, or of a POST by 302 is refused', async () => {
  const to = (location: string, status = 307) => scripted(() => ({ status, headers: { location } }))
  await assert.rejects(to('http://registry.example/').call(), { code: 'OCI_INSECURE' })
  await assert.rejects(to('file:///etc/passwd').call(), { code: 'OCI_INSECURE' })
  await assert.rejects(to('/v2/x').call(), { code: 'OCI_PROTOCOL' })
  await assert.rejects(to('/v2/x', 302).call('/v2/x', 'POST'), { code: 'OCI_PROTOCOL' })
})

test('what passes is tried again, what stays is not', async () => {
  const down = scripted((_request, index) =>
    index < 2 ? new Error('ECONNRESET') : { status: index === 2 ? 503 : 200 },
  )
  await down.call()
  assert.equal(down.sent.length, 4)
  const missing = scripted(() => ({ status: 404 }))
  await assert.rejects(missing.call(), { code: 'OCI_UNKNOWN' })
  assert.equal(missing.sent.length, 1)
  const dead = scripted(() => new Error('connect ECONNREFUSED'))
  await assert.rejects(dead.call(), { code: 'OCI_UNREACHABLE', message: /ECONNREFUSED/ })
  assert.equal(dead.sent.length, 5)
})

test('a registry that asks for too long a wait is believed at once', async () => {
  const busy = scripted(() => ({ status: 429, headers: { 'retry-after': '3600' } }))
  await assert.rejects(busy.call(), { code: 'OCI_TOO_MANY' })
  assert.equal(busy.sent.length, 1)
})

test('what a registry says about an error reaches the user without its escape sequences', async () => {
  const denied = scripted(() => ({ status: 403, body: '{"errors":[{"code":"DENIED","message":"no \\u001b[31mway"}]}' }))
  await assert.rejects(denied.call(), { code: 'OCI_DENIED', message: /\(x\): DENIED: no {1,2}\[31mway$/ })
})

test('Retry-After is waited for, and Warning is heard', async t => {
  const heard: string[] = []
  const fault = (_method: string, _url: URL, seen: number) =>
    seen === 0 ? { status: 429, headers: { 'retry-after': '7', warning: '299 - "slow \\"down\\""' } } : undefined
  const { client, registry, clock } = await setUp(t, { fault }, { onWarning: (_host, text) => heard.push(text) })
  await client.ping(registry.host)
  assert.deepEqual(clock.slept, [7125])
  assert.deepEqual(heard, ['slow "down"'])
  assert.equal(parseRetryAfter('Thu, 01 Jan 1970 00:00:05 GMT', 2000), 3000)
})

test('wrong credentials and none are told apart', async t => {
  const wrong = await setUp(t, { basic: 'Basic eDp5' }, { credentials: () => ({ username: 'x', password: 'no' }) })
  await assert.rejects(wrong.client.ping(wrong.registry.host), { code: 'OCI_UNAUTHORIZED', message: /does not accept/ })
  const none = await setUp(t, { basic: 'Basic eDp5' })
  await assert.rejects(none.client.ping(none.registry.host), {
    code: 'OCI_UNAUTHORIZED',
    message: /asks for credentials/,
  })
  const right = await setUp(t, { basic: 'Basic eDp5' }, { credentials: () => ({ username: 'x', password: 'y' }) })
  await right.client.ping(right.registry.host)
})

test('many transfers that begin together ask for one token', async t => {
  let asked = 0
  const realm = createServer((_request, response) => {
    asked++
    response.end('{"token":"abc"}')
  })
  await listening(t, realm)
  const address = `http://127.0.0.1:${(realm.address() as AddressInfo).port}/token`
  const { client, registry, repo } = await setUp(t, { token: { text: 'abc', realm: () => address } })
  registry.manifests.set('team/app:1', { bytes: Buffer.from('{}'), type: 'x/y' })
  await client.resolve({ ...repo, tag: '1' })
  asked = 0
  await Promise.all(Array.from({ length: 8 }, () => client.listTags(repo).next()))
  assert.equal(asked, 0)
  await Promise.all(Array.from({ length: 8 }, () => client.hasBlob(repo, `sha256:${'0'.repeat(64)}` as never)))
  assert.equal(asked, 1)
})

async function listening(t: TestContext, server: ReturnType<typeof createServer>): Promise<void> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
}
