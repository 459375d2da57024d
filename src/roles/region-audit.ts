import { type AuditKeys, runSealer } from '../audit/index.ts'
import { type Clock, Failure, type Log, type SecretFiles, type Store, VaultLocked } from '../kernel/index.ts'
import { readAuditKeys } from './audit.ts'

type Parts = { files: SecretFiles; store: Store; clock: Clock; log: Log; region: string; holder: string }

export type RegionAudit = {
  /** Undefined until control has made them. */
  keys(): AuditKeys | undefined
  /** Until the signal, and then what is left. */
  run(signal: AbortSignal): Promise<void>
}

const LOOK_MS = 1_000
const TROUBLE_MS = 30_000

/** What a node does for its region's audit: of its nodes one seals. Without keys content is served and entries wait unsealed. */
export function createRegionAudit({ files, store, clock, log, region, holder }: Parts): RegionAudit {
  let keys: AuditKeys | undefined
  const onError = (err: unknown) => log.error({ err }, 'The audit is not sealed')

  async function look(signal: AbortSignal): Promise<AuditKeys | undefined> {
    while (!signal.aborted) {
      let pause = LOOK_MS
      try {
        const found = await readAuditKeys(files)
        if (found) return found
      } catch (error) {
        // Locked: who opens the secrets says it, and sees to it.
        if (!(error instanceof Failure && error.is(VaultLocked))) {
          onError(error)
          pause = TROUBLE_MS
        }
      }
      await clock.sleep(pause, signal).catch(() => {})
    }
    return undefined
  }

  return {
    keys: () => keys,
    async run(signal) {
      keys = await look(signal)
      if (keys) await runSealer({ store, clock, keys, region, holder, signal, onError })
    },
  }
}
