import { type Clock, dropLease, type Lease, type Ms, type Store, takeLease } from '../kernel/index.ts'
import type { AuditKeys } from './keys.ts'
import { type AnchorSource, pullAnchors } from './pull-anchors.ts'

const PULL_MS = 60_000
/** Soon after a start: what was sealed while this side was away is not anchored yet. */
const FIRST_MS = 1_000
const RETRY_MS = 5_000
/** The first two are a side that starts: within 20 s it is there, and nobody needs to hear of it. */
const TOLD_AT = 3
/** Longer than the longest pause between two pulls. */
const LEASE_MS = 150_000

type Options = {
  store: Store
  clock: Clock
  keys: AuditKeys
  source: AnchorSource
  /** Whose chains are anchored here. */
  region: string
  /** Unique per process. */
  holder: string
  signal: AbortSignal
  /** Told of what goes wrong, once for each time that the other side goes away. */
  onError: (error: unknown) => void
}

/** Keeps another database's heads until the signal, once a minute; of several processes one does. */
export async function runAnchors(options: Options): Promise<void> {
  const { store, clock, region, holder, signal, onError } = options
  const asked = { name: `audit-anchors/${region}`, holder, ms: LEASE_MS }
  let lease: Lease | undefined
  let failures = 0
  for (let pause: Ms = FIRST_MS; ; ) {
    await clock.sleep(pause * (0.75 + clock.random() / 2), signal).catch(() => {})
    if (signal.aborted) break
    try {
      lease = await store.write(takeLease, asked)
      if (lease) await pullAnchors(options)
      failures = 0
      pause = PULL_MS
    } catch (error) {
      failures += 1
      if (failures === TOLD_AT) onError(error)
      pause = Math.min(PULL_MS, RETRY_MS * 2 ** (failures - 1))
    }
  }
  if (lease) await store.write(dropLease, lease)
}
