import type { Clock } from '../clock.ts'
import { type Config, paths } from '../config/index.ts'
import { Failure } from '../failure.ts'
import { ensureSecret, readSecret } from '../secrets.ts'
import { VaultLocked } from './failures.ts'
import type { MasterKeys } from './key-management.ts'
import { newMasterKey, parseMasterKeys } from './local-key.ts'

type Parts = {
  config: Pick<Config, 'home' | 'secrets'>
  env: Readonly<Record<string, string | undefined>>
  clock: Clock
}

/**
 * Where the configuration says that they are, else <home>/secrets/master.key, made once. Read each time that they are
 * needed, which is seldom: a file that comes back is found without a restart, and a key lies in memory no longer than it must.
 */
export function localMasterKeys({ config, env, clock }: Parts): MasterKeys {
  const { masterKey } = config.secrets
  const file = paths(config).masterKey
  return async () => {
    try {
      const text = masterKey ? readSecret(masterKey, env) : ensureSecret(file, () => newMasterKey(clock)).value
      return parseMasterKeys(text, masterKey ?? file, clock)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      throw VaultLocked(`there is no master key (${error.message})`, error.next).from(error)
    }
  }
}
