import type { Clock } from '../kernel/index.ts'
import type { Caller, VouchedAt } from './access.ts'
import { proofOfAdmin } from './credentials.ts'
import type { IdentityRows } from './identity-rows.ts'
import { principalOf, vouchPrincipal } from './registry-access/principal-caller.ts'
import { findProof } from './tokens/directory.ts'

/** The caller as the rows of now have it, with its present limit. undefined: what vouched for it is gone. */
export function vouch(rows: IdentityRows, clock: Clock, caller: Caller, at: VouchedAt): Caller | undefined {
  const { id, access, proof } = caller
  // Anonymous tokens need nobody's password.
  if (proof === undefined) return caller
  if (id.startsWith('user:')) return rows.credentials.some(one => proofOfAdmin(one) === proof) ? caller : undefined
  if (principalOf(id)) return vouchPrincipal(rows, clock, caller, at)
  const found = findProof(rows.tokens, proof)
  if (!found?.token.enabled) return undefined
  const { token, password } = found
  if (password.expiresAt !== null && password.expiresAt <= clock.now()) return undefined
  const ends = password.expiresAt === null ? {} : { ends: password.expiresAt }
  return { id, access, proof, limit: rows.tokens.rules(token), ...ends }
}
