import { type BlobStore, type Clock, type Log, type Ms, type Store, sql } from '../../kernel/index.ts'
import type { Registry } from '../registry.ts'

// Every node looks after its own: an upload's bytes are on its disk.
// Where uploads may wait for less than that, as often as that.
const EVERY_MS = 60_000
const LEAST_MS = 1_000
const CLOSE_AFTER_MS = 60_000
// A row that is not there two minutes after its bytes were put in place will not come any more.
export const DECIDED_AFTER_MS = 120_000

type Parts = { registry: Registry; store: Store; blobs: BlobStore; clock: Clock; log: Log }

/** Closes idle uploads and removes what crashes and clients left behind, until the signal. */
export async function tendUploads({ signal, ...parts }: Parts & { signal: AbortSignal }): Promise<void> {
  const { registry, clock, log } = parts
  const { uploadIdle } = registry.limits
  const every = Math.max(LEAST_MS, Math.min(EVERY_MS, uploadIdle))
  const decidedAfter = Math.min(DECIDED_AFTER_MS, uploadIdle)
  while (!signal.aborted) {
    try {
      await registry.uploads.closeIdle(CLOSE_AFTER_MS)
      await sweepUploads(parts, { decidedAfter })
    } catch (error) {
      log.error({ err: error }, 'Uploads could not be tended; trying again soon')
    }
    await clock.sleep(every, signal).catch(() => {})
  }
  await registry.uploads.closeAll()
}

/**
 * What was put in place but whose process died: kept where a row names its key, else removed. Then what nobody
 * touched for as long as an upload may wait.
 */
export async function sweepUploads(parts: Omit<Parts, 'log'>, { decidedAfter }: { decidedAfter: Ms }): Promise<void> {
  const { registry, blobs, clock } = parts
  const now = clock.now()
  for await (const { id, key } of blobs.leftovers(now - decidedAfter)) {
    if (key === undefined || registry.uploads.isHere(id)) continue
    await settleKey(parts, id, key)
  }
  for await (const { id, key } of blobs.leftovers(now - registry.limits.uploadIdle)) {
    if (key === undefined && !registry.uploads.isHere(id)) await blobs.abandon(id)
  }
}

async function settleKey({ store, blobs }: Omit<Parts, 'log'>, id: string, key: string): Promise<void> {
  const row = await store.read.one<{ blob_key: typeof key }>(sql`select blob_key from blob where blob_key = ${key}`)
  if (!row) await blobs.remove(key as Parameters<BlobStore['remove']>[0])
  await blobs.settle(id)
}
