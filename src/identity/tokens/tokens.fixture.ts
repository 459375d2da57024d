import type { Clock } from '../../kernel/index.ts'
import { hashPassword } from '../password.ts'
import type { TokenConfig, TokenPassword } from './rows.ts'

type Wanted = Partial<Omit<TokenConfig, 'passwords'>> & {
  /** By slot. */
  passwords?: Partial<Record<1 | 2, { text: string; changedAt?: number; expiresAt?: number | null }>>
}

/** A token as regions know it, with passwords that are quick to check. */
export async function tokenOf(clock: Clock, wanted: Wanted): Promise<TokenConfig> {
  const { passwords = {}, ...rest } = wanted
  const made: TokenPassword[] = []
  for (const slot of [1, 2] as const) {
    const one = passwords[slot]
    if (!one) continue
    const { text, changedAt = 1, expiresAt = null } = one
    made.push({ slot, hash: await hashPassword(clock, text, 16), changedAt, expiresAt })
  }
  return { id: 'tok_1', registryId: 'reg_default', name: 'robot', enabled: true, actions: [], ...rest, passwords: made }
}
