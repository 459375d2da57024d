import assert from 'node:assert/strict'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { type Clock, Failure, systemClock } from '../../kernel/index.ts'
import { signApiToken } from '../api-tokens/api-token.ts'
import { createAuthorizer } from '../authorizer.ts'
import { identityRows } from '../identity-rows.ts'
import { hashPassword } from '../password.ts'
import { ringOf } from './key-ring.fixture.ts'
import { newSigningKey } from './signing-key.ts'
import { verifyToken } from './token.ts'
import { createTokenEndpoint } from './token-endpoint.ts'
import { tokenOf } from './tokens.fixture.ts'

type Answer = { status: number; body: Record<string, unknown>; cache: string | undefined }
type Asked = { method?: string; headers?: Record<string, string>; body?: string }

const REGISTRIES: Readonly<Record<string, string>> = { 'open.example': 'reg_open', 'two.example': 'reg_two' }

async function setUp(t: TestContext) {
  const system = systemClock('test')
  const state = { now: system.now(), tokenAudience: 'endpoint' as 'endpoint' | 'registry' }
  const clock: Clock = { ...system, now: () => state.now }
  const keys = ringOf(await newSigningKey(), clock)
  const hash = await hashPassword(clock, 'pa:ss', 16)
  const credentials = [{ user: 'admin' as const, slot: 1 as const, hash, changedAt: 7 }]
  const actions = ['repositories/a/content/read', 'repositories/team/*/content/write']
  const passwords = { 1: { text: 'first' }, 2: { text: 'brief', expiresAt: state.now + 60_000 } }
  const registry = (host: string) => ({
    id: REGISTRIES[host] ?? 'reg_default',
    tokenAudience: state.tokenAudience,
  })
  const tokens = [await tokenOf(clock, { actions, passwords })]
  const grants = [{ principalId: 'prn_bot', actions: ['registry/content/read' as const] }]
  const secrets = [{ id: 'sec_1', hash, expiresAt: state.now + 2 * 3600_000 }]
  const access = {
    tenantId: 'ten_a',
    registries: [{ id: 'reg_default', locked: [], grants }],
    principals: [{ id: 'prn_bot', kind: 'service' as const, groups: [], secrets }],
  }
  const rows = identityRows({ credentials, tokens, registry, access: [access] })
  const authorizer = createAuthorizer({ rows: () => rows, anonymousPull: id => id === 'reg_open', keys, clock })
  const endpoint = createTokenEndpoint({ authorizer, keys, clock, count: () => undefined })
  const server = createServer((req, res) => {
    endpoint(req, res).catch((error: unknown) => {
      const { status, next } = error instanceof Failure ? error : { status: 500, next: '' }
      res.writeHead(status).end(JSON.stringify({ says: String(error), next }))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo

  const ask = (path: string, { method = 'GET', headers = {}, body }: Asked = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const all = { host: 'localhost:5000', connection: 'close', ...headers }
      const sent = request({ port, path, method, headers: all }, res => {
        let text = ''
        res.setEncoding('utf8')
        res.on('data', chunk => {
          text += chunk
        })
        res.on('end', () =>
          resolve({ status: res.statusCode ?? 0, body: JSON.parse(text), cache: res.headers['cache-control'] }),
        )
      })
      sent.on('error', reject)
      sent.end(body)
    })
  const claims = async (answer: Answer, audience: string) => {
    const at = { ...authorizer.shownAt(audience), kind: 'access_token' as const }
    const { kid: _, ...rest } = await verifyToken(keys, clock, String(answer.body.token), at)
    return rest
  }
  const form = (fields: Record<string, string> | [string, string][], path = '/oauth2/token') =>
    ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    })
  return { ask, form, claims, authorizer, state, keys, clock }
}

const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})
const admin = basic('admin', 'pa:ss')
const on = (name: string, ...actions: string[]) => ({ type: 'repository', name, actions })

test('the admin gets what was asked, for the host that was asked', async t => {
  const { ask, claims } = await setUp(t)
  const scopes = 'scope=repository:a:pull,push&scope=repository:b:*+registry:catalog:*'
  const query = `service=R.example&${scopes}&client_id=x&offline_token=true&account=admin`
  for (const path of ['/token', '/oauth2/token']) {
    const answer = await ask(`${path}?${query}`, { headers: admin })
    assert.equal(answer.status, 200)
    assert.equal(answer.cache, 'no-store')
    assert.equal(answer.body.token, answer.body.access_token)
    assert.equal(answer.body.expires_in, 300)
    assert.equal(answer.body.refresh_token, undefined)
    const { issued, expires, ...rest } = await claims(answer, 'r.example')
    assert.equal(new Date(String(answer.body.issued_at)).getTime(), issued * 1000)
    assert.equal(expires, issued + 300)
    assert.deepEqual(rest, {
      kind: 'access_token',
      caller: 'user:admin',
      audience: 'r.example',
      registryId: 'reg_default',
      shared: false,
      proof: '1.7',
      access: [
        on('a', 'pull', 'push'),
        on('b', 'pull', 'push', 'delete', 'metadata_read', 'metadata_write'),
        { type: 'registry', name: 'catalog', actions: ['*'] },
      ],
    })
  }
})

test('without a service the token is for the Host that was called', async t => {
  const { ask, claims } = await setUp(t)
  assert.deepEqual((await claims(await ask('/oauth2/token', { headers: admin }), 'localhost:5000')).access, [])
})

test('nobody gets pull where the registry allows it, and an empty token elsewhere', async t => {
  const { ask, claims } = await setUp(t)
  const scope = 'scope=repository:a:pull,push,delete&scope=registry:catalog:*'
  const open = await claims(await ask(`/oauth2/token?service=open.example&${scope}`), 'open.example')
  assert.deepEqual([open.caller, open.proof, open.access], ['anonymous', undefined, [on('a', 'pull')]])
  const closed = await claims(await ask(`/oauth2/token?service=closed.example&${scope}`), 'closed.example')
  assert.deepEqual(closed.access, [])
})

test('nobody by the form of ACR’s client: an empty refresh token, refused where nobody may pull', async t => {
  const { form, claims } = await setUp(t)
  const fields = { grant_type: 'password', refresh_token: '', service: 'open.example', scope: 'repository:a:pull,push' }
  const answer = await form(fields)
  assert.deepEqual((await claims(answer, 'open.example')).access, [on('a', 'pull')])
  const closed = await form({ ...fields, service: 'closed.example' })
  assert.equal(closed.status, 401)
  assert.match(String(closed.body.says), /without signing in/)
})

test('the form of OAuth2 takes a password', async t => {
  const { form, claims } = await setUp(t)
  const scope = 'repository:a:pull repository:b:push'
  const fields = { grant_type: 'password', service: 'open.example', scope, client_id: 'containerd' }
  const answer = await form({ ...fields, username: 'admin', password: 'pa:ss' })
  assert.deepEqual((await claims(answer, 'open.example')).access, [on('a', 'pull'), on('b', 'push')])
  assert.equal(answer.body.refresh_token, undefined, 'not asked for')
  assert.equal((await form({ ...fields, username: 'admin', password: 'pass' })).status, 401)
  assert.equal((await form({ ...fields, padding: 'x'.repeat(70_000) })).status, 400)
})

test('a token gets of its scopes what its map allows, of several scope parameters, and never the catalog', async t => {
  const { ask, form, claims } = await setUp(t)
  const scopes = [
    'repository:a:pull,push,delete',
    'repository:team/x:pull,push',
    'registry:catalog:*',
    'repository:b:*',
  ]
  const expected = [on('a', 'pull'), on('team/x', 'push')]
  const query = scopes.map(scope => `scope=${scope}`).join('&')
  const got = await claims(await ask(`/oauth2/token?${query}`, { headers: basic('robot', 'first') }), 'localhost:5000')
  assert.deepEqual([got.caller, got.proof, got.access], ['token:robot', 'tok_1.1.1', expected])
  const fields = scopes.map((scope): [string, string] => ['scope', scope])
  const posted = await form([['grant_type', 'password'], ['username', 'robot'], ['password', 'first'], ...fields])
  assert.deepEqual((await claims(posted, 'localhost:5000')).access, expected)
  const elsewhere = await ask('/oauth2/token?service=two.example', { headers: basic('robot', 'first') })
  assert.equal(elsewhere.status, 401, 'it is of another registry')
})

test('a refresh token buys access tokens by form and by docker login, and nothing else', async t => {
  const { ask, form, claims, authorizer, state } = await setUp(t)
  const first = await form({ grant_type: 'password', username: 'robot', password: 'first', access_type: 'offline' })
  const refresh = String(first.body.refresh_token)
  assert.equal(refresh.split('.').length, 3)
  const { exp } = JSON.parse(Buffer.from(refresh.split('.')[1] ?? '', 'base64url').toString())
  assert.equal(exp, Math.floor(state.now / 1000) + 3 * 3600)

  const scope = 'repository:a:pull,push'
  const fields = { grant_type: 'refresh_token', refresh_token: refresh, service: 'localhost:5000', scope }
  const bought = await form({ ...fields, access_type: 'offline' })
  assert.deepEqual((await claims(bought, 'localhost:5000')).access, [on('a', 'pull')])
  assert.equal(bought.body.refresh_token, undefined)
  const user = '00000000-0000-0000-0000-000000000000'
  const login = await ask(`/oauth2/token?scope=${scope}`, { headers: basic(user, refresh) })
  assert.deepEqual((await claims(login, 'localhost:5000')).access, [on('a', 'pull')])
  const again = await form({ grant_type: 'password', username: user, password: refresh, access_type: 'offline' })
  const later = JSON.parse(Buffer.from(String(again.body.refresh_token).split('.')[1] ?? '', 'base64url').toString())
  assert.equal(later.exp, exp, 'one that buys another gains no time')

  assert.equal((await form({ ...fields, service: 'localhost:5001' })).status, 401, 'another endpoint')
  assert.equal((await form({ ...fields, refresh_token: '' })).status, 400)
  assert.equal((await form({ ...fields, refresh_token: String(bought.body.token) })).status, 401, 'an access token')
  await assert.rejects(async () => authorizer.admit(`Bearer ${refresh}`, 'localhost:5000'), { status: 401 })
  state.now += 3 * 3600 * 1000
  const late = await form(fields)
  assert.equal(late.status, 401)
  assert.match(String(late.body.says), /expired/)
})

test('where a registry says so, what one endpoint gave is good at the other', async t => {
  const { form, claims, state } = await setUp(t)
  state.tokenAudience = 'registry'
  const scope = 'repository:a:pull'
  const first = await form({
    grant_type: 'password',
    username: 'robot',
    password: 'first',
    access_type: 'offline',
    scope,
  })
  assert.deepEqual((await claims(first, 'localhost:5001')).access, [on('a', 'pull')])
  const refresh = { grant_type: 'refresh_token', refresh_token: String(first.body.refresh_token), scope }
  assert.equal((await form({ ...refresh, service: 'localhost:5001' })).status, 200)
  assert.equal((await form({ ...refresh, service: 'two.example' })).status, 401)
  await assert.rejects(claims(first, 'two.example'), { status: 401 })
})

test('what a password buys ends with it', async t => {
  const { form, claims, state } = await setUp(t)
  const answer = await form({ grant_type: 'password', username: 'robot', password: 'brief', access_type: 'offline' })
  assert.ok(Number(answer.body.expires_in) <= 60)
  assert.equal((await claims(answer, 'localhost:5000')).expires, Math.floor((state.now + 60_000) / 1000))
})

test('a refresh token is exchanged for one that ends with it', async t => {
  const { form, state } = await setUp(t)
  const first = await form({ grant_type: 'password', username: 'robot', password: 'first', access_type: 'offline' })
  const access_token = String(first.body.refresh_token)
  state.now += 1000_000
  const fields = { grant_type: 'access_token', service: 'localhost:5000', access_token }
  const { refresh_token } = (await form(fields, '/oauth2/exchange')).body
  const ends = (token: unknown) =>
    JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()).exp
  assert.equal(ends(refresh_token), ends(access_token))
  const again = await form({
    grant_type: 'refresh_token',
    refresh_token: String(refresh_token),
    service: 'localhost:5000',
  })
  assert.equal(again.status, 200)
  assert.equal((await form({ ...fields, service: 'two.example' }, '/oauth2/exchange')).status, 401)
  const access = await form({ ...fields, access_token: String(again.body.access_token) }, '/oauth2/exchange')
  assert.match(String(access.body.says), /is an access token/)
  state.now += 3 * 3600 * 1000
  assert.match(String((await form(fields, '/oauth2/exchange')).body.says), /expired/)
})

test('a token of the API is exchanged where its principal may do something, and what it gives ends with what it stands on', async t => {
  const { form, claims, state, keys, clock } = await setUp(t)
  const started = state.now
  const api = async (proof: string, ends?: number) => {
    const principal = { tenantId: 'ten_a', id: 'prn_bot', kind: 'service' } as const
    const { token } = await signApiToken(keys, clock, { principal, proof, ...(ends === undefined ? {} : { ends }) })
    return { grant_type: 'access_token', service: 'localhost:5000', access_token: token }
  }
  const exchange = async (fields: Record<string, string>) => form(fields, '/oauth2/exchange')
  const endOf = (token: unknown) =>
    JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()).exp
  const brief = await api('secret:sec_1', started + 3600_000)
  const first = await exchange(brief)
  assert.equal(first.status, 200, JSON.stringify(first.body))
  assert.equal(endOf(first.body.refresh_token), Math.floor((started + 3600_000) / 1000), 'with what it was made for')
  const bySecret = await exchange(await api('secret:sec_1'))
  assert.equal(endOf(bySecret.body.refresh_token), Math.floor((started + 2 * 3600_000) / 1000), 'with the secret')
  const bought = await form({
    ...{ grant_type: 'refresh_token', refresh_token: String(first.body.refresh_token), service: 'localhost:5000' },
    scope: 'repository:a:pull,push registry:catalog:*',
  })
  const { caller, proof, access } = await claims(bought, 'localhost:5000')
  assert.deepEqual([caller, proof, access], ['principal:ten_a/prn_bot', 'secret:sec_1', [on('a', 'pull')]])

  assert.equal((await exchange({ ...brief, service: 'two.example' })).status, 401, 'no role there')
  assert.equal((await exchange(await api('secret:sec_2'))).status, 401, 'no such secret')
  assert.equal((await exchange({ ...brief, grant_type: 'access_token_refresh_token' })).status, 401)
  state.now = started + 15 * 60_000
  assert.match(String((await exchange(brief)).body.says), /expired/)
})

test('a token of another service is not exchanged, and the answer says what to do instead', async t => {
  const { form, ask } = await setUp(t)
  const fields = { grant_type: 'access_token', service: 'localhost:5000', tenant: 'x', access_token: 'a.b.c' }
  const answer = await form(fields, '/oauth2/exchange')
  assert.equal(answer.status, 401)
  assert.match(String(answer.body.next), /token of the API.*access_type=offline/)
  assert.equal((await form({}, '/oauth2/exchange')).status, 400)
  assert.equal((await ask('/oauth2/exchange')).status, 405)
})

test('a token that no request could carry is not given', async t => {
  const { form } = await setUp(t)
  const scopes = Array.from({ length: 64 }, (_, i) => `repository:${'a'.repeat(105)}${i}:*`)
  const ask = (scope: string[]) =>
    form({ grant_type: 'password', username: 'admin', password: 'pa:ss', scope: scope.join(' ') })
  const refused = await ask(scopes)
  assert.equal(refused.status, 400)
  assert.match(String(refused.body.says), /fits no request header/)
  assert.equal((await ask(scopes.slice(0, 40))).status, 200)
})

test('a wrong password, a token in the place of one, a bad host, scope, form or method are refused', async t => {
  const { ask, form, authorizer } = await setUp(t)
  assert.equal((await ask('/oauth2/token', { headers: basic('admin', 'no') })).status, 401)
  const { body } = await ask('/oauth2/token?scope=repository:a:pull', { headers: admin })
  const bearer = `Bearer ${body.token}`
  assert.equal((await authorizer.admit(bearer, 'localhost:5000')).id, 'user:admin')
  assert.equal((await ask('/oauth2/token', { headers: { authorization: bearer } })).status, 400)
  assert.equal((await ask('/oauth2/token?service=a%20b', { headers: admin })).status, 400)
  assert.equal((await ask('/oauth2/token?scope=nonsense', { headers: admin })).status, 400)
  assert.equal((await ask('/oauth2/token', { method: 'PUT', headers: admin })).status, 405)
  assert.equal((await form({ grant_type: 'magic' })).status, 400)
  const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
  assert.equal((await ask('/oauth2/token', json)).status, 400)
})
