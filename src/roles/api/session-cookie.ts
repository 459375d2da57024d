import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  csrfTokenOf,
  findSession,
  hashOfSecret,
  isCsrfTokenOf,
  parseHost,
  SEEN_FOR,
  sessions,
} from '../../identity/index.ts'
import { type Clock, failure, type Store } from '../../kernel/index.ts'
import type { CookieSession } from './session.ts'

export const SessionEnded = failure('SESSION_ENDED', 401, (why: string) => ({
  says: `You are not signed in: ${why}`,
  next: 'Sign in again',
}))

export const CsrfRefused = failure('CSRF_REFUSED', 403, (why: string) => ({
  says: `The request was refused, since another site could have made it: ${why}`,
  next: 'Send the csrfToken of GET /api/v1/session as x-csrf-token, from a page of this host',
}))

const READS = ['GET', 'HEAD', 'OPTIONS']

type Parts = {
  store: Store
  clock: Clock
  /** Ours, the one that people are told first. Under TLS cookies are for this very host, and never travel in the clear. */
  origins: readonly string[]
}

export type SessionCookies = {
  /** Whose cookie it is; undefined where there is none. Throws where it opens nothing, or where a change may be forged. */
  admit(request: FastifyRequest, reply: FastifyReply): Promise<CookieSession | undefined>
  /** Of the sign-in that a new one replaces; nothing is asked of it. */
  find(request: FastifyRequest): Promise<CookieSession | undefined>
  set(reply: FastifyReply, secret: string): void
  clear(reply: FastifyReply): void
  /** Throws where a browser says that another site asks. */
  checkOrigin(request: FastifyRequest): void
  /** Of a sign-in that is under way, as `setLogin` was given it. */
  login(request: FastifyRequest): string | undefined
  setLogin(reply: FastifyReply, sealed: string): void
  clearLogin(reply: FastifyReply): void
}

export function createSessionCookies({ store, clock, origins }: Parts): SessionCookies {
  const secure = origins[0]?.startsWith('https:') === true
  const name = secure ? '__Host-towpath' : 'towpath'
  // Lax, not Strict: who follows a link into the console is still signed in there.
  const flags = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`

  async function read(secret: string): Promise<CookieSession | undefined> {
    const hash = hashOfSecret(secret)
    const found = hash && (await findSession(store.read, hash, clock.now()))
    return found && found.session.kind === 'browser' ? { ...found, csrfToken: csrfTokenOf(secret) } : undefined
  }

  const cookies: SessionCookies = {
    async admit(request, reply) {
      const secrets = cookieValues(request.headers.cookie, name)
      const [secret] = secrets
      if (secret === undefined) return undefined
      // A page of a neighbouring host can plant one, but not take ours away.
      if (secrets.length > 1) throw SessionEnded('the cookie of the session is there more than once')
      const found = await read(secret)
      if (!found) {
        cookies.clear(reply)
        throw SessionEnded('the session has ended')
      }
      if (!READS.includes(request.method)) {
        cookies.checkOrigin(request)
        const token = request.headers['x-csrf-token']
        if (typeof token !== 'string') throw CsrfRefused('it has no x-csrf-token')
        if (!isCsrfTokenOf(secret, token)) throw CsrfRefused('its x-csrf-token is not that of the session')
      }
      const { tenantId, id, seenAt } = found.session
      if (clock.now() - seenAt >= SEEN_FOR) await store.write(sessions.see, { tenantId, id })
      return found
    },

    async find(request) {
      const [secret, ...more] = cookieValues(request.headers.cookie, name)
      return secret === undefined || more.length > 0 ? undefined : read(secret)
    },

    // Without an end of its own: it goes with the browser, and the row says how long it counts.
    set: (reply, secret) => void reply.header('set-cookie', `${name}=${secret}; ${flags}`),
    clear: reply => void reply.header('set-cookie', `${name}=; Max-Age=0; ${flags}`),

    // Browsers say from where a change comes. Where they don't, the token has to do.
    checkOrigin({ headers }) {
      const { origin } = headers
      if (origin === undefined || origins.includes(origin)) return
      const host = parseHost(headers.host)
      // A page without an origin of its own (a sandboxed frame, a file) sends "null", which is no host.
      if (host === undefined || URL.parse(origin)?.host !== host) throw CsrfRefused('its Origin is not this host')
    },

    login: request => cookieValues(request.headers.cookie, `${name}-login`)[0],
    setLogin: (reply, sealed) => void reply.header('set-cookie', `${name}-login=${sealed}; Max-Age=600; ${flags}`),
    clearLogin: reply => void reply.header('set-cookie', `${name}-login=; Max-Age=0; ${flags}`),
  }
  return cookies
}

/** Every value under the name: there must be one. */
function cookieValues(header: string | undefined, name: string): string[] {
  const pairs = (header ?? '').split(';').map(pair => pair.trim())
  return pairs.filter(pair => pair.startsWith(`${name}=`)).map(pair => pair.slice(name.length + 1))
}
