import type { AuditFrom } from '../audit/index.ts'
import { changed } from '../identity/index.ts'
import {
  type Clock,
  type Config,
  dataKeys,
  MasterKeyUnchanged,
  prepareRewrap,
  type Rewrap,
  renewMasterKey,
  type Store,
  trimMasterKeys,
  write,
} from '../kernel/index.ts'
import type { PlatformSecrets } from './secrets.ts'

type Input = Rewrap & { masterKeyId: string; from: AuditFrom }

export const rewrapDataKeys = write('control.rotate-master-key', async (tx, input: Input): Promise<null> => {
  const { keys, next, masterKeyId, from } = input
  await dataKeys.rewrap.run(tx, { keys, next })
  const detail = { dataKeys: keys.length, sealsWith: next.id }
  await changed(tx, from, { action: 'master-key.rotate', resource: `master-keys/${masterKeyId}`, detail })
  return null
})

export type RotatedMasterKey = {
  readonly masterKeyId: string
  /** How many data keys it wraps now that another one wrapped before. */
  readonly rewrapped: number
  /** How many others are wrapped by master keys that are not here: what they sealed can't be opened. */
  readonly left: number
}

type Parts = { config: Config; store: Store; clock: Clock; secrets: PlatformSecrets }

/**
 * A new master key wraps all data keys, and a new data key seals from now on. Nothing stops meanwhile: data keys stay what
 * they are, and the old master key unwraps until all is done. Killed anywhere, it is run again.
 */
export async function rotateMasterKey(parts: Parts, from: AuditFrom): Promise<RotatedMasterKey> {
  const { config, store, clock, secrets } = parts
  const { files, masterKeys } = secrets
  // Before anything changes: without the key that wraps now, a new one would open nothing.
  await secrets.signingKey()
  renewMasterKey({ config, clock })
  const [{ id: masterKeyId }] = await masterKeys()
  const { left, ...rewrap } = await prepareRewrap({ store, clock, masterKeys })
  const { masterKey } = config.secrets
  const filesToo = (await files.keyFacts())?.masterKeyId !== masterKeyId
  if (masterKey !== undefined && rewrap.keys.length === 0 && !filesToo) throw MasterKeyUnchanged(masterKey)
  await store.write(rewrapDataKeys, { ...rewrap, masterKeyId, from })
  if (filesToo) await files.rewrap()
  trimMasterKeys({ config, clock })
  return { masterKeyId, rewrapped: rewrap.keys.length + (filesToo ? 1 : 0), left }
}
