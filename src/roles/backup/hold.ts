import { type Clock, failure, type Ms, type Store } from '../../kernel/index.ts'
import { holdReclaim, releaseReclaim } from '../../registry/index.ts'

/** While it stands, no blob that a snapshot names is reclaimed. */
export type Hold = {
  /** Throws where it could not be renewed in time: what was copied since may miss blobs. */
  check(): void
  release(): Promise<void>
}

export const HoldLost = failure('BACKUP_HOLD_LOST', 503, (region: string) => ({
  says: `Region ${region} may have reclaimed blobs which this backup needs: it did not answer for long, or its clock went forward`,
  next: 'Run the same command again: what is copied already is kept',
}))

// A backup that dies keeps bytes for a quarter of an hour too long, no more.
const HOLD_MS: Ms = 15 * 60_000
const RENEW_MS: Ms = 60_000

export async function holdBlobs(
  region: { name: string; store: Pick<Store, 'write'> },
  holder: string,
  clock: Clock,
): Promise<Hold> {
  const ending = new AbortController()
  let renewed = clock.monotonic()
  const renew = async () => {
    const asked = clock.monotonic()
    await region.store.write(holdReclaim, { holder, forMs: HOLD_MS })
    renewed = asked
  }
  await renew()

  const keeping = (async () => {
    while (!ending.signal.aborted) {
      // A writer that is being restarted answers again within the quarter of an hour; `check` knows when it did not.
      await clock
        .sleep(RENEW_MS, ending.signal)
        .then(renew)
        .catch(() => {})
    }
  })()

  return {
    check() {
      if (clock.monotonic() - renewed > HOLD_MS) throw HoldLost(region.name)
    },
    async release() {
      ending.abort()
      await keeping
      await region.store.write(releaseReclaim, { holder })
    },
  }
}
