import { type ReadTx, sql } from '../../kernel/index.ts'
import type { Digest } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'
import { isLinked } from '../content/put-blob.ts'
import type { HoldingPolicies } from '../policies/holding.ts'
import { QuotaExceeded } from './failures.ts'
import { readSize } from './size.ts'

type Of = 'registry' | 'repository'
type Quota = { readonly policy: string; readonly of: Of; readonly limit: number }
/** What it adds to the bytes of each. */
type Added = Readonly<Record<Of, number>>
/** A push that is just committing: what it adds counts before anybody can read it. */
type OnTheWay = { readonly repo: RepoRef; readonly added: Added; readonly ended: Promise<void> }

type Parts = { read: ReadTx; policies: HoldingPolicies }

/**
 * Whether what comes next still fits. Pushes of this node never pass a quota together: those that came before and are
 * just committing count too. What other nodes commit at the same moment is not seen.
 */
export class Quotas {
  readonly #read: ReadTx
  readonly #policies: HoldingPolicies
  readonly #onTheWay = new Set<OnTheWay>()

  constructor({ read, policies }: Parts) {
    this.#read = read
    this.#policies = policies
  }

  /** Throws where there is no room for a single byte: nobody is to send a layer for nothing. */
  async refuseFull(repo: RepoRef): Promise<void> {
    for (const quota of this.#of(repo)) {
      const held = await this.#held(repo, quota)
      if (held >= quota.limit) throw QuotaExceeded(repo.repository, { ...quota, held, more: 0 })
    }
  }

  /** Commits a blob of `size` bytes, or throws before. */
  blob<T>(repo: RepoRef, digest: Digest, size: number, commit: () => Promise<T>): Promise<T> {
    return this.#fitting(repo, commit, async () => {
      const held = await this.#blobSize(repo, digest)
      return {
        registry: held === undefined ? size : 0,
        repository: (await isLinked(this.#read, { ...repo, digest })) ? 0 : size,
      }
    })
  }

  /** The same for a blob that the registry has. */
  mount<T>(repo: RepoRef, digest: Digest, commit: () => Promise<T>): Promise<T> {
    return this.#fitting(repo, commit, async () => {
      const size = (await this.#blobSize(repo, digest)) ?? 0
      return { registry: 0, repository: (await isLinked(this.#read, { ...repo, digest })) ? 0 : size }
    })
  }

  /** The same for a manifest: each repository has its own. */
  manifest<T>(repo: RepoRef, digest: Digest, size: number, commit: () => Promise<T>): Promise<T> {
    const { registryId, repository } = repo
    return this.#fitting(repo, commit, async () => {
      const here = await this.#read.one(sql`select 1 as here from manifest
        where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
      return here ? { registry: 0, repository: 0 } : { registry: size, repository: size }
    })
  }

  async #fitting<T>(repo: RepoRef, commit: () => Promise<T>, adds: () => Promise<Added>): Promise<T> {
    const quotas = this.#of(repo)
    if (quotas.length === 0) return commit()
    const ended = Promise.withResolvers<void>()
    const mine = { repo, added: await adds(), ended: ended.promise }
    // Each waits only for those that came before it, so none waits for another that waits for it.
    const before = [...this.#onTheWay]
    this.#onTheWay.add(mine)
    try {
      for (const quota of quotas) await this.#untilItFits(repo, quota, before, adds)
      return await commit()
    } finally {
      this.#onTheWay.delete(mine)
      ended.resolve()
    }
  }

  async #untilItFits(repo: RepoRef, quota: Quota, before: readonly OnTheWay[], adds: () => Promise<Added>) {
    for (;;) {
      // Before the read: one that ends meanwhile counts twice and is looked at again, instead of not at all.
      const waiting = before.filter(one => this.#onTheWay.has(one) && counts(one, quota, repo))
      const { [quota.of]: more } = await adds()
      const held = await this.#held(repo, quota)
      const ahead = waiting.reduce((sum, one) => sum + one.added[quota.of], 0)
      if (more === 0 || held + ahead + more <= quota.limit) return
      const [first] = waiting
      if (first === undefined || held + more > quota.limit) {
        throw QuotaExceeded(repo.repository, { ...quota, held, more })
      }
      await first.ended
    }
  }

  async #blobSize({ registryId }: RepoRef, digest: Digest): Promise<number | undefined> {
    const blob = await this.#read.one<{ size: number }>(sql`select size from blob
      where registry_id = ${registryId} and digest = ${digest}`)
    return blob?.size
  }

  #held({ registryId, repository }: RepoRef, { of }: Quota): Promise<number> {
    return readSize(this.#read, registryId, of === 'registry' ? undefined : repository)
  }

  #of(repo: RepoRef): Quota[] {
    return this.#policies
      .all(repo, 'quota')
      .map(({ name, settings }) => ({ policy: name, of: settings.of, limit: settings.bytes }))
  }
}

function counts({ repo, added }: OnTheWay, { of }: Quota, { registryId, repository }: RepoRef): boolean {
  if (repo.registryId !== registryId || added[of] === 0) return false
  return of === 'registry' || repo.repository === repository
}
