import { createHash } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { decrypt, encrypt, KEY_BYTES, NONCE_BYTES } from './cipher.ts'
import { KeyDamaged, MasterKeyMalformed } from './failures.ts'
import type { KeyManagement } from './key-management.ts'

/** 32 bytes in base64 or base64url. */
const KEY = /^[A-Za-z0-9+/_-]{43}=?$/
/** A rotation needs two; backups from before some more. */
const MOST_KEYS = 16

export function newMasterKey(clock: Clock): string {
  return Buffer.from(clock.bytes(KEY_BYTES)).toString('base64url')
}

/** The keys of a text, newest first, one a line. `where` stands for the text in errors; the text itself never does. */
export function parseMasterKeys(
  text: string,
  where: string,
  clock: Clock,
): readonly [KeyManagement, ...KeyManagement[]] {
  const words = text.split(/\s+/).filter(word => word !== '')
  const [first, ...rest] = words.map(word => Buffer.from(word, 'base64'))
  if (!first || words.length > MOST_KEYS || words.some(word => !KEY.test(word))) throw MasterKeyMalformed(where)
  return [localKey(first, clock), ...rest.map(bytes => localKey(bytes, clock))]
}

/** A master key on this machine, in the memory of this process. */
export function localKey(master: Uint8Array, clock: Clock): KeyManagement {
  // Of 256 random bits the hash tells nothing.
  const id = `mk_${createHash('sha256').update('towpath master key ').update(master).digest('base64url').slice(0, 16)}`
  return {
    id,
    async wrap(bytes, context) {
      const { nonce, cipher } = encrypt(clock, master, bytes, context)
      return Buffer.concat([nonce, cipher])
    },
    async unwrap(wrapped, context) {
      const sealed = { nonce: wrapped.subarray(0, NONCE_BYTES), cipher: wrapped.subarray(NONCE_BYTES) }
      const plain = decrypt(master, sealed, context)
      if (!plain) throw KeyDamaged(context)
      return plain
    },
  }
}
