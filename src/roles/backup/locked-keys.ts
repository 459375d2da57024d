import { existsSync } from 'node:fs'
import { type Clock, type Config, localMasterKeys, paths, readDataKeys } from '../../kernel/index.ts'
import { openControlStore } from '../stores.ts'

type Parts = { config: Config; clock: Clock; env: Readonly<Record<string, string | undefined>> }

/** A sentence for whoever restored, where rows came along that the master keys here do not open; master keys are in no backup. */
export async function lockedKeys(parts: Parts): Promise<string | undefined> {
  const { config } = parts
  const store = await openControlStore(parts)
  try {
    const wanted = new Set((await readDataKeys(store.read)).map(({ masterKeyId }) => masterKeyId))
    // The platform's own file is for its first start to make.
    const any = config.secrets.masterKey !== undefined || existsSync(paths(config).masterKey)
    const here = wanted.size > 0 && any ? await localMasterKeys(parts)() : []
    const missing = [...wanted].filter(id => !here.some(key => key.id === id))
    if (missing.length === 0) return undefined
    return `Secrets that were sealed in rows came along closed: bring master key ${missing.join(', ')} (secrets/master.key of the platform that was backed up, or what its secrets.masterKey named), or enter them anew`
  } finally {
    await store.close()
  }
}
