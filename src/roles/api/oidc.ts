import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import {
  enterByProvider,
  findProvider,
  findTenant,
  LoginExpired,
  type OidcClient,
  openLogin,
  ProviderUnknown,
  readSealedSecret,
  readTenant,
  returnPath,
  type SignInProvider,
  sealLogin,
  secretContext,
} from '../../identity/index.ts'
import { type Clock, Failure, type Log, newId, type Store, type Vault } from '../../kernel/index.ts'
import { CONTROL_REGION } from '../audit.ts'
import type { Denials } from './audit-denials.ts'
import { type Route, route } from './route.ts'
import type { SessionCookies } from './session-cookie.ts'
import type { BrowserSignIn } from './sign-in.ts'

const params = z.object({ tenant: z.string().max(100), provider: z.string().max(100) })

type Parts = {
  store: Store
  clock: Clock
  log: Log
  vault: Vault
  oidc: OidcClient
  cookies: SessionCookies
  openSession: BrowserSignIn
  denials: Denials
  /** Ours, the one that strangers are told first. */
  origins: readonly string[]
}

/** A browser's way to a provider and back. Whatever fails on it ends on the page that signs in, which says it in words. */
export function oidcRoutes(parts: Parts): Route[] {
  const { store, clock, log, vault, oidc, cookies, openSession, denials, origins } = parts

  async function providerOf({ tenant, provider: name }: z.output<typeof params>): Promise<SignInProvider> {
    const owner = (await readTenant(store.read, tenant)) ?? (await findTenant(store.read, tenant))
    const found = owner && (await findProvider(store.read, owner.id, name))
    if (!found) throw ProviderUnknown(name)
    return found
  }

  /** Runs `work`; a failure is recorded and sends the browser to the page, with its code alone. */
  async function onPage(request: FastifyRequest, reply: FastifyReply, work: () => Promise<string>): Promise<void> {
    let to: string
    try {
      to = await work()
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      log.info({ code: error.code, requestId: request.id }, `A sign-in failed: ${error.message}`)
      await denials(request, error)
      to = `/sign-in?problem=${error.code}`
    }
    reply.code(302).header('location', to)
  }

  return [
    route({
      method: 'GET',
      url: '/auth/oidc/:tenant/:provider/start',
      action: 'session.create',
      allow: 'anyone',
      hidden: true,
      summary: 'To the provider',
      params,
      query: z.object({ return: z.string().max(2000).default('/') }),
      answers: { 302: z.undefined() },
      run: async ({ params, query, raw, reply }) => {
        const returnTo = returnPath(query.return)
        await onPage(raw, reply, async () => {
          const provider = await providerOf(params)
          const back = redirectUri(origins, raw, provider)
          const { url, login } = await oidc.start(provider, back)
          const { tenantId, name, id: providerId } = provider
          const underWay = { tenantId, provider: name, providerId, redirectUri: back, returnTo, ...login }
          cookies.setLogin(reply, await sealLogin({ vault, clock }, underWay))
          return url
        })
      },
    }),
    route({
      method: 'GET',
      url: '/auth/oidc/:tenant/:provider/callback',
      action: 'session.create',
      allow: 'anyone',
      hidden: true,
      summary: 'Back from the provider',
      params,
      answers: { 302: z.undefined() },
      run: async ({ params, raw, reply }) => {
        // It serves once, whatever comes of it.
        cookies.clearLogin(reply)
        await onPage(raw, reply, async () => {
          const login = await openLogin({ vault, clock }, cookies.login(raw))
          const provider = await providerOf(params)
          // Each provider has an address of its own to come back to: an answer of one is never taken to another.
          if (provider.id !== login.providerId) throw LoginExpired('it was begun at another provider')
          const secret = await vault.open(await readSealedSecret(store.read, provider), secretContext(provider))
          const returned = new URLSearchParams(raw.url.split('?').slice(1).join('?'))
          const person = await oidc.finish(provider, secret, { login, redirectUri: login.redirectUri, returned })
          const { tenantId, id, name } = provider
          const principalId = await store.write(enterByProvider, {
            ...{ tenantId, provider: name, providerId: id, person, newId: newId(clock, 'prn') },
            from: {
              ...{ tenantId, region: CONTROL_REGION, onBehalfOf: [], requestId: raw.id },
              actor: { tenantId, id, kind: 'sign-in-provider' },
            },
          })
          await openSession(raw, reply, { tenantId, principalId, signedInBy: `oidc:${name}`, proof: '' })
          return login.returnTo
        })
      },
    }),
  ]
}

/** Where a provider sends the browser back to: under the name that it called, where that is one of ours. */
export function redirectUri(
  origins: readonly string[],
  request: FastifyRequest,
  { tenantId, name }: Pick<SignInProvider, 'tenantId' | 'name'>,
): string {
  const called = origins.find(origin => new URL(origin).host === request.headers.host?.toLowerCase())
  return `${called ?? origins[0]}/auth/oidc/${tenantId}/${name}/callback`
}
