import { type AuditKeys, runSealer } from '../audit/index.ts'
import type { Clock, Config, Log, Store } from '../kernel/index.ts'
import { readAuditKeys } from './audit.ts'

type Parts = { config: Config; store: Store; clock: Clock; log: Log; region: string; holder: string }

export type RegionAudit = {
  /** Undefined until control has made them. */
  keys(): AuditKeys | undefined
  /** Until the signal, and then what is left. */
  run(signal: AbortSignal): Promise<void>
}

const LOOK_MS = 1_000
const TROUBLE_MS = 30_000

/** What a node does for its region's audit: of its nodes one seals. Without keys content is served and entries wait unsealed. */
export function createRegionAudit({ config, store, clock, log, region, holder }: Parts): RegionAudit {
  let keys: AuditKeys | undefined
  const onError = (err: unknown) => log.error({ err }, 'The audit is not sealed')

  async function look(signal: AbortSignal): Promise<AuditKeys | undefined> {
    while (!signal.aborted) {
      let pause = LOOK_MS
      try {
        const found = readAuditKeys(config)
        if (found) return found
      } catch (error) {
        onError(error)
        pause = TROUBLE_MS
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
