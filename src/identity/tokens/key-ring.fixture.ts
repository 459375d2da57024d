import { type Clock, systemClock } from '../../kernel/index.ts'
import { createKeyRing, type KeyRing } from './key-ring.ts'
import type { SigningKey } from './signing-key.ts'

/** One key, as a platform has it before it ever changed one. */
export function ringOf(first: SigningKey, clock: Clock = systemClock('test')): KeyRing {
  return createKeyRing({ published: () => [], own: () => undefined, first, clock })
}
