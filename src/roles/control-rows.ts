import { isDeepStrictEqual } from 'node:util'
import {
  type IdentityRows,
  identityRows,
  type PublishedKey,
  readCredentials,
  readSigningKeys,
} from '../identity/index.ts'
import type { Store } from '../kernel/index.ts'

/** What callers of the API are checked against. */
export type ControlRows = {
  /** The same object while nothing changed: the authorizer compares by reference. */
  rows(): IdentityRows
  signingKeys(): readonly PublishedKey[]
  /** Looks again: what was rotated is refused from the next request on, whoever rotated it. */
  reload(): Promise<void>
}

export async function openControlRows(store: Store): Promise<ControlRows> {
  let rows = identityRows({ credentials: await readCredentials(store.read) })
  let signingKeys = await readSigningKeys(store.read)
  return {
    rows: () => rows,
    signingKeys: () => signingKeys,
    async reload() {
      const credentials = await readCredentials(store.read)
      if (!isDeepStrictEqual(credentials, rows.credentials)) rows = identityRows({ credentials })
      const keys = await readSigningKeys(store.read)
      if (!isDeepStrictEqual(keys, signingKeys)) signingKeys = keys
    },
  }
}
