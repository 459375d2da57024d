import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import { type OpenIdProvider, openIdProvider } from '../peers/support/openid-provider.ts'
import { type Platform, startPlatform } from '../support/platform.ts'
import { openPage, SIZES } from './console.ts'

const SECRET = 'a secret of a client of a test'

export type Answer = { status: number; body: Record<string, unknown> }

/** Somebody who signed in at the provider's own page, in a browser of her own. */
export type Person = {
  readonly page: Page
  /** Asks the API as she is signed in. */
  call(method: string, path: string, body?: unknown): Promise<Answer>
}

export type Tenants = {
  readonly platform: Platform
  /** Makes a tenant whose people sign in at the provider; answers its id. */
  tenant(name: string): Promise<string>
  /** As the platform's administrator. */
  make(path: string, body: unknown): Promise<string>
  /** Invites a user as an owner of the tenant, and signs her in through the pages. */
  owner(tenant: { id: string; name: string }, mail: string): Promise<Person>
  close(): Promise<void>
}

/** A platform with a real OpenID provider beside it. What a browser finds wrong goes to `wrong`. */
export async function openTenants(browser: Browser, wrong: string[]): Promise<Tenants> {
  const provider = await openIdProvider()
  const env = { TOWPATH_REGIONS_0_NODES: '1', TOWPATH_OUTBOUND_ALLOW_0: new URL(provider.issuer).host }
  const platform = await startPlatform({ env })
  const redirectUris: string[] = []

  async function make(path: string, body: unknown): Promise<string> {
    const answer = await platform.api(path, { method: 'POST', body })
    const made = (await answer.json()) as { id: string; redirectUri?: string }
    assert.equal(answer.status, 201, `${path}: ${JSON.stringify(made)}`)
    if (made.redirectUri !== undefined) redirectUris.push(made.redirectUri)
    return made.id
  }

  return {
    platform,
    make,
    async tenant(name) {
      const id = await make('/api/v1/tenants', { name })
      await make(`/api/v1/tenants/${id}/sign-in-providers`, {
        ...{ name: 'staff', title: 'Staff account', issuer: provider.issuer },
        ...{ clientId: 'towpath', clientSecret: SECRET },
      })
      provider.serve({
        clients: [{ client_id: 'towpath', client_secret: SECRET, redirect_uris: redirectUris }],
        claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['preferred_username'] },
        // Whoever signs in at its page is who she says.
        findAccount: (_: unknown, sub: string) => ({
          accountId: sub,
          claims: () => ({ sub, email: sub, email_verified: true, preferred_username: sub }),
        }),
      })
      return id
    },
    async owner({ id, name }, mail) {
      const principalId = await make(`/api/v1/tenants/${id}/principals`, { kind: 'user', name: mail })
      await make(`/api/v1/tenants/${id}/assignments`, { principalId, roleId: 'rol_owner', scope: `/tenants/${id}` })
      const context = await browser.newContext({ viewport: SIZES.wide, acceptDownloads: true })
      const page = await openPage(context, wrong)
      await signInAt(page, { platform, provider, tenant: name, mail }).catch(async cause => {
        const says = await page.locator('body').ariaSnapshot()
        throw new Error(`${mail} is not signed in; ${page.url()} says: ${says}`, { cause })
      })
      return { page, call: (method, path, body) => callAs(page, platform.control + path, method, body) }
    },
    async close() {
      await platform.stop()
      await provider.close()
    },
  }
}

type Where = { platform: Platform; provider: OpenIdProvider; tenant: string; mail: string }

async function signInAt(page: Page, { platform, provider, tenant, mail }: Where): Promise<void> {
  // Its page wants a font from elsewhere.
  await page.route(
    url => !url.href.startsWith('http://127.0.0.1:'),
    route => route.abort(),
  )
  await page.goto(`${platform.control}/sign-in`)
  await page.getByText('Sign in to another tenant').click()
  await page.getByLabel('Name of the tenant').fill(tenant)
  await page.getByRole('button', { name: 'Find' }).click()
  await page.getByRole('link', { name: 'Continue with Staff account' }).click()
  await page.waitForURL(`${provider.issuer}/interaction/**`)
  await page.getByPlaceholder('Enter any login').fill(mail)
  await page.getByPlaceholder('and password').fill('whatever')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: tenant, level: 1 }).waitFor()
}

async function callAs(page: Page, url: string, method: string, body?: unknown): Promise<Answer> {
  const { origin } = new URL(url)
  const session = (await (await page.request.get(`${origin}/api/v1/session`)).json()) as { csrfToken?: string }
  const answer = await page.request.fetch(url, {
    method,
    headers: { 'x-csrf-token': session.csrfToken ?? '' },
    ...(body === undefined ? {} : { data: body }),
  })
  const text = await answer.text()
  return { status: answer.status(), body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) }
}
