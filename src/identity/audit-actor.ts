import type { AuditActor } from '../audit/index.ts'
import { ANONYMOUS, type Caller } from './access.ts'
import { ADMIN_PRINCIPAL } from './principals/principal.ts'
import { principalOf } from './registry-access/principal-caller.ts'

/** Who a caller of the data plane is to the audit. `tenantId` is that of the registry, whose tokens live there. */
export function auditActor({ id, kind = 'user' }: Caller, tenantId: string): AuditActor {
  if (id.startsWith('user:')) return ADMIN_PRINCIPAL
  const principal = principalOf(id)
  if (principal) return { ...principal, kind }
  return { id, kind: id === ANONYMOUS.id ? id : 'token', tenantId }
}
