import type { Clock, Ms } from '../../kernel/index.ts'
import type { Caller, VouchedAt } from '../access.ts'
import { proofOfAdmin } from '../credentials.ts'
import type { IdentityRows } from '../identity-rows.ts'
import { ADMIN_PRINCIPAL } from '../principals/principal.ts'
import type { Holder } from './tenant-access.ts'

type Ref = { readonly tenantId: string; readonly id: string }

const FORM = /^principal:([0-9a-z_]{1,60})\/([0-9a-z_]{1,60})$/
/** Whose rows control reads at each request; here what ended is listed. */
const ENDED_BY_LIST = /^(?:session|certificate|federation):/

/** As the registry's tokens name a principal. */
export function callerOf({ tenantId, id }: Ref): string {
  return `principal:${tenantId}/${id}`
}

/** Undefined where the text names somebody of another kind. */
export function principalOf(callerId: string): Ref | undefined {
  const [, tenantId, id] = FORM.exec(callerId) ?? []
  return tenantId === undefined || id === undefined ? undefined : { tenantId, id }
}

/** The principal with what its roles allow now at the registry; undefined where that, or what vouches for it, is gone. */
export function vouchPrincipal(
  rows: IdentityRows,
  clock: Clock,
  { id, access, proof = '' }: Caller,
  { registryId, issued }: VouchedAt,
): Caller | undefined {
  const named = principalOf(id)
  const holder = named && rows.access.find(named.id)
  if (!holder || holder.tenantId !== named.tenantId) return undefined
  const limit = rows.access.limit(registryId, holder)
  const stands = standing(rows, clock, holder, { proof, issued })
  return limit && stands && { id, access, kind: holder.kind, proof, limit, ...stands }
}

/** Until when, where that is known. */
function standing(
  { access, credentials }: IdentityRows,
  clock: Clock,
  { tenantId, id, secrets }: Holder & { tenantId: string },
  { proof, issued }: { proof: string; issued: Ms },
): { ends?: Ms } | undefined {
  if (proof.startsWith('secret:')) {
    const secret = secrets.find(one => `secret:${one.id}` === proof)
    return secret && secret.expiresAt > clock.now() ? { ends: secret.expiresAt } : undefined
  }
  if (proof.startsWith('password:')) {
    const isAdmin = tenantId === ADMIN_PRINCIPAL.tenantId && id === ADMIN_PRINCIPAL.id
    return isAdmin && credentials.some(one => `password:${proofOfAdmin(one)}` === proof) ? {} : undefined
  }
  return ENDED_BY_LIST.test(proof) && !access.isOver(tenantId, proof, issued) ? {} : undefined
}
