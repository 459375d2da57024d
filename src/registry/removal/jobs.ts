import { type BlobKey, type BlobStore, type Clock, JobHopeless, type Jobs, type Store } from '../../kernel/index.ts'
import { foldCounts } from '../content/count.ts'
import { describeManifests } from '../content/describe.ts'
import type { RegistryLimits } from '../limits.ts'
import { HoldingPolicies } from '../policies/holding.ts'
import type { ServedPolicy } from '../policies/policy.ts'
import { foldSizes } from '../quota/size.ts'
import { emptyTrash } from '../trash/purge.ts'
import { finishRestore, RESTORE_REPOSITORY_JOB } from '../trash/restore-repository.ts'
import { REMOVE_BLOB_JOB, reclaimBlobs, reviewLinks } from './collect.ts'
import { DELETE_REPOSITORY_JOB, finishDeletion } from './delete-repository.ts'
import { pruneAttributes, pruneTombstones } from './tombstones.ts'

/** Or as often as `reclaimDelay`, where that is shorter; not more often than a second. */
const COLLECT_MS = 60_000
const LEAST_MS = 1_000

// Days are what people give: an hour more is none of them.
const EMPTY_TRASH_MS = 3600_000

type Parts = {
  store: Store
  blobs: BlobStore
  clock: Clock
  limits: RegistryLimits
  /** Of all registries, as the region has heard them. */
  policies: () => readonly ServedPolicy[]
}

/** What a region does once, whichever of its processes does it. */
export function registryJobs(
  jobs: Pick<Jobs, 'handle' | 'repeat'>,
  { store, blobs, clock, limits, policies }: Parts,
): void {
  jobs.handle(REMOVE_BLOB_JOB, async ({ input }) => blobs.remove(keyOf(input)))
  jobs.handle(DELETE_REPOSITORY_JOB, ({ input, signal }) => finishDeletion(store, input, signal))
  jobs.handle(RESTORE_REPOSITORY_JOB, ({ input, signal }) => finishRestore(store, input, signal))
  const holding = new HoldingPolicies(policies)
  jobs.repeat('registry.empty-trash', EMPTY_TRASH_MS, ({ signal }) =>
    emptyTrash({ store, clock, keepFor: limits.reclaimDelay, trashFor: repo => holding.trashFor(repo) }, signal),
  )
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
  while (!signal?.aborted && (await store.write(foldSizes, null)));
}

function keyOf(input: unknown): BlobKey {
  const key = typeof input === 'object' && input !== null && 'key' in input ? input.key : undefined
  if (typeof key !== 'string') throw JobHopeless('The job names no blob')
  return key as BlobKey
}
