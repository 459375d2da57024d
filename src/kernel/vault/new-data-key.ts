import type { Clock } from '../clock.ts'
import { newId } from '../id.ts'
import { KEY_BYTES } from './cipher.ts'
import type { NewKey } from './data-keys.ts'
import { type MasterKeys, wrapKey } from './key-management.ts'

/** A random key under a new id, wrapped. */
export async function newDataKey(parts: { clock: Clock; masterKeys: MasterKeys }): Promise<NewKey> {
  const id = newId(parts.clock, 'dk')
  return { id, ...(await wrapKey(parts, parts.clock.bytes(KEY_BYTES), nameOf(id))) }
}

/** What a data key is called in errors, and bound to by its wrapping. */
export function nameOf(id: string): string {
  return `Data key ${id}`
}
