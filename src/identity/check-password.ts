import type { Caller } from './access.ts'
import { type AdminCredential, proofOfAdmin } from './credentials.ts'
import type { IdentityRows } from './identity-rows.ts'
import { verifyPassword } from './password.ts'
import { callerOf } from './registry-access/principal-caller.ts'
import { proofOfToken } from './tokens/directory.ts'

type Slot = { hash: string; caller: Caller }

/** Compared where there are fewer passwords than slots. The hash of random bytes that were thrown away. */
const DECOY = 'scrypt$32768$8$1$cb7Zf2dXxQZkUS0p3cKc5Q$mMZ0m1v0aJ8sT1mJb7YqQvQf1y5m1C3k1r5m2Jw3sXo'
const SLOTS = 2

/**
 * Who has this password; whether it still opens anything is another question. Every slot is compared, whoever asks and
 * whether the name is known: the time says neither.
 */
export async function checkPassword(
  { credentials, tokens, access }: IdentityRows,
  registryId: string,
  { user, password }: { user: string; password: string },
): Promise<Caller | undefined> {
  const slots = [...adminSlots(credentials, user), ...tokenSlots(), ...programSlots()]
  let found: Caller | undefined
  for (let i = 0; i < Math.max(SLOTS, slots.length); i++) {
    const slot = slots[i]
    const right = await verifyPassword(password, slot?.hash ?? credentials[0]?.hash ?? DECOY)
    if (right && slot) found ??= slot.caller
  }
  return found

  /** Two at most live, as a principal may have; what it may do here is another question. */
  function programSlots(): Slot[] {
    const principal = access.find(user)
    if (!principal) return []
    return principal.secrets.map(one => ({
      hash: one.hash,
      caller: { id: callerOf(principal), access: 'limit', proof: `secret:${one.id}` },
    }))
  }

  function tokenSlots(): Slot[] {
    const token = tokens.byName(registryId, user)
    if (!token) return []
    return token.passwords.map(one => ({
      hash: one.hash,
      caller: { id: `token:${token.name}`, access: 'limit', proof: proofOfToken(token, one) },
    }))
  }
}

function adminSlots(credentials: readonly AdminCredential[], user: string): Slot[] {
  return credentials
    .filter(one => one.user === user)
    .map(one => ({ hash: one.hash, caller: { id: `user:${one.user}`, access: 'all', proof: proofOfAdmin(one) } }))
}
