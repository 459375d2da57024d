import { type AuditKeys, runAnchors, runSealer } from '../audit/index.ts'
import {
  type Clock,
  type Config,
  Failure,
  type Log,
  type SecretFiles,
  type Store,
  VaultLocked,
} from '../kernel/index.ts'
import { CONTROL_REGION, readAuditKeys } from './audit.ts'
import { anchorSource } from './audit-questions.ts'
import { callSocket, NotAnswering } from './call-socket.ts'
import { controlSocket } from './control-socket.ts'

type Parts = {
  config: Config
  files: SecretFiles
  store: Store
  clock: Clock
  log: Log
  region: string
  holder: string
  /** What the region shows to control. */
  key: () => Promise<string>
}

export type RegionAudit = {
  /** Undefined until control has made them. */
  keys(): AuditKeys | undefined
  /** Until the signal, and then what is left. */
  run(signal: AbortSignal): Promise<void>
}

const LOOK_MS = 1_000
const TROUBLE_MS = 30_000
const CONTROL_MS = 10_000

/** What a node does for its region's audit: of its nodes one seals, and one keeps the heads of control. Without keys content is served and entries wait unsealed. */
export function createRegionAudit({ config, files, store, clock, log, region, holder, key }: Parts): RegionAudit {
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

  /** Control's chains are anchored here. */
  function anchor(known: AuditKeys, signal: AbortSignal): Promise<void> {
    const source = anchorSource(async path => {
      const headers = { host: 'control', authorization: `Bearer ${await key()}` }
      const { status, body } = await callSocket(controlSocket(config), { path, headers, timeout: CONTROL_MS, signal })
      if (status !== 200) throw NotAnswering('Control', `it says ${status}`)
      return JSON.parse(body)
    })
    const onError = (err: unknown) => log.warn({ err }, 'The heads of the audit of control, which are kept here')
    return runAnchors({ store, clock, keys: known, source, region: CONTROL_REGION, holder, signal, onError })
  }

  return {
    keys: () => keys,
    async run(signal) {
      keys = await look(signal)
      if (!keys) return
      const sealing = runSealer({ store, clock, keys, region, holder, signal, onError })
      await Promise.all([sealing, anchor(keys, signal)])
    },
  }
}
