import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { createHttpClient, type Failure, systemClock } from '../../kernel/index.ts'
import { createOidcClient } from './oidc-client.ts'
import { type Behaviour, newProviderKey, openFakeProvider } from './provider.fixture.ts'

const clock = systemClock('test')
const back = 'http://127.0.0.1:7070/auth/oidc/ten_a/corp/callback'
const now = () => Math.floor(Date.now() / 1000)

async function open(t: TestContext, allow = ['127.0.0.1']) {
  const fake = await openFakeProvider()
  const http = createHttpClient({ clock, allow: ['127.0.0.1'] })
  t.after(() => {
    http.close()
    fake.close()
  })
  const fresh = () => createOidcClient({ http, clock, allow })
  const oidc = fresh()

  /** The whole way, with what the browser brings back bent by `bend`. */
  async function signIn(
    behaviour: Partial<Behaviour> = {},
    bend: (query: URLSearchParams) => void = () => {},
    client = oidc,
  ) {
    fake.behave(behaviour)
    const { url, login } = await client.start(fake.provider(), back)
    fake.expect(login.nonce)
    const returned = new URLSearchParams({ code: 'code', state: login.state })
    bend(returned)
    return {
      url: new URL(url),
      login,
      person: await client.finish(fake.provider(), 'secret', { login, redirectUri: back, returned }),
    }
  }
  /** What it is refused with, in one line. */
  async function refused(...asked: Parameters<typeof signIn>): Promise<string> {
    const error: Failure = await signIn(...asked).then(
      () => assert.fail('it was taken'),
      thrown => thrown,
    )
    assert.equal(error.cause instanceof Error && /eyJ/.test(String(error.cause.cause)), false)
    assert.doesNotMatch(`${error.message} ${JSON.stringify(error)}`, /eyJ|secret/, 'no token stands in an error')
    return `${error.code}: ${error.message}`
  }
  return { fake, fresh, signIn, refused }
}

test('the way to the provider and back, with PKCE, state and nonce', async t => {
  const { fake, signIn } = await open(t)
  const { url, login, person } = await signIn({ claims: { email: 'ann@corp.example', email_verified: true } })
  assert.equal(`${url.origin}${url.pathname}`, `${fake.issuer}/auth`)
  const asked = Object.fromEntries(url.searchParams)
  assert.deepEqual(asked, {
    client_id: 'client',
    redirect_uri: back,
    response_type: 'code',
    response_mode: 'query',
    scope: 'openid email',
    state: login.state,
    nonce: login.nonce,
    code_challenge: createHash('sha256').update(login.verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  const form = Object.fromEntries(fake.forms[0] ?? [])
  assert.deepEqual(form, {
    grant_type: 'authorization_code',
    code: 'code',
    redirect_uri: back,
    code_verifier: login.verifier,
  })
  assert.deepEqual(person, { subject: 'subject-1', mail: 'ann@corp.example', username: undefined, groups: [] })
  const again = await signIn()
  assert.notEqual(again.login.state, login.state)
  assert.notEqual(again.login.verifier, login.verifier)
})

test('userinfo fills what the id token leaves out, and is of the same person or of nobody', async t => {
  const { fake, fresh, signIn, refused } = await open(t)
  const metadata = { userinfo_endpoint: `${fake.issuer}/userinfo` }
  const userinfo = { email: 'other@corp.example', email_verified: true, preferred_username: 'ann' }
  const { person } = await signIn({ metadata, userinfo, claims: { email: 'ann@corp.example' } })
  assert.deepEqual([person.mail, person.username], ['ann@corp.example', 'ann'], 'what is signed counts first')
  assert.match(await refused({ metadata, userinfo: { sub: 'another' } }, undefined, fresh()), /^OIDC_ANSWER_WRONG/)
})

test('id tokens that anybody could have made, or that are for another, are refused', async t => {
  const { fake, signIn, refused } = await open(t)
  const unsigned = (header: object, claims: object) =>
    [header, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const wrong: Record<string, [Partial<Behaviour>, RegExp]> = {
    'a wrong nonce': [{ claims: { nonce: 'another' } }, /nonce/],
    'no nonce': [{ claims: { nonce: undefined } }, /nonce/],
    'a wrong audience': [{ claims: { aud: 'another-client' } }, /"aud"/],
    'several audiences, none of them vouched for': [{ claims: { aud: ['client', 'another'] } }, /aud/],
    'made for another': [{ claims: { aud: ['client', 'another'], azp: 'another' } }, /aud|azp/],
    'a wrong issuer': [{ claims: { iss: 'https://evil.example' } }, /"iss"/],
    'long expired': [{ claims: { iat: now() - 900, exp: now() - 600 } }, /exp/],
    'no expiry': [{ claims: { exp: undefined } }, /exp/],
    'of the future': [{ claims: { iat: now() + 600, exp: now() + 900 } }, /future/],
    'no subject': [{ claims: { sub: undefined } }, /sub/],
    'a subject that is no text': [{ claims: { sub: 7 } }, /sub/],
    'alg none': [{ idToken: claims => `${unsigned({ alg: 'none' }, claims)}.` }, /alg/],
    'no key of that id': [{ header: { kid: 'unknown' } }, /key/],
    'no token at all': [{ idToken: () => 'not a token' }, /JWT/],
  }
  // The public key, which anybody has, as the secret of an HMAC.
  const pem = JSON.stringify(fake.keys[0]?.publicJwk)
  for (const [what, secret] of [
    ['HS256 by the public key', pem],
    ['HS256 by the client’s secret', 'secret'],
  ] as const)
    wrong[what] = [
      {
        metadata: { id_token_signing_alg_values_supported: ['none', 'HS256', 'RS256'] },
        idToken: claims => {
          const text = unsigned({ alg: 'HS256', kid: 'first' }, claims)
          return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
        },
      },
      /alg/,
    ]
  const stranger = await newProviderKey('first')
  wrong['signed by another key under the same id'] = [{ jwks: { keys: [stranger.publicJwk] } }, /signature/]
  for (const [what, [behaviour, words]] of Object.entries(wrong)) {
    const says = await refused(behaviour)
    assert.match(says, /^OIDC_ANSWER_WRONG: /, what)
    assert.match(says, words, what)
  }
  // Within what clocks may differ by; and what is refused above is taken where nothing is bent.
  await signIn({ claims: { iat: now() + 30, exp: now() - 30 } })
  await signIn({ claims: { aud: ['client', 'another'], azp: 'client' } })
})

test('what the browser brings back is checked before the provider is asked anything', async t => {
  const { fake, refused, signIn } = await open(t)
  await signIn()
  const before = fake.forms.length
  const bent: [(query: URLSearchParams) => void, RegExp][] = [
    [query => query.set('state', 'another'), /state/],
    [query => query.delete('state'), /state/],
    [query => query.append('state', 'twice'), /state/],
    [query => query.delete('code'), /code/],
    [query => query.append('code', 'twice'), /code/],
    // Another provider answers in this one's place.
    [query => query.set('iss', 'https://evil.example'), /iss/],
    [query => query.set('response', 'a.b.c'), /response/],
  ]
  for (const [bend, words] of bent) assert.match(await refused({}, bend), words)
  assert.match(
    await refused({}, query => {
      query.delete('code')
      query.set('error', 'access_denied')
    }),
    /^OIDC_REFUSED: .*access_denied/,
  )
  assert.match(
    await refused({}, query => {
      query.delete('code')
      query.set('error', '<script>')
    }),
    /without a name/,
  )
  assert.equal(fake.forms.length, before)
})

test('a provider that says it names itself in the answer must do so', async t => {
  const { fake, refused, signIn } = await open(t)
  const metadata = { authorization_response_iss_parameter_supported: true }
  assert.match(await refused({ metadata }), /iss/)
  await signIn({ metadata }, query => query.set('iss', fake.issuer))
})

test('a key that was rotated is taken at the next sign-in, and no sign-in asks more than once', async t => {
  const { fake, signIn, refused } = await open(t)
  await signIn()
  fake.keys.push(await newProviderKey('second'))
  await signIn()
  const asked = fake.asked.length
  assert.match(await refused({ header: { kid: 'unknown' } }), /key/)
  assert.deepEqual(fake.asked.slice(asked), ['/token', '/jwks'])
})

test('what is huge, slow, elsewhere or no provider at all ends in words', async t => {
  const { fake, fresh, refused } = await open(t)
  const on = (path: string, answer: NonNullable<Behaviour['answer']>): Partial<Behaviour> => ({
    answer: (req, res) => req.url === path && answer(req, res),
  })
  const huge = on('/token', (_, res) => {
    res.setHeader('content-type', 'application/json')
    res.end(`{"access_token":"${'x'.repeat(300 * 1024)}"}`)
    return true
  })
  assert.match(await refused(huge), /^OIDC_UNREACHABLE: .*more than 262144 bytes/)
  const cut = on('/jwks', (_, res) => {
    res.destroy()
    return true
  })
  assert.match(await refused(cut), /^OIDC_UNREACHABLE/)
  const elsewhere = on('/token', (_, res) => {
    res.writeHead(307, { location: 'http://169.254.169.254/' }).end()
    return true
  })
  assert.match(await refused(elsewhere), /^OIDC_ANSWER_WRONG/, 'no redirect is followed with the secret')
  const error = on('/token', (_, res) => {
    res.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}')
    return true
  })
  assert.match(await refused(error), /^OIDC_ANSWER_WRONG: .*invalid_client/)

  const discovery = '/.well-known/openid-configuration'
  const page = on(discovery, (_, res) => {
    res.end('<html>')
    return true
  })
  assert.match(await refused(page, undefined, fresh()), /^OIDC_UNREACHABLE: .*no JSON/)
  const another = { metadata: { issuer: 'https://honest.example' } }
  assert.match(await refused(another, undefined, fresh()), /describes another issuer/)
  const inside = { metadata: { token_endpoint: 'http://192.168.1.1/token' } }
  assert.match(await refused(inside, undefined, fresh()), /without TLS/)
  const script = { metadata: { end_session_endpoint: 'javascript:alert(1)' } }
  assert.match(await refused(script, undefined, fresh()), /^OIDC_UNREACHABLE/)
  const private_ = { metadata: { token_endpoint: 'https://192.168.1.1/token' } }
  assert.match(await refused(private_, undefined, fresh()), /private address/)
  assert.ok(fake.asked.length > 0)
})

test('a silent provider is given up after ten seconds, and keeps sixteen waiting at most', {
  timeout: 60_000,
}, async t => {
  const { fake, fresh } = await open(t)
  const oidc = fresh()
  const { login } = await oidc.start(fake.provider(), back)
  fake.behave({ answer: () => true })
  const returned = new URLSearchParams({ code: 'code', state: login.state })
  const began = clock.monotonic()
  const all = Array.from({ length: 20 }, () =>
    oidc.finish(fake.provider(), 'secret', { login, redirectUri: back, returned }),
  )
  const codes = (await Promise.allSettled(all)).map(one => (one.status === 'rejected' ? one.reason.code : 'taken'))
  assert.equal(codes.filter(code => code === 'OIDC_BUSY').length, 4)
  assert.equal(codes.filter(code => code === 'OIDC_UNREACHABLE').length, 16)
  assert.ok(clock.monotonic() - began < 30_000)
})

test('an issuer without TLS is asked only where the configuration names it', async t => {
  const { fake, refused } = await open(t, [])
  assert.match(await refused(), /^OIDC_UNREACHABLE: .*without TLS/)
  assert.deepEqual(fake.asked, [])
})
