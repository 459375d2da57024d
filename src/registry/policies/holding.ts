import type { Ms } from '../../kernel/index.ts'
import type { RepoRef } from '../content/change.ts'
import type { Immutable } from './immutable.ts'
import { matches, nearness } from './pattern.ts'
import type { PolicyKind, ServedPolicy } from './policy.ts'

const DAY_MS: Ms = 24 * 3600_000

type Of<K extends PolicyKind> = Extract<ServedPolicy, { kind: K }>

/** Which policies hold for a repository, as of the configuration that the region has now. */
export class HoldingPolicies {
  readonly #served: () => readonly ServedPolicy[]
  #seen: readonly ServedPolicy[] = []
  #byRegistry = new Map<string, ServedPolicy[]>()

  constructor(served: () => readonly ServedPolicy[]) {
    this.#served = served
  }

  /** All of a kind that hold, the nearest name first: of equal ones the older. */
  all<K extends PolicyKind>({ registryId, repository }: RepoRef, kind: K): Of<K>[] {
    const now = this.#served()
    if (now !== this.#seen) {
      this.#seen = now
      this.#byRegistry = Map.groupBy(now, one => one.registryId)
    }
    const held = this.#byRegistry.get(registryId) ?? []
    const holding = held.filter((one): one is Of<K> => one.kind === kind && matches(one.repositories, repository))
    return holding.sort((a, b) => nearness(b.repositories) - nearness(a.repositories))
  }

  immutable(repo: RepoRef): Immutable[] {
    return this.all(repo, 'immutable').map(({ name, settings }) => ({ policy: name, tags: settings.tags }))
  }

  /** How long what is deleted in it stays in the trash, ms; 0 is not at all. */
  trashFor(repo: RepoRef): Ms {
    return (this.all(repo, 'soft-delete')[0]?.settings.days ?? 0) * DAY_MS
  }
}
