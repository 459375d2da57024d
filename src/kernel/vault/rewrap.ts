import type { Clock } from '../clock.ts'
import type { Store } from '../store/types.ts'
import { type Rewrap, type Rewrapped, readDataKeys } from './data-keys.ts'
import { type MasterKeys, unwrapKey, wrapKey } from './key-management.ts'
import { nameOf, newDataKey } from './new-data-key.ts'

type Parts = { store: Store; clock: Clock; masterKeys: MasterKeys }

/** Every data key whose master key is here, under the first master key; and a new one. `left`: those of master keys that are not here. */
export async function prepareRewrap({ store, clock, masterKeys }: Parts): Promise<Rewrap & { left: number }> {
  const parts = { clock, masterKeys }
  const masters = (await masterKeys()).map(({ id }) => id)
  const held = (await readDataKeys(store.read)).filter(({ masterKeyId }) => masterKeyId !== masters[0])
  const keys: Rewrapped[] = []
  for (const { id, masterKeyId: from, wrapped } of held.filter(one => masters.includes(one.masterKeyId))) {
    const key = await unwrapKey(parts, { wrapped, masterKeyId: from }, nameOf(id))
    keys.push({ id, from, to: await wrapKey(parts, key, nameOf(id)) })
  }
  return { keys, next: await newDataKey(parts), left: held.length - keys.length }
}
