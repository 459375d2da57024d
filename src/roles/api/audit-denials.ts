import type { FastifyRequest } from 'fastify'
import { createDenialBound, recordAlone } from '../../audit/index.ts'
import { type Clock, Failure, type Log, type Store } from '../../kernel/index.ts'
import { auditFrom, CONTROL_REGION } from '../audit.ts'

/** What was decided against somebody; left out where it was not known who asks. */
export type Denied = {
  readonly tenantId: string
  readonly actor: { readonly tenantId: string; readonly id: string; readonly kind: string }
  readonly action: string
  readonly resource: string
  readonly policyId: string
}

/** Whom the guard turns away stands in the audit before the answer, as often as an address may. */
export type Denials = (request: FastifyRequest, error: unknown, denied?: Denied) => Promise<void>

type Parts = { store: Store; clock: Clock; log: Log }

export function createDenials({ store, clock, log }: Parts): Denials {
  const bound = createDenialBound(clock)

  async function record(request: FastifyRequest, code: string, denied: Denied | undefined): Promise<void> {
    const address = request.socket.remoteAddress ?? 'a unix socket'
    const admitted = bound.admit(address)
    if (admitted === undefined) return
    const { suppressed } = admitted
    const detail = { address, method: request.method, code, ...(suppressed > 0 ? { suppressed } : {}) }
    const { region, ...origin } = auditFrom(request)
    // The path as it was asked for; what is behind it nobody has looked up.
    const resource = (request.url.split('?', 1)[0] ?? '').slice(0, 500) || '/'
    const action = request.routeOptions.config.action ?? 'unknown'
    const managing = denied && denied.actor.tenantId !== denied.tenantId ? denied.actor.tenantId : undefined
    const entry = {
      ...{ ...origin, action, resource, ...denied, result: 'denied' as const, detail },
      ...(managing === undefined ? {} : { managingTenantId: managing }),
    }
    await store.write(recordAlone, { region, entry })
    // Where somebody reaches into another tenant, its own audit has it too.
    if (managing !== undefined) await store.write(recordAlone, { region, entry: { ...entry, tenantId: managing } })
  }

  return async (request, error, denied) => {
    if (!(error instanceof Failure) || (denied === undefined && error.status !== 401)) return
    // Every first visit of a browser reads whether somebody is signed in; who shows nothing has tried nothing. A password
    // that is typed comes in a body, by POST.
    const { authorization, cookie } = request.headers
    const shows = request.method !== 'GET' || authorization !== undefined || cookie !== undefined
    if (denied === undefined && !shows) return
    // It stays denied where the database is away, and the log says that the audit lacks it.
    await record(request, error.code, denied).catch(err =>
      log.error({ err, region: CONTROL_REGION }, 'A denial is not in the audit'),
    )
  }
}
