import assert from 'node:assert/strict'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { type Platform, startPlatform } from '../support/platform.ts'
import { cookieOf } from '../support/session.ts'

type Body = { csrfToken?: string; code?: string; title?: string; principal?: { id: string }; sessions?: Listed[] }
type Listed = { id: string; current: boolean }
type Answer = { status: number; headers: Headers; body: Body }

let platform: Platform
before(async () => {
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '1' } })
})
after(() => platform.stop())

async function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<Answer> {
  const answer = await fetch(`${platform.control}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const words = await answer.text()
  return { status: answer.status, headers: answer.headers, body: words === '' ? {} : (JSON.parse(words) as Body) }
}

async function signIn(headers: Record<string, string> = {}): Promise<{ cookie: string; csrf: string; answer: Answer }> {
  const given = { username: 'admin', password: platform.adminPassword }
  const answer = await ask('POST', '/api/v1/session', headers, given)
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return { cookie: cookieOf(answer, 'towpath'), csrf: answer.body.csrfToken ?? '', answer }
}

async function code(asked: Promise<Answer>): Promise<string> {
  const { status, body } = await asked
  return `${status} ${body.code ?? ''}`.trim()
}

test('the admin signs in, changes something and signs out; all of it is in the audit', async () => {
  const offered = await ask('GET', '/api/v1/sign-in')
  assert.deepEqual(offered.body, { local: true, providers: [] })
  assert.deepEqual((await ask('GET', '/api/v1/sign-in?tenant=nobody-knows')).body, { local: false, providers: [] })

  const { cookie, csrf, answer } = await signIn()
  assert.match(cookie, /^towpath=[\w-]{43}$/)
  assert.match(answer.headers.getSetCookie()[0] ?? '', /; Path=\/; HttpOnly; SameSite=Lax$/)
  const mine = await ask('GET', '/api/v1/session', { cookie })
  assert.equal(mine.status, 200)
  assert.deepEqual(mine.body, answer.body)
  assert.partialDeepStrictEqual(mine.body, {
    principal: { tenantId: 'ten_default', id: 'prn_admin', kind: 'user', name: 'admin' },
    platformAdministrator: true,
    signedInBy: 'password',
    tenants: [{ id: 'ten_default', name: 'default', via: 'own' }],
  })
  const made = await ask('POST', '/api/v1/tenants', { cookie, 'x-csrf-token': csrf }, { name: 'by-cookie' })
  assert.equal(made.status, 201)

  const out = await ask('DELETE', '/api/v1/session', { cookie, 'x-csrf-token': csrf })
  assert.equal(out.status, 200)
  assert.match(out.headers.getSetCookie()[0] ?? '', /^towpath=; Max-Age=0; Path=\/; HttpOnly; SameSite=Lax$/)
  assert.equal(await code(ask('GET', '/api/v1/session', { cookie })), '401 SESSION_ENDED')
  assert.equal(
    await code(ask('POST', '/api/v1/session', {}, { username: 'admin', password: 'wrong' })),
    '401 UNAUTHORIZED',
  )

  const audit = await platform.api('/api/v1/audit?actor=prn_admin')
  const { records } = (await audit.json()) as { records: { action: string; result: string }[] }
  const done = records.map(({ action, result }) => `${action} ${result}`)
  for (const one of ['session.create done', 'session.end done']) assert.ok(done.includes(one), one)
  const refused = await platform.api('/api/v1/audit?actor=anonymous&action=session.create&result=denied')
  assert.match(await refused.text(), /"code":"UNAUTHORIZED"/)
})

test('a change by cookie needs the token of that session and comes from this host', async () => {
  const [one, other] = [await signIn(), await signIn()]
  const change = (headers: Record<string, string>) =>
    code(ask('POST', '/api/v1/tenants', { cookie: one.cookie, ...headers }, { name: 'forged' }))
  const token = { 'x-csrf-token': one.csrf }
  const refused = '403 CSRF_REFUSED'
  assert.equal(await change({}), refused)
  assert.equal(await change({ 'x-csrf-token': '' }), refused)
  assert.equal(await change({ 'x-csrf-token': other.csrf }), refused)
  assert.equal(await change({ ...token, origin: 'https://evil.example' }), refused)
  assert.equal(await change({ ...token, origin: 'null' }), refused)
  assert.equal(await change({ ...token, origin: `${platform.control}.evil.example` }), refused)
  // Reading needs none; another site's page can't read the answer.
  assert.equal((await ask('GET', '/api/v1/tenants', { cookie: one.cookie })).status, 200)
  // A form of another site can't sign anybody in either.
  const given = { username: 'admin', password: platform.adminPassword }
  assert.equal(await code(ask('POST', '/api/v1/session', { origin: 'https://evil.example' }, given)), refused)
  assert.equal(await change({ ...token, origin: platform.control }), '201')
})

test('a header beside the cookie is all that counts: no way around either', async () => {
  const { cookie, csrf } = await signIn()
  const password = `Basic ${btoa(`admin:${platform.adminPassword}`)}`
  const tenant = (name: string, headers: Record<string, string>) =>
    code(ask('POST', '/api/v1/tenants', { cookie, ...headers }, { name }))
  assert.equal(await tenant('by-header', { authorization: password }), '201')
  // A header that opens nothing neither falls back to the cookie nor spares it the token.
  for (const wrong of ['', 'Basic', `Basic ${btoa('admin:wrong')}`, 'Bearer a.b.c', 'Negotiate x'])
    assert.equal(await tenant('smuggled', { authorization: wrong, 'x-csrf-token': csrf }), '401 UNAUTHORIZED', wrong)

  // Planted by a neighbouring host: which of them is ours, nobody can say.
  const twice = { cookie: `${cookie}; towpath=${'x'.repeat(43)}` }
  assert.equal(await code(ask('GET', '/api/v1/session', twice)), '401 SESSION_ENDED')
  assert.equal((await ask('GET', '/api/v1/session', { cookie: `other=1; ${cookie}; xtowpath=2` })).status, 200)
  for (const odd of ['towpath=', 'towpath="', `${cookie}x`, `towpath=${'%00'.repeat(10)}`])
    assert.equal(await code(ask('GET', '/api/v1/session', { cookie: odd })), '401 SESSION_ENDED', odd)
  assert.equal(await code(ask('GET', '/api/v1/session', { cookie: 'towpathx=1' })), '401 UNAUTHORIZED')

  // As two header lines, which one client can send.
  const lines = ['host', new URL(platform.control).host, 'cookie', cookie, 'cookie', `towpath=${'y'.repeat(43)}`]
  assert.equal(await rawStatus('/api/v1/session', lines), 401)
  assert.equal(
    await rawStatus('/api/v1/session', [...lines.slice(0, 4), 'authorization', 'x', 'authorization', password]),
    400,
  )
})

function rawStatus(path: string, headers: string[]): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(`${platform.control}${path}`, { headers }, answer => {
      text(answer).then(() => resolve(answer.statusCode), reject)
    })
    asked.once('error', reject).end()
  })
}

test('a sign-in never takes over a secret that was there before, and replaces the browser’s session', async () => {
  const planted = `towpath=${'a'.repeat(43)}`
  const first = await signIn({ cookie: planted })
  assert.notEqual(first.cookie, planted)
  const second = await signIn({ cookie: first.cookie })
  assert.notEqual(second.cookie, first.cookie)
  assert.notEqual(second.csrf, first.csrf)
  assert.equal(await code(ask('GET', '/api/v1/session', { cookie: first.cookie })), '401 SESSION_ENDED')
  assert.equal((await ask('GET', '/api/v1/session', { cookie: second.cookie })).status, 200)
})

test('who is signed in sees his sessions and ends one from elsewhere', async () => {
  const [here, there] = [await signIn(), await signIn()]
  const list = async () => (await ask('GET', '/api/v1/sessions', { cookie: here.cookie })).body.sessions ?? []
  const elsewhere = (await ask('GET', '/api/v1/sessions', { cookie: there.cookie })).body.sessions?.find(
    one => one.current,
  )
  assert.ok(elsewhere)
  assert.equal((await list()).filter(one => one.current).length, 1)
  const headers = { cookie: here.cookie, 'x-csrf-token': here.csrf }
  assert.equal((await ask('DELETE', `/api/v1/sessions/${elsewhere.id}`, headers)).status, 204)
  assert.equal(await code(ask('GET', '/api/v1/session', { cookie: there.cookie })), '401 SESSION_ENDED')
  assert.ok((await list()).every(one => one.id !== elsewhere.id))
  assert.equal(await code(ask('DELETE', `/api/v1/sessions/${elsewhere.id}`, headers)), '404 SESSION_UNKNOWN')
  const basic = await platform.api('/api/v1/session', { method: 'DELETE' })
  assert.equal(((await basic.json()) as Body).code, 'SESSION_NONE')
})

test('a rotated password takes along what it opened; guessing by the form is slowed down', async () => {
  const rotated = await platform.api('/api/v1/admin/passwords/2', { method: 'POST', body: {} })
  const { password } = (await rotated.json()) as { password: string }
  const opened = await ask('POST', '/api/v1/session', {}, { username: 'admin', password })
  const cookie = cookieOf(opened, 'towpath')
  const other = await signIn()
  assert.equal((await ask('GET', '/api/v1/session', { cookie })).status, 200)
  await platform.api('/api/v1/admin/passwords/2', { method: 'POST', body: {} })
  assert.equal(await code(ask('GET', '/api/v1/session', { cookie })), '401 SESSION_ENDED')
  assert.equal((await ask('GET', '/api/v1/session', { cookie: other.cookie })).status, 200)

  // In a browser the answer must not open the window of Basic over the page.
  const page = await ask('GET', '/api/v1/session', { 'user-agent': 'Mozilla/5.0 (X11; Linux)' })
  assert.match(page.headers.get('www-authenticate') ?? '', /^Session /)
  assert.match((await ask('GET', '/api/v1/session')).headers.get('www-authenticate') ?? '', /^Basic /)

  const guesses = Array.from({ length: 14 }, (_, i) => ({ username: 'admin', password: `guess ${i}` }))
  const answers = await Promise.all(guesses.map(given => code(ask('POST', '/api/v1/session', {}, given))))
  assert.ok(answers.includes('429 TOOMANYREQUESTS'), answers.join(', '))
  assert.equal((await ask('GET', '/api/v1/session', { cookie: other.cookie })).status, 200, 'who is in goes on')
})
