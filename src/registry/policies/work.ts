import { type Clock, failure, type Ms, type ReadTx, type Store, sql } from '../../kernel/index.ts'
import type { Digest } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'
import type { ContentFrom, ContentOrigin } from '../content/record-content.ts'
import { pullsKnownSince, watchPulls } from '../pulls/rows.ts'
import { HoldingPolicies } from './holding.ts'
import type { PolicyRule, ServedPolicy } from './policy.ts'
import { removeManifest, removeTag } from './remove.ts'
import { type Hands, type Sweep, sweepRepository } from './sweep.ts'
import { isSweeping, type Purge, purgeSweep, sweepOf } from './sweeps.ts'
import { addSwept, countedBy, emptySwept, goneOnly, type Swept } from './swept.ts'

export const PolicyDeletesNothing = failure('POLICY_DELETES_NOTHING', 400, (kind: string) => ({
  says: `A policy of kind ${kind} deletes nothing by itself`,
  next: 'Preview one of kind retention or tags',
}))

export type PolicyParts = {
  store: Store
  clock: Clock
  region: string
  policies: () => readonly ServedPolicy[]
  /** How long the blobs of what is removed stay, ms. */
  keepFor: Ms
  /** Whether pulls of other regions are pulls of the same content, which nobody counts here. */
  sharesPulls: boolean
}

/** A question is answered by then. */
const PATIENCE_MS: Ms = 8_000
const PAGE = 500

/** What policies and purges take from a region's repositories: one way for what is shown and for what is done. */
export class PolicyWork {
  readonly #parts: PolicyParts
  readonly #holding: HoldingPolicies

  constructor(parts: PolicyParts) {
    this.#parts = parts
    this.#holding = new HoldingPolicies(parts.policies)
  }

  /** What the policy would take now, were it in force as it is given: saved or not, enabled or not. */
  async preview(policy: ServedPolicy, after: string): Promise<Swept> {
    const others = this.#parts.policies().filter(one => one.id !== policy.id)
    const all = [...others, policy]
    const sweep = await this.#sweepOf(policy, new HoldingPolicies(() => all))
    return this.#within(policy, sweep, { after, isDry: true })
  }

  /** All that the policy takes, until the signal. */
  async run(policy: ServedPolicy, tenantId: string, signal: AbortSignal): Promise<Swept> {
    const { id, name } = policy
    const { region } = this.#parts
    const from = { region, tenantId, actor: { id, kind: 'policy', tenantId }, onBehalfOf: [], policyId: id }
    const sweep = await this.#sweepOf(policy, this.#holding)
    return this.#sweep(policy, sweep, { after: '', hands: this.#remover(from, name, () => signal.aborted) })
  }

  /** For as long as a request waits; `next` says where to go on. */
  async purge(
    registryId: string,
    asked: Purge & { after: string; dryRun: boolean },
    by: ContentOrigin,
  ): Promise<Swept> {
    const sweep = purgeSweep(asked, this.#parts.clock.now())
    const { after, dryRun: isDry } = asked
    return this.#within({ registryId }, sweep, { after, isDry, by })
  }

  async #sweepOf(policy: ServedPolicy, holding: HoldingPolicies): Promise<SweepAt> {
    if (!isSweeping(policy)) throw PolicyDeletesNothing(policy.kind)
    const { registryId, id, kind } = policy
    const sweep = sweepOf(policy, {
      now: this.#parts.clock.now(),
      pullsKnownSince: await this.#pullsKnownSince(policy),
    })
    return repository => {
      const holds = holding.all({ registryId, repository }, kind)
      // Of several retentions the nearest holds; rules of tags each take what they look at.
      const mine = kind === 'retention' ? holds.slice(0, 1) : holds
      return mine.some(one => one.id === id) ? sweep : undefined
    }
  }

  async #pullsKnownSince({ registryId, ...rule }: PolicyRule & { registryId: string }): Promise<Ms | undefined> {
    const { store, sharesPulls } = this.#parts
    if (rule.kind !== 'tags' || rule.settings.keepPulledDays === null || sharesPulls) return undefined
    const since = await pullsKnownSince(store.read, registryId)
    if (since === undefined) await store.write(watchPulls, { registryId })
    return since
  }

  #within(of: { registryId: string }, sweep: SweepAt, how: { after: string; isDry: boolean; by?: ContentOrigin }) {
    const { clock, region } = this.#parts
    const until = clock.monotonic() + PATIENCE_MS
    const stopped = () => clock.monotonic() >= until
    const { after, isDry, by } = how
    const hands = isDry || !by ? dry(stopped) : this.#remover({ ...by, region }, 'purge', stopped)
    return this.#sweep(of, sweep, { after, hands })
  }

  async #sweep(
    { registryId }: { registryId: string },
    sweep: SweepAt,
    { after, hands }: { after: string; hands: Hands },
  ): Promise<Swept> {
    const whole = emptySwept()
    let last = after
    for await (const repository of repositoriesOf(this.#parts.store.read, registryId, after)) {
      if (hands.stopped()) return { ...whole, next: last }
      const repo: RepoRef = { registryId, repository }
      const part = emptySwept()
      const one = sweep(repository)
      const immutable = this.#holding.immutable(repo)
      const counting = countedBy(part, hands)
      if (one) await sweepRepository({ db: this.#parts.store.read, repo, immutable, hands: counting }, one)
      if (hands.stopped()) {
        // It is looked at once more. Where it takes longer than there is time, a part of it is better than nothing.
        if (!hands.isDry) addSwept(whole, goneOnly(part))
        else if (last === after) addSwept(whole, part)
        return { ...whole, next: last }
      }
      addSwept(whole, part)
      last = repository
      hands.gone.tags.clear()
      hands.gone.manifests.clear()
    }
    return whole
  }

  #remover(from: ContentFrom, because: string, stopped: () => boolean): Hands {
    const { store, keepFor } = this.#parts
    return {
      ...{ isDry: false, stopped },
      gone: { tags: new Set(), manifests: new Set() },
      keep: () => {},
      take: async ({ registryId, repository, name }, check) => {
        const immutable = this.#holding.immutable({ registryId, repository })
        const trashFor = this.#holding.trashFor({ registryId, repository })
        const asked = { registryId, repository, from, immutable, trashFor, because }
        if (check.kind === 'manifest') {
          return store.write(removeManifest, { ...asked, digest: name as Digest, keepFor, cutoff: check.cutoff })
        }
        const { hlc, pulledSince } = check
        return store.write(removeTag, { ...asked, tag: name, hlc, pulledSince })
      },
    }
  }
}

type SweepAt = (repository: string) => Sweep | undefined

/** Hands that take nothing and remember what they would have taken. */
function dry(stopped: () => boolean): Hands {
  const gone = { tags: new Set<string>(), manifests: new Set<string>() }
  return {
    ...{ isDry: true, stopped, gone },
    keep: () => {},
    take: async ({ kind, name }) => {
      gone[kind === 'tag' ? 'tags' : 'manifests'].add(name)
      return true
    },
  }
}

async function* repositoriesOf(db: ReadTx, registryId: string, after: string): AsyncGenerator<string> {
  for (let last = after; ; ) {
    const page = await db.all<{ name: string }>(sql`select name from repository
      where registry_id = ${registryId} and name > ${last} order by name limit ${PAGE}`)
    for (const { name } of page) yield name
    const end = page.at(-1)
    if (end === undefined || page.length < PAGE) return
    last = end.name
  }
}
