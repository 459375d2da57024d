import { z } from 'zod'
import {
  type Session as Described,
  idField,
  nothing,
  sessionBody,
  sessionList,
  sessionShape,
  signedOutShape,
  signInShape,
} from '../../api/index.ts'
import {
  ADMIN_PRINCIPAL,
  type Authorizer,
  DEFAULT_TENANT,
  type Decide,
  findTenant,
  type OidcClient,
  type PrincipalRef,
  readPrincipal,
  readProviders,
  readSession,
  readSessionsOf,
  readTenant,
  readTenants,
  type SignInSession,
  sessions,
  tenantScope,
} from '../../identity/index.ts'
import { type Clock, failure, type Log, type Store } from '../../kernel/index.ts'
import type { Denials } from './audit-denials.ts'
import { OWN_SESSION as OWN, type Route, route } from './route.ts'
import type { CookieSession, Session } from './session.ts'
import type { SessionCookies } from './session-cookie.ts'
import type { BrowserSignIn } from './sign-in.ts'

const NoSession = failure('SESSION_NONE', 404, () => ({
  says: 'You are not signed in by a session: there is none to end',
  next: 'Nothing is left to do; who signs in at each request is never signed in for longer',
}))

type Parts = {
  store: Store
  clock: Clock
  cookies: SessionCookies
  openSession: BrowserSignIn
  authorizer: Authorizer
  reload: () => Promise<void>
  decide: Decide
  denials: Denials
  oidc: OidcClient
  log: Log
}

/** Sign-in and sign-out of people, and what somebody is signed in as. */
export function sessionRoutes(parts: Parts): Route[] {
  const { store, clock, cookies, openSession, authorizer, reload, decide, denials, oidc, log } = parts

  async function described(caller: PrincipalRef, cookie?: CookieSession, held = cookie?.session): Promise<Described> {
    const own = await readPrincipal(store.read, caller.tenantId, caller.id)
    const platform = await decide({ caller, action: 'platform/read', scope: 'platform' })
    const found: Described['tenants'] = []
    for (const { id, name } of await readTenants(store.read)) {
      if (id === caller.tenantId) found.push({ id, name, via: 'own' })
      else {
        const { allowed, policies } = await decide({ caller, action: 'tenant/read', scope: tenantScope(id) })
        const byRole = policies.every(policy => !policy.startsWith('platform-'))
        if (allowed) found.push({ id, name, via: byRole ? 'delegation' : 'administrator' })
      }
    }
    return {
      principal: { ...caller, name: own?.name ?? caller.id },
      platformAdministrator: platform.allowed,
      signedInBy: held?.signedInBy ?? 'header',
      ...(held ? { expiresAt: held.expiresAt } : {}),
      ...(cookie ? { csrfToken: cookie.csrfToken } : {}),
      tenants: found,
    }
  }

  /** Of a browser by its cookie, of a command line by its token; others have none. */
  async function heldBy({ principal, cookie, proof }: Session): Promise<SignInSession | undefined> {
    const id = proof.startsWith('session:') ? proof.slice('session:'.length) : undefined
    if (cookie || id === undefined) return cookie?.session
    return (await readSession(store.read, principal.tenantId, id, clock.now()))?.session
  }

  const endOf = (session: Session, id: string) => {
    const { tenantId, id: principalId } = session.principal
    return store.write(sessions.end, {
      ...{ tenantId, id, principalId },
      from: { ...session.audit(tenantId), policyId: OWN },
    })
  }

  /** Signed out here he is, whatever the provider has to say. */
  async function endAtProvider({ tenantId, signedInBy }: SignInSession): Promise<string | undefined> {
    const provider = (await readProviders(store.read, tenantId)).find(({ name }) => signedInBy === `oidc:${name}`)
    return (
      provider &&
      oidc.endSessionUrl(provider).catch(error => {
        log.info({ err: error, provider: provider.id }, 'A provider can not be asked where it signs out')
        return undefined
      })
    )
  }

  return [
    route({
      method: 'GET',
      url: '/api/v1/sign-in',
      action: 'sign-in.read',
      allow: 'anyone',
      summary: 'By what people sign in to a tenant; a tenant that is not there has nothing',
      query: z.object({ tenant: z.string().max(100).default(DEFAULT_TENANT.name) }),
      answers: { 200: signInShape },
      run: async ({ query }) => {
        const tenant = (await findTenant(store.read, query.tenant)) ?? (await readTenant(store.read, query.tenant))
        const found = tenant ? await readProviders(store.read, tenant.id) : []
        return {
          local: tenant?.id === DEFAULT_TENANT.id,
          providers: found.map(({ name, title }) => ({ tenant: tenant?.name ?? '', name, title })),
        }
      },
    }),
    route({
      method: 'GET',
      url: '/api/v1/session',
      action: 'session.read',
      allow: 'signed-in',
      summary: 'Who asks, until when, and in which tenants there is something to see',
      answers: { 200: sessionShape },
      run: async ({ session }) => described(session().principal, session().cookie, await heldBy(session())),
    }),
    route({
      method: 'POST',
      url: '/api/v1/session',
      action: 'session.create',
      allow: 'anyone',
      summary: 'Sign in as the local admin; the answer sets a cookie',
      body: sessionBody,
      answers: { 201: sessionShape },
      run: async ({ body, raw, reply }) => {
        cookies.checkOrigin(raw)
        await reload()
        const given = { user: body.username, password: body.password }
        try {
          const { proof = '' } = await authorizer.admitAdmin(given, raw.socket.remoteAddress ?? '')
          const { tenantId, id: principalId } = ADMIN_PRINCIPAL
          const made = await openSession(raw, reply, { tenantId, principalId, signedInBy: 'password', proof })
          reply.code(201)
          return described(ADMIN_PRINCIPAL, made)
        } catch (error) {
          await denials(raw, error)
          throw error
        }
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/session',
      action: 'session.end',
      allow: 'signed-in',
      summary: 'Sign out',
      answers: { 200: signedOutShape },
      run: async ({ session, reply }) => {
        reply.header('x-towpath-policy', OWN)
        const { cookie } = session()
        if (!cookie) throw NoSession()
        await endOf(session(), cookie.session.id)
        cookies.clear(reply)
        const endSessionUrl = await endAtProvider(cookie.session)
        return endSessionUrl === undefined ? {} : { endSessionUrl }
      },
    }),
    route({
      method: 'GET',
      url: '/api/v1/sessions',
      action: 'session.list',
      allow: 'signed-in',
      summary: 'Where the caller is signed in, oldest first',
      answers: { 200: sessionList },
      run: async ({ session }) => {
        const { principal } = session()
        const current = await heldBy(session())
        const held = await readSessionsOf(store.read, principal.tenantId, principal.id)
        const valid = held.filter(one => one.expiresAt > clock.now())
        return { sessions: valid.map(one => ({ ...one, current: one.id === current?.id })) }
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/sessions/:id',
      action: 'session.end',
      allow: 'signed-in',
      summary: 'Sign out elsewhere; it counts from the next request on',
      params: z.object({ id: idField }),
      answers: { 204: nothing },
      run: async ({ params, session, reply }) => {
        reply.header('x-towpath-policy', OWN)
        await endOf(session(), params.id)
        reply.code(204)
      },
    }),
  ]
}
