import type { Clock } from '../../kernel/index.ts'
import { generatePassword, hashPassword } from '../password.ts'

/** A password nobody chose, and what is kept of it. Shown once, to whoever asked for it. */
export async function newTokenPassword(clock: Clock): Promise<{ password: string; hash: string }> {
  const password = generatePassword(clock)
  return { password, hash: await hashPassword(clock, password) }
}
