import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Platform, startPlatform } from '../support/platform.ts'
import { type OpenIdProvider, openIdProvider } from './support/openid-provider.ts'

// A certified OpenID provider, with its own pages for signing in and agreeing, driven as a browser does it.

const PEOPLE: Record<string, Record<string, unknown>> = {
  ann: { email: 'ann@corp.example', email_verified: true, groups: ['team-a', 'team-b'] },
  mallory: { email: 'ann@corp.example', email_verified: false, preferred_username: 'mallory' },
}

let platform: Platform
let provider: OpenIdProvider

before(async () => {
  provider = await openIdProvider()
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '1', TOWPATH_OUTBOUND_ALLOW_0: '127.0.0.1' } })
  const client = {
    client_id: 'towpath',
    client_secret: 'the-secret-of-the-client',
    token_endpoint_auth_method: 'client_secret_basic',
  }
  provider.serve({
    clients: [{ ...client, redirect_uris: [`${platform.control}/auth/oidc/ten_default/peer/callback`] }],
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['preferred_username'],
      groups: ['groups'],
    },
    scopes: ['openid', 'email', 'profile', 'groups'],
    findAccount: (_context: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub, ...PEOPLE[sub] }) }),
  })

  const tenant = '/api/v1/tenants/default'
  const make = async (path: string, body: unknown) => {
    const made = await platform.api(`${tenant}/${path}`, { method: 'POST', body })
    assert.equal(made.status, 201, await made.clone().text())
    return (await made.json()) as { id: string }
  }
  await make('principals', { kind: 'user', name: 'ann@corp.example' })
  const { id } = await make('principals', { kind: 'group', name: 'operators' })
  await make('sign-in-providers', {
    ...{
      name: 'peer',
      title: 'Peer',
      issuer: provider.issuer,
      clientId: client.client_id,
      clientSecret: client.client_secret,
    },
    ...{ scopes: ['openid', 'email', 'profile', 'groups'], groupsClaim: 'groups' },
    groups: [{ value: 'team-b', groupId: id }],
  })
})
after(async () => {
  await platform?.stop()
  await provider?.close()
})

/** Cookies by host and name, as a browser keeps them; follows where it is sent until it comes back to us. */
function browser() {
  const jar = new Map<string, Map<string, string>>()

  async function ask(url: URL, form?: Record<string, string>): Promise<Response> {
    const held = jar.get(url.host) ?? new Map<string, string>()
    jar.set(url.host, held)
    const cookie = [...held].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: cookie === '' ? {} : { cookie },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      const value = pair.slice(at + 1)
      if (value === '') held.delete(pair.slice(0, at))
      else held.set(pair.slice(0, at), value)
    }
    return answer
  }

  return {
    jar,
    ask,
    /** Signs in as `login` on the provider's own pages; where it ends at ours. */
    async signIn(login: string): Promise<URL> {
      let url = new URL('/auth/oidc/default/peer/start?return=/registries', platform.control)
      for (let steps = 0; steps < 15; steps++) {
        const answer = await ask(url)
        const location = answer.headers.get('location')
        if (location !== null) {
          const next = new URL(location, url)
          if (next.origin === platform.control && !next.pathname.startsWith('/auth/')) return next
          url = next
          continue
        }
        const page = await answer.text()
        const action = /action="([^"]+)"/.exec(page)?.[1]
        const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1]
        assert.ok(action && prompt, `${answer.status} ${page.slice(0, 500)}`)
        const sent = await ask(new URL(action, url), { prompt, login, password: 'any' })
        url = new URL(sent.headers.get('location') ?? '', url)
      }
      return assert.fail('it never came back')
    },
  }
}

test('ann signs in at the provider and is here who was invited, in the group that it names', async () => {
  const { jar, ask, signIn } = browser()
  assert.equal((await signIn('ann')).pathname, '/registries')
  const ours = new URL(platform.control)
  assert.deepEqual([...(jar.get(ours.host)?.keys() ?? [])], ['towpath'], 'the cookie of the way there is gone')
  const session = await (await ask(new URL('/api/v1/session', ours))).json()
  assert.partialDeepStrictEqual(session, {
    principal: { tenantId: 'ten_default', kind: 'user', name: 'ann@corp.example' },
    signedInBy: 'oidc:peer',
  })
  const listed = (await (await platform.api('/api/v1/tenants/default/principals')).json()) as {
    principals: { id: string; name: string }[]
  }
  const group = listed.principals.find(({ name }) => name === 'operators')?.id
  const { members } = (await (await platform.api(`/api/v1/tenants/default/principals/${group}`)).json()) as {
    members: string[]
  }
  assert.deepEqual(members, [(session as { principal: { id: string } }).principal.id])

  const { csrfToken } = session as { csrfToken: string }
  const cookie = `towpath=${jar.get(ours.host)?.get('towpath')}`
  const out = await fetch(new URL('/api/v1/session', ours), {
    method: 'DELETE',
    headers: { cookie, 'x-csrf-token': csrfToken },
  })
  const { endSessionUrl } = (await out.json()) as { endSessionUrl: string }
  assert.equal(new URL(endSessionUrl).origin, provider.issuer)
  assert.equal((await ask(new URL(endSessionUrl))).status, 200, 'its page asks whether to sign out there too')
})

test('mallory, who calls an address of ann his own, is not taken for her', async () => {
  const { jar, signIn } = browser()
  const end = await signIn('mallory')
  assert.equal(`${end.pathname}${end.search}`, '/sign-in?problem=OIDC_NOT_INVITED')
  assert.equal(jar.get(new URL(platform.control).host)?.get('towpath'), undefined)
})

test('who says no at the provider is told so here', async () => {
  const { ask } = browser()
  let url = new URL('/auth/oidc/default/peer/start', platform.control)
  for (let steps = 0; steps < 10; steps++) {
    const answer = await ask(url)
    const location = answer.headers.get('location')
    if (location === null) {
      const abort = /href="([^"]+\/abort)"/.exec(await answer.text())?.[1]
      assert.ok(abort)
      url = new URL(abort, url)
    } else url = new URL(location, url)
    if (url.pathname === '/sign-in') break
  }
  assert.equal(url.href, `${platform.control}/sign-in?problem=OIDC_REFUSED`)
})
