import { ensureSigningKey, type SigningKey } from '../identity/index.ts'
import {
  type Clock,
  type Config,
  Failure,
  type Log,
  localMasterKeys,
  type MasterKeys,
  nodeDisk,
  openSecretFiles,
  paths,
  type SecretFiles,
  VaultLocked,
} from '../kernel/index.ts'

/** The platform's own secrets. While they are locked each call throws `VaultLocked`, and works once they are not. */
export type PlatformSecrets = {
  readonly files: SecretFiles
  /** What seals the files, and secrets in rows. Processes on this machine read it by themselves: from the same file, or from the environment that the supervisor passes on. */
  readonly masterKeys: MasterKeys
  /** Signs the tokens of all regions. */
  signingKey(): Promise<SigningKey>
  /** What a region shows to control. */
  regionKey(region: string): Promise<string>
  /** Why they can't be used now. */
  locked(): string | undefined
  /**
   * Reads them, and makes those that are missing; safe from several processes at once. False where they are locked:
   * then this process goes on without. Throws where there are none to go on with.
   */
  open(log: Log): Promise<boolean>
  /** Resolves with true once they are open, with false at the signal. */
  untilOpen(log: Log, signal: AbortSignal): Promise<boolean>
}

const RETRY_MS = 2_000

type Parts = { config: Config; clock: Clock; env: Readonly<Record<string, string | undefined>> }

export function platformSecrets({ config, clock, env }: Parts): PlatformSecrets {
  const masterKeys = localMasterKeys({ config, env, clock })
  const files = openSecretFiles({ disk: nodeDisk(), clock, dir: paths(config).secrets, masterKeys })
  let locked: string | undefined

  const signingKey = () => ensureSigningKey(files)
  const regionKey = async (region: string) => {
    const make = () => Buffer.from(clock.bytes(32)).toString('base64url')
    return (await files.ensure(regionKeyName(region), make)).value
  }

  async function readAll(): Promise<void> {
    await signingKey()
    for (const { name } of config.regions) await regionKey(name)
    locked = undefined
  }

  async function open(log: Log): Promise<boolean> {
    try {
      await readAll()
    } catch (error) {
      if (!(error instanceof Failure && error.is(VaultLocked))) throw error
      // Nothing was sealed yet: whoever sets the platform up wants to know it now.
      if (!(await files.keyFacts())) throw error
      if (locked === undefined) log.error({ err: error, next: error.next }, 'Secrets are locked; goes on without them')
      locked = error.message
      return false
    }
    // Read as they were written by an earlier version, since the master key is away.
    if (!(await files.keyFacts())) log.warn('The files in secrets/ are not sealed: there is no master key')
    return true
  }

  return {
    files,
    masterKeys,
    signingKey,
    regionKey,
    locked: () => locked,
    open,
    async untilOpen(log, signal) {
      while (locked !== undefined && !signal.aborted) {
        // Aborted: the loop looks at what it is.
        await clock.sleep(RETRY_MS, signal).catch(() => {})
        if (!signal.aborted && (await open(log))) log.info('Secrets are open again')
      }
      return locked === undefined
    },
  }
}

/** Its file in the folder of secrets. */
export function regionKeyName(region: string): string {
  return `region-${region}.key`
}
