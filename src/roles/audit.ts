import type { FastifyRequest } from 'fastify'
import { type AuditFrom, type AuditKeys, newAuditKeys, parseAuditKeys, usedKeys } from '../audit/index.ts'
import { DEFAULT_TENANT } from '../identity/index.ts'
import { type Config, ensureSecret, paths, type Store } from '../kernel/index.ts'
import { findSession } from './api/session.ts'

/** The name of the chains in control's own database. No region has it: theirs are in their own. */
export const CONTROL_REGION = 'control'
/** Whose the platform's own things are. */
const TENANT = DEFAULT_TENANT.id

/**
 * The keys that sign the audit's heads, of the file among the secrets. Where there is none a new key signs, and
 * those that signed before keep counting: after a restore, and after the file was taken away to rotate it.
 */
export async function ensureAuditKeys(config: Config, store: Store): Promise<AuditKeys> {
  const path = paths(config).secret('audit-signing.jwks')
  const before = await usedKeys(store.read)
  return parseAuditKeys(ensureSecret(path, () => newAuditKeys(before)).value, path)
}

/** Who asks for what a request does to the platform itself; nobody in particular where nobody signed in. */
export function auditFrom(request: FastifyRequest): AuditFrom {
  const anonymous = { id: 'anonymous', kind: 'anonymous', tenantId: TENANT }
  return (
    findSession(request)?.audit(TENANT) ?? {
      ...{ region: CONTROL_REGION, tenantId: TENANT, actor: anonymous, onBehalfOf: [], requestId: request.id },
    }
  )
}

/** Somebody with a shell on the platform's own machine, who needs no password. */
export const FROM_MACHINE: AuditFrom = {
  region: CONTROL_REGION,
  tenantId: TENANT,
  actor: { id: 'machine', kind: 'machine', tenantId: TENANT },
  onBehalfOf: [],
}
