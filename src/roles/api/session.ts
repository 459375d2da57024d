import type { FastifyRequest } from 'fastify'
import type { AuditFrom } from '../../audit/index.ts'
import type { Action, LiveSession, PlatformAction, Scope, SignedIn } from '../../identity/index.ts'

export type Where = Scope | 'platform'

export type Decided = { readonly action: Action | PlatformAction; readonly scope: Where }

/** A sign-in in a browser, and what its pages show beside the cookie. */
export type CookieSession = LiveSession & { readonly csrfToken: string }

/** Who makes a request, and what it may do. */
export type Session = SignedIn & {
  /** Where a cookie says who asks; undefined where a header does. */
  readonly cookie: CookieSession | undefined
  /** Without a word to anybody: for lists that show only what may be seen. */
  may(action: Action, scope: Scope): Promise<boolean>
  /** Throws where it is denied (`missing` where not even the place may be seen): also for what a request needs besides. */
  demand(what: Decided, missing?: () => Error): Promise<void>
  /** For the write that records what it does in `tenantId`. */
  audit(tenantId: string): AuditFrom
}

const sessions = new WeakMap<FastifyRequest, Session>()

export function setSession(request: FastifyRequest, session: Session): void {
  sessions.set(request, session)
}

export function findSession(request: FastifyRequest): Session | undefined {
  return sessions.get(request)
}

/** Only routes that ask nobody to sign in have none. */
export function sessionOf(request: FastifyRequest): Session {
  const session = sessions.get(request)
  if (!session) throw new Error(`${request.url} asks nobody who he is, and then wants to know`)
  return session
}
