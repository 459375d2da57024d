import type { FastifyReply, FastifyRequest } from 'fastify'
import { csrfTokenOf, findSession, newSessionSecret, SignInRefused, sessions } from '../../identity/index.ts'
import { type Clock, newId, type Store } from '../../kernel/index.ts'
import { CONTROL_REGION } from '../audit.ts'
import type { CookieSession } from './session.ts'
import type { SessionCookies } from './session-cookie.ts'

export type SignedInPerson = {
  readonly tenantId: string
  readonly principalId: string
  /** `password`, or `oidc:<provider>`. */
  readonly signedInBy: string
  /** The password of the admin that was shown; else ''. */
  readonly proof: string
}

export type BrowserSignIn = (
  request: FastifyRequest,
  reply: FastifyReply,
  person: SignedInPerson,
) => Promise<CookieSession>

type Parts = { store: Store; clock: Clock; cookies: SessionCookies }

/** Signs a browser in, under a secret that nobody knew before; what it was signed in by before ends. */
export function createBrowserSignIn({ store, clock, cookies }: Parts): BrowserSignIn {
  return async (request, reply, { tenantId, principalId, signedInBy, proof }) => {
    const { secret, hash } = newSessionSecret(clock)
    const before = await cookies.find(request)
    await store.write(sessions.open, {
      session: { tenantId, id: newId(clock, 'ses'), principalId, kind: 'browser', signedInBy, proof },
      secretHash: hash,
      replaces: before && { tenantId: before.session.tenantId, id: before.session.id },
      address: request.socket.remoteAddress ?? 'a unix socket',
      from: {
        ...{ tenantId, region: CONTROL_REGION, onBehalfOf: [], requestId: request.id },
        actor: { tenantId, id: principalId, kind: 'user' },
      },
    })
    await store.write(sessions.sweep, null)
    const found = await findSession(store.read, hash, clock.now())
    if (!found) throw SignInRefused('it was ended at once')
    cookies.set(reply, secret)
    return { ...found, csrfToken: csrfTokenOf(secret) }
  }
}
