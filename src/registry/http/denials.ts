import type { IncomingMessage } from 'node:http'
import { type AuditEntry, createDenialBound } from '../../audit/index.ts'
import { type Caller, parseHost, type RegistryAction, Unauthorized } from '../../identity/index.ts'
import { Failure, requestId } from '../../kernel/index.ts'
import type { RepoRef } from '../content/change.ts'
import { originOf } from '../content/origin.ts'
import { registryText, repositoryText } from '../content/record-content.ts'
import { Denied } from '../failures.ts'
import type { DataPlaneParts } from './exchange.ts'

type Forbidden = {
  req: IncomingMessage
  caller: Caller
  repo: RepoRef
  tenantId: string
  action: RegistryAction
  /** What it was refused for where the rights were there. */
  because?: Readonly<Record<string, string>>
}

/**
 * Whom the data plane turns away stands in the audit before the answer, as often as an address may. Who merely hears
 * where to sign in was not turned away.
 */
export type Denials = {
  /** One who is known, and may not; or who may, but not this. */
  forbidden(what: Forbidden): Promise<void>
  /** One whose password is not that of the name given. */
  signIn(req: IncomingMessage, error: unknown): Promise<void>
}

type Parts = Pick<DataPlaneParts, 'registry' | 'directory' | 'clock' | 'log'>

export function createDenials({ registry, directory, clock, log }: Parts): Denials {
  const bound = createDenialBound(clock)

  async function record(req: IncomingMessage, entry: () => Omit<AuditEntry, 'result'>): Promise<void> {
    const address = req.socket.remoteAddress ?? 'a unix socket'
    const admitted = bound.admit(address)
    if (admitted === undefined) return
    const { suppressed } = admitted
    try {
      const { detail, ...rest } = entry()
      const facts = { ...detail, address, method: req.method ?? '', ...(suppressed > 0 ? { suppressed } : {}) }
      await registry.record({ ...rest, result: 'denied', detail: facts })
    } catch (err) {
      // It stays denied where the database is away, and the log says that the audit lacks it.
      log.error({ err, request: requestId(req) }, 'A denial is not in the audit')
    }
  }

  return {
    forbidden: ({ req, caller, repo, tenantId, action, because }) =>
      record(req, () => {
        const { proof, request: _told, ...origin } = originOf(req, caller, tenantId)
        const resource =
          repo.repository === '' ? registryText(tenantId, repo.registryId) : repositoryText(tenantId, repo)
        const detail = { code: Denied.code, ...because, ...(proof === undefined ? {} : { proof }) }
        return { ...origin, action: ACTIONS[action], resource, detail }
      }),

    async signIn(req, error) {
      const user = error instanceof Failure && error.is(Unauthorized) ? error.detail.user : undefined
      if (typeof user !== 'string') return
      await record(req, () => {
        const { id, tenantId } = directory.byHost(parseHost(req.headers.host) ?? '')
        // Nobody has shown to be who that is.
        const actor = { id: 'anonymous', kind: 'anonymous', tenantId }
        const detail = { code: Unauthorized.code, user }
        const resource = registryText(tenantId, id)
        return {
          tenantId,
          actor,
          onBehalfOf: [],
          requestId: requestId(req),
          action: 'registry/sign-in',
          resource,
          detail,
        }
      })
    },
  }
}

/** By the names that roles have for them. */
const ACTIONS: Readonly<Record<RegistryAction, string>> = {
  pull: 'registry/content/read',
  push: 'registry/content/write',
  delete: 'registry/content/delete',
  metadata_read: 'registry/metadata/read',
  metadata_write: 'registry/metadata/write',
  catalog: 'registry/metadata/read',
}
