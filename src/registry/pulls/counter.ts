import type { RepoRef } from '../content/change.ts'
import type { StoredManifest } from '../read/manifests.ts'
import type { Counted } from './rows.ts'

/** What was pulled from one repository. */
export type Pulled = { pulls: number; readonly tags: Set<string>; readonly digests: Set<string> }
/** `blurred`: registries of which more was pulled than is kept by name. */
export type PullBatch = {
  readonly registries: ReadonlyMap<string, ReadonlyMap<string, Pulled>>
  readonly blurred: ReadonlySet<string>
}

/** Repositories, tags and digests together: some 5 MB. */
const MOST_NAMES = 50_000

/**
 * What this process has answered since the last flush, in memory alone: a pull costs a few lookups, and no statement.
 * Times are not kept: what was pulled since the last flush counts as pulled at the next one.
 */
export class PullCounter {
  #registries = new Map<string, Map<string, Pulled>>()
  #blurred = new Set<string>()
  #names = 0

  /**
   * `isWhole`: its bytes were sent. HEAD and 304 say that who asks has them and runs them, so they count as a pull
   * wherever it matters when the last one was, and not in how many there were; nor do indexes, whose images do.
   */
  pulled({ registryId, repository }: RepoRef, reference: string, { digest }: StoredManifest, isWhole: boolean): void {
    const one = this.#of(registryId, repository)
    if (one === undefined) return
    if (isWhole) one.pulls += 1
    this.#note(registryId, one.digests, digest)
    if (reference !== digest) this.#note(registryId, one.tags, reference)
  }

  /** All of it, to be written; the counter begins anew. */
  take(): PullBatch {
    const batch = { registries: this.#registries, blurred: this.#blurred }
    this.#registries = new Map()
    this.#blurred = new Set()
    this.#names = 0
    return batch
  }

  /** What could not be written, for the next time. */
  giveBack({ counted, blurred }: { counted: readonly Counted[]; blurred: ReadonlySet<string> }): void {
    for (const registryId of blurred) this.#blurred.add(registryId)
    for (const { registryId, repository, pulls, tags, digests } of counted) {
      const one = this.#of(registryId, repository)
      if (one === undefined) continue
      one.pulls += pulls
      for (const tag of tags) this.#note(registryId, one.tags, tag)
      for (const digest of digests) this.#note(registryId, one.digests, digest)
    }
  }

  #of(registryId: string, repository: string): Pulled | undefined {
    const registry = this.#registries.get(registryId)
    const held = registry?.get(repository)
    if (held || !this.#room(registryId)) return held
    const one: Pulled = { pulls: 0, tags: new Set(), digests: new Set() }
    if (registry) registry.set(repository, one)
    else this.#registries.set(registryId, new Map([[repository, one]]))
    return one
  }

  #note(registryId: string, names: Set<string>, name: string): void {
    if (names.has(name) || !this.#room(registryId)) return
    names.add(name)
  }

  #room(registryId: string): boolean {
    if (this.#names < MOST_NAMES) {
      this.#names += 1
      return true
    }
    this.#blurred.add(registryId)
    return false
  }
}
