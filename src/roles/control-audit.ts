import { type AuditKeys, runAnchors, runSealer } from '../audit/index.ts'
import { type Clock, type Config, type Log, randomText, type Store } from '../kernel/index.ts'
import { askRegion } from './ask-region.ts'
import { CONTROL_REGION } from './audit.ts'
import { anchorSource } from './audit-questions.ts'

type Parts = { config: Config; store: Store; clock: Clock; log: Log; keys: AuditKeys; signal: AbortSignal }

/** Until the signal: seals control's own chains, and keeps the heads of every region's. */
export async function runControlAudit({ config, store, clock, log, keys, signal }: Parts): Promise<void> {
  const holder = `control/${randomText(clock, 10)}`
  const common = { store, clock, keys, holder, signal }
  const onError = (err: unknown) => log.error({ err }, 'The audit is not sealed')
  const anchoring = config.regions.map(({ name: region }) => {
    const source = anchorSource(path => askRegion(config, region, path))
    const onError = (err: unknown) =>
      log.warn({ err, region }, 'The heads of the audit of a region, which are kept here')
    return runAnchors({ ...common, source, region, onError })
  })
  await Promise.all([runSealer({ ...common, region: CONTROL_REGION, onError }), ...anchoring])
}
