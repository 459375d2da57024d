import type { Outcome, Plan } from '../../oci/index.ts'
import { type ImportProgress, NO_PROGRESS } from './import.ts'

const MIB = 1024 * 1024

/** Counts one try. What several tags share counts once. */
export type Tally = {
  plan(plan: Plan): void
  /** A blob is at byte `at`; `outcome` where it is all here. */
  blob(blob: { digest: string; size: number }, at: number, outcome: Outcome | undefined): void
  /** `put`: it was not here. */
  manifest(digest: string, put: boolean): void
  /** Bytes that came from the source. */
  fetched(bytes: number): void
  tag(): void
  now(): ImportProgress
  /** Grows with each thing that came, and with each MiB. */
  brought(): number
  /** The same, and with each thing that was found here. */
  steps(): number
}

/** `before`: what earlier tries brought. */
export function createTally(before: ImportProgress = NO_PROGRESS): Tally {
  const known = { manifests: new Set<string>(), blobs: new Set<string>() }
  const done = { manifests: new Set<string>(), blobs: new Set<string>() }
  const underWay = new Map<string, number>()
  const bytes = { done: 0, total: 0 }
  let { fetched, tags } = before
  const came = { things: 0, bytes: 0 }
  return {
    plan({ manifests, blobs }) {
      for (const { digest } of manifests) known.manifests.add(digest)
      for (const { digest, size } of blobs) {
        if (known.blobs.has(digest)) continue
        known.blobs.add(digest)
        bytes.total += size
      }
    },
    blob({ digest, size }, at, outcome) {
      if (done.blobs.has(digest)) return
      if (outcome === undefined) {
        underWay.set(digest, at)
        return
      }
      underWay.delete(digest)
      done.blobs.add(digest)
      bytes.done += size
      if (outcome !== 'present') came.things++
    },
    manifest(digest, put) {
      done.manifests.add(digest)
      if (put) came.things++
    },
    fetched(more) {
      fetched += more
      came.bytes += more
    },
    tag() {
      tags++
      came.things++
    },
    now: () => ({
      tags,
      manifests: { done: done.manifests.size, total: known.manifests.size },
      blobs: { done: done.blobs.size, total: known.blobs.size },
      bytes: { done: underWay.values().reduce((sum, at) => sum + at, bytes.done), total: bytes.total },
      fetched,
    }),
    brought,
    steps: () => brought() + done.manifests.size + done.blobs.size,
  }

  function brought(): number {
    return came.things + Math.floor(came.bytes / MIB)
  }
}
