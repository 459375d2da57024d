import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openFakeProvider } from '../../src/identity/oidc/provider.fixture.ts'
import { runTowpath, towpathDone } from '../support/command.ts'
import { type Platform, startPlatform } from '../support/platform.ts'
import { cookieOf } from '../support/session.ts'

let platform: Platform
let fake: Awaited<ReturnType<typeof openFakeProvider>>
before(async () => {
  fake = await openFakeProvider()
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '1', TOWPATH_OUTBOUND_ALLOW_0: '127.0.0.1' } })
})
after(async () => {
  fake.close()
  await platform.stop()
})

const towpath = (words: string[], input = '') => runTowpath(platform, words, { input })

const done = (words: string[], input = '') => towpathDone(platform, words, { input })

function get(path: string, cookie = ''): Promise<Response> {
  return fetch(`${platform.control}${path}`, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } })
}

const START = '/auth/oidc/default/corp/start'
const CALLBACK = '/auth/oidc/ten_default/corp/callback'

/** As a browser does it, up to the way back; the provider then vouches for `subject`. */
async function begin(claims: Record<string, unknown>, back = '/registries?x=1') {
  fake.behave({ claims, metadata: { end_session_endpoint: `${fake.issuer}/end` } })
  const answer = await get(`${START}?return=${encodeURIComponent(back)}`)
  assert.equal(answer.status, 302)
  const url = new URL(answer.headers.get('location') ?? '')
  assert.equal(url.origin, fake.issuer)
  fake.expect(url.searchParams.get('nonce') ?? '')
  return {
    answer,
    login: cookieOf(answer, 'towpath-login'),
    path: `${CALLBACK}?code=c&state=${url.searchParams.get('state')}`,
  }
}

async function whoIs(cookie: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await get('/api/v1/session', cookie)
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

test('a provider is made on the command line; its secret is nowhere to be seen', async () => {
  await done(['principal', 'create', 'ops', '--kind', 'group'])
  await done(['principal', 'create', 'ann@corp.example', '--kind', 'user'])
  const create = ['sign-in-provider', 'create', 'corp', '--title', 'Corp account', '--client-id', 'client']
  const more = ['--groups-claim', 'groups', '--group', 'cn=ops,ou=x=ops']
  assert.match((await towpath([...create, '--issuer', fake.issuer])).stderr, /CLIENT_SECRET_MISSING|no client secret/)
  const elsewhere = await towpath([...create, '--issuer', 'http://login.corp.example'], 'the-client-secret\n')
  assert.match(elsewhere.stderr, /without TLS, and outbound.allow does not name it/)
  const made = await done([...create, ...more, '--issuer', fake.issuer, '-o', 'json'], 'the-client-secret\n')
  const { id, redirectUri, groups } = JSON.parse(made) as {
    id: string
    redirectUri: string
    groups: { value: string }[]
  }
  assert.match(id, /^sip_/)
  assert.equal(redirectUri, `${platform.control}${CALLBACK}`)
  assert.equal(groups[0]?.value, 'cn=ops,ou=x')
  const shown = [
    made,
    await done(['sign-in-provider', 'list', '-o', 'json']),
    await done(['audit', 'query', '-o', 'json']),
  ]
  assert.ok(!shown.join('').includes('the-client-secret'))
  const offered = await get('/api/v1/sign-in')
  const providers = [{ tenant: 'default', name: 'corp', title: 'Corp account' }]
  assert.deepEqual(await offered.json(), { local: true, providers })
})

test('who was invited signs in, is in the group that the provider names, and out again', async () => {
  const { answer, login, path } = await begin({
    email: 'ann@corp.example',
    email_verified: true,
    groups: ['cn=ops,ou=x'],
  })
  assert.match(answer.headers.getSetCookie()[0] ?? '', /; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/)
  const planted = `towpath=${'a'.repeat(43)}`
  const back = await get(path, `${login}; ${planted}`)
  assert.equal(back.status, 302)
  assert.equal(back.headers.get('location'), '/registries?x=1')
  assert.equal(cookieOf(back, 'towpath-login'), 'towpath-login=')
  assert.equal(fake.forms.at(-1)?.get('redirect_uri'), `${platform.control}${CALLBACK}`)
  const cookie = cookieOf(back, 'towpath')
  assert.match(cookie, /^towpath=[\w-]{43}$/)
  assert.notEqual(cookie, planted)
  const { body } = await whoIs(cookie)
  assert.partialDeepStrictEqual(body, {
    principal: { tenantId: 'ten_default', kind: 'user', name: 'ann@corp.example' },
    platformAdministrator: false,
    signedInBy: 'oidc:corp',
  })
  const { principals } = (await (await platform.api('/api/v1/tenants/default/principals')).json()) as {
    principals: { id: string; name: string }[]
  }
  const group = principals.find(one => one.name === 'ops')?.id
  const members = async () =>
    ((await (await platform.api(`/api/v1/tenants/default/principals/${group}`)).json()) as { members: string[] })
      .members
  const ann = principals.find(one => one.name === 'ann@corp.example')?.id ?? ''
  assert.deepEqual(await members(), [ann])

  // The same person, whatever she is called now; the group went.
  const again = await begin({ email: 'renamed@corp.example', email_verified: true })
  const second = cookieOf(await get(again.path, again.login), 'towpath')
  assert.equal((await whoIs(second)).status, 200)
  assert.deepEqual(await members(), [])

  const headers = { cookie: second, 'x-csrf-token': String((await whoIs(second)).body.csrfToken) }
  const out = await fetch(`${platform.control}/api/v1/session`, { method: 'DELETE', headers })
  assert.deepEqual(await out.json(), { endSessionUrl: `${fake.issuer}/end?client_id=client` })
  assert.equal((await whoIs(second)).status, 401)
  const disable = { method: 'PATCH', body: { enabled: false } }
  assert.equal((await platform.api(`/api/v1/tenants/default/principals/${ann}`, disable)).status, 200)
  assert.equal((await whoIs(cookie)).status, 401, 'disabled is out at the next request')
  const locked = await begin({})
  assert.equal((await get(locked.path, locked.login)).headers.get('location'), '/sign-in?problem=SIGN_IN_REFUSED')
})

test('a return that is no path of ours is refused before anything begins', async () => {
  for (const evil of [
    '//evil.example',
    '/\\evil.example',
    'https:',
    'https://evil.example',
    '/.//evil.example',
    '/\tx',
  ]) {
    const answer = await get(`${START}?return=${encodeURIComponent(evil)}`)
    assert.equal(answer.status, 400, evil)
    assert.equal(answer.headers.get('location'), null)
  }
})

test('whatever goes wrong ends on the page that signs in, with a code, and in the audit', async () => {
  const ends = async (path: string, cookie = '') => {
    const answer = await get(path, cookie)
    assert.equal(cookieOf(answer, 'towpath'), '', 'nobody is signed in')
    return answer.headers.get('location')
  }
  const page = (code: string) => `/sign-in?problem=${code}`
  assert.equal(await ends('/auth/oidc/default/none/start'), page('SIGN_IN_PROVIDER_UNKNOWN'))
  assert.equal(await ends('/auth/oidc/none/corp/start'), page('SIGN_IN_PROVIDER_UNKNOWN'))
  const { login, path } = await begin({ sub: 'stranger', email: 'stranger@corp.example', email_verified: true })
  // A link that somebody else prepared: this browser never began it.
  assert.equal(await ends(path), page('OIDC_LOGIN_EXPIRED'))
  const other = await begin({ sub: 'stranger' })
  assert.equal(await ends(path, other.login), page('OIDC_ANSWER_WRONG'))
  const moved = (await ends(path.replace('/corp/', '/none/'), login)) ?? ''
  assert.match(moved, /problem=SIGN_IN_PROVIDER_UNKNOWN/)
  // An answer that is carried to the address of another provider, be it the same one underneath.
  const second = ['sign-in-provider', 'create', 'second', '--title', 'Second', '--client-id', 'client']
  await done([...second, '--issuer', fake.issuer], 'the-client-secret')
  assert.equal(await ends(path.replace('/corp/', '/second/'), login), page('OIDC_LOGIN_EXPIRED'))
  const refused = `${CALLBACK}?error=access_denied&${path.split('&')[1]}`
  assert.equal(await ends(refused, login), page('OIDC_REFUSED'))
  const last = await begin({ sub: 'stranger', email: 'stranger@corp.example', email_verified: true })
  assert.equal(await ends(last.path, last.login), page('OIDC_NOT_INVITED'))
  const audit = await platform.api('/api/v1/audit?action=session.create&result=denied')
  assert.match(await audit.text(), /OIDC_NOT_INVITED/)

  // A name that one may give oneself there opens nothing, until an owner says that it is none of those.
  await done(['principal', 'create', 'waiting', '--kind', 'user'])
  const named = await begin({ sub: 'waits', preferred_username: 'waiting' })
  assert.equal(await ends(named.path, named.login), page('OIDC_NOT_INVITED'))
  await done(['sign-in-provider', 'update', 'corp', '--invited-by', 'username'])
  const known = await begin({ sub: 'waits', preferred_username: 'waiting' })
  const entered = await whoIs(cookieOf(await get(known.path, known.login), 'towpath'))
  assert.partialDeepStrictEqual(entered.body, { principal: { name: 'waiting' } })

  assert.match(await done(['sign-in-provider', 'update', 'corp', '--provisioning', 'automatic']), /automatic/)
  const made = await begin({ sub: 'stranger', preferred_username: 'stranger' })
  const session = await whoIs(cookieOf(await get(made.path, made.login), 'towpath'))
  assert.partialDeepStrictEqual(session.body, { principal: { name: 'stranger' } })
  assert.deepEqual(session.body.tenants, [{ id: 'ten_default', name: 'default', via: 'own' }])
  await done(['sign-in-provider', 'delete', 'corp', '--yes'])
  assert.equal(await ends(START), page('SIGN_IN_PROVIDER_UNKNOWN'))
})
