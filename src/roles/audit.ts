import type { FastifyRequest } from 'fastify'
import { type AuditFrom, type AuditKeys, knowKey, newAuditKeys, parseAuditKeys, usedKeys } from '../audit/index.ts'
import { DEFAULT_TENANT } from '../identity/index.ts'
import type { SecretFiles, Store } from '../kernel/index.ts'
import { findSession } from './api/session.ts'

/** The name of the chains in control's own database. No region has it: theirs are in their own. */
export const CONTROL_REGION = 'control'
/** Whose the platform's own things are. */
const TENANT = DEFAULT_TENANT.id

export const AUDIT_KEYS = 'audit-signing.jwks'

/**
 * The keys that sign the audit's heads, of the file among the secrets. Where there is none a new key signs, and
 * those that signed before keep counting: after a restore, and after the file was taken away to rotate it.
 */
export async function ensureAuditKeys(files: SecretFiles, store: Store): Promise<AuditKeys> {
  const before = await usedKeys(store.read)
  const { value } = await files.ensure(AUDIT_KEYS, () => newAuditKeys(before))
  const keys = parseAuditKeys(value, `secrets/${AUDIT_KEYS}`)
  // Regions sign with it too, perhaps before control does: the next file must know it all the same.
  await store.write(knowKey, keys.current)
  return keys
}

/** For a region. Control alone makes the file: its database knows every key that signed. Undefined until it is there. */
export async function readAuditKeys(files: SecretFiles): Promise<AuditKeys | undefined> {
  const file = await files.find(AUDIT_KEYS)
  return file && parseAuditKeys(file.value, `secrets/${AUDIT_KEYS}`)
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
