import { type BlobKey, type BlobStore, JobHopeless, type Jobs, type Store } from '../../kernel/index.ts'
import { foldCounts } from '../content/count.ts'
import { describeManifests } from '../content/describe.ts'
import type { RegistryLimits } from '../limits.ts'
import { REMOVE_BLOB_JOB, reclaimBlobs, reviewLinks } from './collect.ts'
import { DELETE_REPOSITORY_JOB, finishDeletion } from './delete-repository.ts'
import { pruneAttributes, pruneTombstones } from './tombstones.ts'

/** Or as often as `reclaimDelay`, where that is shorter; not more often than a second. */
const COLLECT_MS = 60_000
const LEAST_MS = 1_000

/** What a region does once, whichever of its processes does it. */
export function registryJobs(
  jobs: Pick<Jobs, 'handle' | 'repeat'>,
  { store, blobs, limits }: { store: Store; blobs: BlobStore; limits: RegistryLimits },
): void {
  jobs.handle(REMOVE_BLOB_JOB, async ({ input }) => blobs.remove(keyOf(input)))
  jobs.handle(DELETE_REPOSITORY_JOB, ({ input, signal }) => finishDeletion(store, input, signal))
  const every = Math.max(LEAST_MS, Math.min(COLLECT_MS, limits.reclaimDelay))
  jobs.repeat('registry.collect', every, async ({ signal }) => {
    await collectGarbage(store, limits, signal)
    await describeManifests({ store, blobs }, signal)
  })
}

/** Everything whose time has come. */
export async function collectGarbage(store: Store, limits: RegistryLimits, signal?: AbortSignal): Promise<void> {
  const keepFor = limits.reclaimDelay
  while (!signal?.aborted && (await store.write(reviewLinks, { keepFor })));
  while (!signal?.aborted && (await store.write(reclaimBlobs, null)));
  while (!signal?.aborted && (await store.write(pruneTombstones, null)));
  while (!signal?.aborted && (await store.write(pruneAttributes, null)));
  while (!signal?.aborted && (await store.write(foldCounts, null)));
}

function keyOf(input: unknown): BlobKey {
  const key = typeof input === 'object' && input !== null && 'key' in input ? input.key : undefined
  if (typeof key !== 'string') throw JobHopeless('The job names no blob')
  return key as BlobKey
}
