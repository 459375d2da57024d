import type { Clock } from '../../kernel/index.ts'
import type { Caller } from '../access.ts'
import { proofOfAdmin } from '../credentials.ts'
import type { IdentityRows } from '../identity-rows.ts'
import { ADMIN_PRINCIPAL } from '../principals/principal.ts'

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
  { registryId, issued }: { registryId: string; issued: number },
): Caller | undefined {
  const principal = principalOf(id)
  const limit = principal && rows.access.limit(registryId, principal)
  const stands = principal && standing(rows, clock, principal, { proof, issued })
  return limit && stands && { id, access, proof, limit, ...stands }
}

/** Until when, where that is known. */
function standing(
  { access, credentials }: IdentityRows,
  clock: Clock,
  principal: Ref,
  { proof, issued }: { proof: string; issued: number },
): { ends?: number } | undefined {
  if (proof.startsWith('secret:')) {
    const secret = access.secrets(principal).find(one => `secret:${one.id}` === proof)
    return secret && secret.expiresAt > clock.now() ? { ends: secret.expiresAt } : undefined
  }
  if (proof.startsWith('password:')) {
    const isAdmin = principal.tenantId === ADMIN_PRINCIPAL.tenantId && principal.id === ADMIN_PRINCIPAL.id
    return isAdmin && credentials.some(one => `password:${proofOfAdmin(one)}` === proof) ? {} : undefined
  }
  return ENDED_BY_LIST.test(proof) && !access.isOver(principal.tenantId, proof, issued) ? {} : undefined
}
