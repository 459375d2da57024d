import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { type Config, paths } from '../config/index.ts'
import { Failure } from '../failure.ts'
import { ensureSecret, readSecret, replaceSecret, secretExists } from '../secrets.ts'
import { VaultLocked } from './failures.ts'
import { HOME_KEY } from './home-key.ts'
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
      return parseMasterKeys(
        masterKey ? readSecret(masterKey, env) : ownText({ config, clock }),
        masterKey ?? file,
        clock,
      )
    } catch (error) {
      if (!(error instanceof Failure) || error.is(VaultLocked)) throw error
      throw VaultLocked(`there is no master key (${error.message})`, error.next).from(error)
    }
  }
}

type Own = Pick<Parts, 'config' | 'clock'>

function ownText({ config, clock }: Own): string {
  const { masterKey: file, secrets } = paths(config)
  // A new one would open nothing of what is there, and what it sealed would be lost once the old one is put back.
  if (!secretExists(file) && secretExists(join(secrets, HOME_KEY))) {
    const next = `Bring it back. Where it is lost, move ${secrets} away and start again: new keys are made, clients sign in anew, and secrets of providers are entered anew`
    throw VaultLocked(`${file} is gone`, next)
  }
  return ensureSecret(file, () => newMasterKey(clock)).value
}

/** Puts a new key before the others in the platform's own file. Where keys come from elsewhere, somebody does so there. */
export function renewMasterKey({ config, clock }: Own): void {
  if (config.secrets.masterKey !== undefined) return
  replaceSecret(paths(config).masterKey, `${newMasterKey(clock)}\n${ownText({ config, clock })}`)
}

/** Two stay in the platform's own file: with the one before, the last backups of it still open. */
const KEPT = 2

/** Once the first key wraps everything. */
export function trimMasterKeys({ config, clock }: Own): void {
  if (config.secrets.masterKey !== undefined) return
  const keys = ownText({ config, clock }).split(/\s+/)
  if (keys.length > KEPT) replaceSecret(paths(config).masterKey, keys.slice(0, KEPT).join('\n'))
}
