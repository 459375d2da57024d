import type { AccessReader } from '../identity/index.ts'
import type { Clock, Ms, Store } from '../kernel/index.ts'
import { type ConfigText, readConfigText } from './config-document.ts'

export type ConfigFeed = {
  /** The document once it differs from `etag`; undefined where it did not within `wait`. */
  newer(etag: string | undefined, wait: Ms, signal: AbortSignal): Promise<ConfigText | undefined>
  /** Called after each write of this process that a region may have to hear of. */
  changed(): void
}

/** Writes of another control process, or of somebody's own SQL, are seen this late. */
const LOOK_MS = 2_000

type Parts = { store: Store; clock: Clock; access: AccessReader }

export function createConfigFeed({ store, clock, access }: Parts): ConfigFeed {
  let change = Promise.withResolvers<void>()
  return {
    async newer(etag, wait, signal) {
      const end = clock.monotonic() + wait
      for (;;) {
        const next = change.promise
        const now = await readConfigText(store, access)
        if (now.etag !== etag) return now
        const left = end - clock.monotonic()
        if (left <= 0 || signal.aborted) return undefined
        const sleeping = new AbortController()
        const look = clock.sleep(Math.min(LOOK_MS, left), AbortSignal.any([signal, sleeping.signal]))
        // Woken early or told to stop: the loop looks at what it is.
        await Promise.race([next, look.catch(() => {})])
        sleeping.abort()
      }
    },
    changed() {
      change.resolve()
      change = Promise.withResolvers<void>()
    },
  }
}
