import type { Registry } from '../peers/support/registry.ts'
import { LoadClient } from './client.ts'
import { Gate } from './gate.ts'
import { Ledger } from './ledger.ts'
import { drawFrom } from './random.ts'
import type { Tally } from './sender.ts'

// Short enough that uploads expire and content is reclaimed while all else goes on.
const UPLOAD_IDLE_S = 20
const RECLAIM_DELAY_S = 3
export const limits = { uploadIdle: `${UPLOAD_IDLE_S} s`, reclaimDelay: `${RECLAIM_DELAY_S} s` }

export type Load = {
  readonly ledger: Ledger
  readonly gate: Gate
  readonly tally: Tally
  /** Throws where a client sees meanwhile what must not happen. */
  unlessFailed(work: Promise<unknown>): Promise<void>
  /** No request is under way any more when it resolves. */
  stop(): Promise<void>
}

/** So many clients at work, each with choices of its own by the seed. */
export function startLoad(registry: Registry, count: number, seed: number): Load {
  const ledger = new Ledger()
  const gate = new Gate(count)
  const tally: Tally = { acknowledged: 0, unsure: 0, bytes: 0 }
  let stopped = false
  const clients = Array.from({ length: count }, (_, i) => {
    const parts = {
      ...{ wire: registry.wire, ledger, gate, tally, draw: drawFrom(seed + i + 1) },
      ...{ shared: 'fault/shared', churn: 'fault/churn' },
      ...{ uploadIdleMs: UPLOAD_IDLE_S * 1000, reclaimDelayMs: RECLAIM_DELAY_S * 1000 },
    }
    return new LoadClient(`c${i}`, parts).run(() => stopped)
  })
  // A client that ends before it is told to has seen what must not happen.
  const failed = Promise.race(clients).then(
    () => 'a client stopped',
    (error: Error) => `a client: ${error.stack}`,
  )
  return {
    ...{ ledger, gate, tally },
    async unlessFailed(work) {
      const first = await Promise.race([failed, work])
      if (typeof first === 'string' && !stopped) throw new Error(`seed ${seed}: ${first}`)
    },
    async stop() {
      stopped = true
      gate.open()
      await Promise.all(clients)
    },
  }
}
