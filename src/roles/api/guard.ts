import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  type Action,
  ADMIN_PRINCIPAL,
  type ApiTokens,
  type Authorizer,
  type Decide,
  type Decision,
  type PrincipalRef,
  parseHost,
  type SignedIn,
  type SignInPrincipal,
  scopeText,
  Unauthorized,
} from '../../identity/index.ts'
import { failure } from '../../kernel/index.ts'
import { CONTROL_REGION } from '../audit.ts'
import type { Denials } from './audit-denials.ts'
import type { Allow, Guard } from './route.ts'
import { type Decided, type Session, sessionOf, setSession } from './session.ts'
import type { SessionCookies } from './session-cookie.ts'

export const Forbidden = failure('FORBIDDEN', 403, (caller: string, action: string, why: string) => ({
  says: `${caller} may not do ${action}: ${why}`,
  next: 'Sign in as somebody who may, or ask an owner for a role: towpath access assign',
}))

const NotVisible = failure('NOT_VISIBLE', 404, (path: string) => ({
  says: `There is nothing at ${path}, or nothing that you may see`,
  next: 'Check the name and the tenant: towpath tenant list',
}))

type Parts = {
  authorizer: Authorizer
  cookies: SessionCookies
  signIn: SignInPrincipal
  apiTokens: ApiTokens
  decide: Decide
  denials: Denials
  /** Looks at the rows again: a password or a key that was rotated is refused from the next request on, whoever rotated it. */
  reload: () => Promise<void>
  /** Of files that are sealed: they may be away. */
  regionKeys: () => Promise<readonly string[]>
}

type Admitted = SignedIn & Pick<Session, 'cookie'>

/** Throws before the handler runs; what it lets through, a policy allows, and that policy stands in the answer. */
export function createGuard({
  authorizer,
  cookies,
  signIn,
  apiTokens,
  decide,
  denials,
  reload,
  regionKeys,
}: Parts): Guard {
  async function checkRegion(header: string | undefined): Promise<void> {
    const keys = (await regionKeys()).map(digest)
    const key = /^bearer +(\S+)$/i.exec(header ?? '')?.[1]
    const given = digest(key ?? '')
    // All of them, so that the time does not say which one is near.
    const fits = keys.filter(one => timingSafeEqual(one, given)).length > 0
    if (!fits) throw Unauthorized('This is for the regions of this platform')
  }

  async function admit(request: FastifyRequest, reply: FastifyReply): Promise<Admitted> {
    const header = request.headers.authorization
    // A header that says who asks is all that counts, right or wrong: a cookie beside it is not looked at.
    if (header !== undefined) return { ...(await admitHeader(request, header)), cookie: undefined }
    const cookie = await cookies.admit(request, reply)
    if (!cookie) throw Unauthorized('This needs somebody who signs in')
    const { session, principal } = cookie
    const { tenantId, id, kind } = principal
    return { principal: { tenantId, id, kind }, proof: `session:${session.id}`, ends: session.expiresAt, cookie }
  }

  async function admitHeader(request: FastifyRequest, header: string): Promise<SignedIn> {
    const from = request.socket.remoteAddress ?? ''
    const program = await signIn(header, from)
    if (program) return program
    await reload()
    const bearer = await apiTokens.admit(header)
    if (bearer) return bearer
    const caller = await authorizer.admit(header, parseHost(request.headers.host) ?? '', from)
    // Registry tokens are for content: they carry scopes, never everything.
    if (caller.access !== 'all') throw Unauthorized('A registry token opens content, not this')
    return { principal: ADMIN_PRINCIPAL, proof: `password:${caller.proof}` }
  }

  function ask(request: FastifyRequest, caller: PrincipalRef, what: Decided): Promise<Decision> {
    const address = request.socket.remoteAddress
    return what.scope === 'platform'
      ? decide({ caller, address, action: what.action as 'platform/read', scope: what.scope })
      : decide({ caller, address, action: what.action as Action, scope: what.scope })
  }

  function openSession(request: FastifyRequest, reply: FastifyReply, admitted: Admitted): Session {
    const { principal } = admitted
    let deciding: readonly string[] = []
    const session: Session = {
      ...admitted,
      may: async (action, scope) => (await ask(request, principal, { action, scope })).allowed,

      async demand(what, missing) {
        const { allowed, policies, reason } = await ask(request, principal, what)
        // Where a request needs more than one, the last says it: what refused it, or what it needed most.
        deciding = policies
        reply.header('x-towpath-policy', policies.join(', '))
        if (allowed) return
        const { action, scope } = what
        const tenantId = scope === 'platform' ? principal.tenantId : scope.tenantId
        const visible =
          tenantId === principal.tenantId || (scope !== 'platform' && (await session.may('tenant/read', scope)))
        // Another tenant's names are nobody's business: the same answer as for what is not there.
        const refusal = visible ? Forbidden(principal.id, action, reason) : (missing?.() ?? notVisible(request))
        const resource = scope === 'platform' ? scope : scopeText(scope)
        const policyId = policyText(policies)
        await denials(request, refusal, { tenantId, actor: principal, action, resource, policyId })
        throw refusal
      },

      audit(tenantId) {
        const delegated = principal.tenantId !== tenantId && !deciding.some(id => id.startsWith('platform-'))
        return {
          ...{ tenantId, region: CONTROL_REGION, actor: principal, onBehalfOf: [], requestId: request.id },
          ...(delegated ? { managingTenantId: principal.tenantId } : {}),
          ...(deciding.length === 0 ? {} : { policyId: policyText(deciding) }),
        }
      },
    }
    return session
  }

  /** Who asks; nobody that could be asked for where it is a region. */
  async function known(request: FastifyRequest, reply: FastifyReply, allow: Allow): Promise<Session | undefined> {
    try {
      if (allow !== 'region') return openSession(request, reply, await admit(request, reply))
      await checkRegion(request.headers.authorization)
      return undefined
    } catch (error) {
      await denials(request, error)
      throw error
    }
  }

  return {
    async enter(request, reply, allow) {
      if (allow === 'anyone') return
      const session = await known(request, reply, allow)
      if (session) setSession(request, session)
      if (!session || allow !== 'admin') return
      const reads = request.method === 'GET' || request.method === 'HEAD'
      await session.demand({ action: reads ? 'platform/read' : 'platform/write', scope: 'platform' })
    },
    async decide(request, reply, { action, scope, missing }) {
      if (scope) return sessionOf(request).demand({ action, scope }, missing)
      reply.header('x-towpath-policy', 'default-deny')
      throw missing?.() ?? notVisible(request)
    },
  }
}

function notVisible(request: FastifyRequest): Error {
  return NotVisible(request.url.split('?', 1)[0] ?? '')
}

/** As the audit keeps it: bounded. */
function policyText(policies: readonly string[]): string {
  return policies.join(', ').slice(0, 500)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
