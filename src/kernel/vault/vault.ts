import type { Clock } from '../clock.ts'
import type { Store } from '../store/types.ts'
import { decrypt, encrypt } from './cipher.ts'
import { type DataKey, dataKeys, findDataKey, newestDataKey } from './data-keys.ts'
import { DataKeyUnknown, SealedTextDamaged, TooLargeToSeal } from './failures.ts'
import { type MasterKeys, unwrapKey } from './key-management.ts'
import { nameOf, newDataKey } from './new-data-key.ts'

/** Secrets that must be read again later. Not for passwords of callers: those are hashed. */
export type Vault = {
  /**
   * `v1.<data key id>.<nonce>.<cipher>`, under the newest data key of the database. Call it before the write that stores
   * the text: it may ask a KMS. `context` says what the secret is for (`tenants/ten_x/providers/corp`) and must be the
   * same to open it, so that no row's secret can be put into another row.
   */
  seal(plain: string, context: string): Promise<string>
  /** Throws `SealedTextDamaged` where text or context are not those of `seal`, `VaultLocked` where no master key helps. */
  open(text: string, context: string): Promise<string>
}

/** No credential is longer, and a row stays small. */
const MOST_BYTES = 64 * 1024
const TEXT = /^v1\.(dk_[0-9a-z]{26})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22,90000})$/

/** Opens what was sealed elsewhere. */
export type Opener = Pick<Vault, 'open'>

type Keys = { clock: Clock; masterKeys: MasterKeys }
type Found = Pick<DataKey, 'id' | 'wrapped' | 'masterKeyId'>

export function createVault({ store, clock, masterKeys }: Keys & { store: Store }): Vault {
  const keys = { clock, masterKeys }
  const keyOf = createUnwrapped(keys)

  async function newest(): Promise<DataKey> {
    const masters = (await masterKeys()).map(({ id }) => id)
    const held = await newestDataKey(store.read, masters)
    if (held) return held
    await store.write(dataKeys.ensure, { key: await newDataKey(keys), masters })
    return newest()
  }

  return {
    async seal(plain, context) {
      const bytes = Buffer.from(plain)
      if (bytes.length > MOST_BYTES) throw TooLargeToSeal(context, MOST_BYTES)
      const held = await newest()
      const { nonce, cipher } = encrypt(clock, await keyOf(held), bytes, boundTo(held.id, context))
      return ['v1', held.id, text(nonce), text(cipher)].join('.')
    },
    open: (sealed, context) => openBy(sealed, context, id => findDataKey(store.read, id), keyOf),
  }
}

/** For a process without that database: `find` gives the wrapped data keys that came with the sealed texts. */
export function createOpener({ find, ...keys }: Keys & { find: (id: string) => Found | undefined }): Opener {
  const keyOf = createUnwrapped(keys)
  return { open: (sealed, context) => openBy(sealed, context, async id => find(id), keyOf) }
}

type KeyOf = (held: Found) => Promise<Uint8Array>

/** Data keys never change, only their wrapping does: once unwrapped a process goes on while the KMS is away. */
function createUnwrapped(keys: Keys): KeyOf {
  const unwrapped = new Map<string, Uint8Array>()
  return async held => {
    const known = unwrapped.get(held.id)
    if (known) return known
    const key = await unwrapKey(keys, held, nameOf(held.id))
    unwrapped.set(held.id, key)
    return key
  }
}

async function openBy(
  sealed: string,
  context: string,
  find: (id: string) => Promise<Found | undefined>,
  keyOf: KeyOf,
): Promise<string> {
  const [, id = '', nonce = '', cipher = ''] = TEXT.exec(sealed) ?? []
  if (id === '') throw SealedTextDamaged(context)
  const held = await find(id)
  if (!held) throw DataKeyUnknown(context, id)
  const parts = { nonce: bytes(nonce), cipher: bytes(cipher) }
  const plain = decrypt(await keyOf(held), parts, boundTo(id, context))
  // One form for one value: base64url has spare bits at its end, which nothing authenticates.
  if (!plain || text(parts.nonce) !== nonce || text(parts.cipher) !== cipher) throw SealedTextDamaged(context)
  return Buffer.from(plain).toString('utf8')
}

function boundTo(id: string, context: string): string {
  return `v1.${id}.${context}`
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'base64url')
}
