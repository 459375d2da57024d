import type { RepoRef } from '../content/change.ts'
import { matches } from '../policies/pattern.ts'
import type { ServedPolicy } from '../policies/policy.ts'
import type { StoredManifest } from '../read/manifests.ts'
import { signatureCandidates } from './candidates.ts'
import { Evidence } from './evidence.ts'
import { type TrustKey, trustKey } from './keys.ts'
import type { Reach } from './read-blob.ts'
import { approves } from './signature.ts'
import { Signatures } from './signatures.ts'

export type TrustPolicy = {
  readonly registryId: string
  readonly id: string
  readonly name: string
  /** A pattern. */
  readonly repositories: string
  readonly keys: readonly TrustKey[]
  readonly refuse: boolean
}

/** What a policy says of a manifest: by which of its keys which signature of what was verified. */
export type Verdict = {
  readonly policy: TrustPolicy
  readonly found: { readonly key: string; readonly signature: string; readonly subject: string } | undefined
}

type Parts = Reach & {
  /** The same list until it changes. */
  policies: () => readonly ServedPolicy[]
}

/** Who signed what, as the policies of now see it. */
export class Trust {
  readonly signatures: Signatures
  readonly #reach: Reach
  readonly #evidence: Evidence
  readonly #served: () => readonly ServedPolicy[]
  #seen: readonly ServedPolicy[] = []
  #byRegistry = new Map<string, TrustPolicy[]>()

  constructor({ read, blobs, policies }: Parts) {
    this.#reach = { read, blobs }
    this.#served = policies
    this.#evidence = new Evidence(this.#reach)
    this.signatures = new Signatures(this.#reach)
  }

  /** Nearly everywhere none, which costs a look into an empty map. */
  policies({ registryId, repository }: RepoRef): readonly TrustPolicy[] {
    const served = this.#served()
    if (served !== this.#seen) this.#learn(served)
    const here = this.#byRegistry.get(registryId)
    return here === undefined ? NONE : here.filter(policy => matches(policy.repositories, repository))
  }

  /** Those by which a pull may be refused. */
  refusing(repo: RepoRef): readonly TrustPolicy[] {
    const policies = this.policies(repo)
    return policies.length === 0 ? policies : policies.filter(policy => policy.refuse)
  }

  async verdicts(repo: RepoRef, digest: string, policies: readonly TrustPolicy[]): Promise<Verdict[]> {
    const open = new Set(policies)
    const found = new Map<TrustPolicy, NonNullable<Verdict['found']>>()
    if (open.size > 0) {
      for (const one of await signatureCandidates(this.#reach.read, repo, digest)) {
        for (const [policy, key] of await this.#accepting(repo, one, open)) {
          found.set(policy, { key, signature: one.digest, subject: one.subject })
          open.delete(policy)
        }
        if (open.size === 0) break
      }
    }
    return policies.map(policy => ({ policy, found: found.get(policy) }))
  }

  /** Those of the policies that find no signature; none of what is evidence itself. */
  async missing(repo: RepoRef, manifest: StoredManifest, policies: readonly TrustPolicy[]): Promise<TrustPolicy[]> {
    const verdicts = await this.verdicts(repo, manifest.digest, policies)
    const missing = verdicts.filter(one => !one.found).map(({ policy }) => policy)
    return missing.length > 0 && (await this.#evidence.is(repo, manifest)) ? [] : missing
  }

  async #accepting(repo: RepoRef, { subject, digest }: { subject: string; digest: string }, open: Set<TrustPolicy>) {
    const accepting = new Map<TrustPolicy, string>()
    for (const held of await this.signatures.of(repo, digest)) {
      if (!approves(held.signature, subject)) continue
      for (const policy of open) {
        for (const key of accepting.has(policy) ? [] : policy.keys) {
          if (await this.signatures.verifies(held, key, repo, subject)) accepting.set(policy, key.name)
        }
      }
    }
    return accepting
  }

  #learn(served: readonly ServedPolicy[]): void {
    this.#seen = served
    this.#byRegistry = Map.groupBy(served.flatMap(prepared), one => one.registryId)
  }
}

const NONE: readonly TrustPolicy[] = []

function prepared(policy: ServedPolicy): TrustPolicy[] {
  if (policy.kind !== 'trust') return []
  const { registryId, id, name, repositories, settings } = policy
  return [{ registryId, id, name, repositories, refuse: settings.refuse, keys: settings.keys.map(trustKey) }]
}
