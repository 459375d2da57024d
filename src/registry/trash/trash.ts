import type { Clock, Ms, Store } from '../../kernel/index.ts'
import type { Digest } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'
import type { ContentFrom, ContentOrigin } from '../content/record-content.ts'
import type { RegistryLimits } from '../limits.ts'
import type { HoldingPolicies } from '../policies/holding.ts'
import { listTrashedManifests, listTrashedRepositories, listTrashedTags, type TrashPage } from './lists.ts'
import { type Purged, purgeTrash } from './purge.ts'
import { restoreImage } from './restore.ts'
import { type RestoredRepository, restoreRepository } from './restore-repository.ts'

type Parts = { store: Store; clock: Clock; region: string; limits: RegistryLimits; policies: HoldingPolicies }
/** A tag, of one manifest or of any; a manifest; all of the repository where neither is given. */
type What = { tag?: string; digest?: Digest }

// What one request works on before it says that there is more.
const PATIENCE_MS: Ms = 5_000

/** What was deleted in one region and can be had back. Names, tags and digests come checked. */
export class Trash {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  repositories(registryId: string, page: TrashPage) {
    return listTrashedRepositories(this.#parts.store.read, registryId, page)
  }

  manifests(repo: RepoRef, page: TrashPage) {
    return listTrashedManifests(this.#parts.store.read, repo, page)
  }

  /** `tag`: only those of that name. */
  tags(repo: RepoRef, page: TrashPage & { tag?: string }) {
    return listTrashedTags(this.#parts.store.read, repo, page)
  }

  /** A push of what `what` names and of all that belongs to it. */
  async restore(repo: RepoRef, what: What & { force: boolean }, by: ContentOrigin): Promise<RestoredRepository> {
    const { registryId, repository } = repo
    const { store, clock, limits, policies } = this.#parts
    const ruled = { immutable: policies.immutable(repo), keepFor: limits.uploadIdle, from: this.#from(by) }
    const restoring = { registryId, repository, force: what.force, ...ruled }
    if (what.tag === undefined && what.digest === undefined) return restoreRepository({ store, clock }, restoring)
    return { ...(await store.write(restoreImage, { ...restoring, ...what })), more: false }
  }

  /** For good, before its days are over. */
  async purge({ registryId, repository }: RepoRef, what: What, by: ContentOrigin): Promise<Purged> {
    const { store, clock, limits } = this.#parts
    const started = clock.monotonic()
    const sum: Purged = { manifests: 0, tags: 0, more: true }
    while (sum.more && clock.monotonic() - started < PATIENCE_MS) {
      const keepFor = limits.reclaimDelay
      const page = await store.write(purgeTrash, { registryId, repository, ...what, keepFor, from: this.#from(by) })
      sum.manifests += page.manifests
      sum.tags += page.tags
      sum.more = page.more
    }
    return sum
  }

  #from(by: ContentOrigin): ContentFrom {
    return { ...by, region: this.#parts.region }
  }
}
