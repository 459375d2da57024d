import type { RepoRef } from '../content/change.ts'
import { matches } from '../policies/pattern.ts'
import type { ServedPolicy } from '../policies/policy.ts'
import type { StoredManifest } from '../read/manifests.ts'
import { signatureCandidates } from './candidates.ts'
import { Evidence } from './evidence.ts'
import { type TrustKey, trustKey } from './keys.ts'
import type { Reach } from './read-blob.ts'
import { approves } from './signature.ts'
import { type Held, Signatures } from './signatures.ts'

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
    const found = new Map<TrustPolicy, NonNullable<Verdict['found']>>()
    const candidates = policies.length === 0 ? [] : await signatureCandidates(this.#reach.read, repo, digest)
    for (const { subject, digest: signature } of candidates) {
      if (found.size === policies.length) break
      const held = (await this.signatures.of(repo, signature)).filter(one => approves(one.signature, subject))
      for (const policy of policies) {
        const key = found.has(policy) ? undefined : await this.#signer(policy, held, repo, subject)
        if (key) found.set(policy, { key: key.name, signature, subject })
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

  /** The first key of the policy that made one of the signatures. */
  async #signer({ keys }: TrustPolicy, held: readonly Held[], repo: RepoRef, subject: string) {
    for (const one of held) {
      for (const key of keys) if (await this.signatures.verifies(one, key, repo, subject)) return key
    }
    return undefined
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
