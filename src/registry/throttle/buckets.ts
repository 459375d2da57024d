import type { Ms } from '../../kernel/index.ts'
import { Bucket } from './bucket.ts'
import { OPERATION_CLASSES, type OperationClass } from './limits.ts'

/** Those that find no place any more: together they have what one has. */
const OTHERS = 'others'
// Five buckets each, of about 100 bytes.
const MAX_IDENTITIES = 20_000
const MINUTE_MS = 60_000
// A part of a bucket is full after a minute; one that has place for less than a request, later.
const FORGET_MS = 10 * MINUTE_MS

export type Buckets = Readonly<Record<OperationClass, Bucket>> & { seen: Ms }
export type OfRegistry = { readonly all: Buckets; readonly identities: Map<string, Buckets> }

/** The buckets that this node has seen used: of registries, and of as many identities as memory has place for. */
export class BucketTable {
  readonly #registries = new Map<string, OfRegistry>()
  readonly #places: number
  #identities = 0
  #turnedAt: Ms = 0

  constructor(places: number = MAX_IDENTITIES) {
    this.#places = places
  }

  registry(registryId: string): OfRegistry {
    const held = this.#registries.get(registryId)
    if (held) return held
    const made = { all: newBuckets(), identities: new Map<string, Buckets>() }
    this.#registries.set(registryId, made)
    return made
  }

  /** Of all registries that were ever asked; they are never forgotten. */
  registries(): ReadonlyMap<string, OfRegistry> {
    return this.#registries
  }

  identity({ identities }: OfRegistry, caller: string, now: Ms): Buckets {
    const known = identities.get(caller)
    if (known) {
      known.seen = now
      return known
    }
    // Nobody is put out for another: who comes back would find a full bucket.
    const name = this.#identities < this.#places ? caller : OTHERS
    const made = identities.get(name) ?? newBuckets()
    if (!identities.has(name)) this.#identities += 1
    identities.set(name, made)
    made.seen = now
    return made
  }

  /** Once a minute counts begin anew; who did nothing for ten is forgotten. */
  turn(now: Ms): void {
    if (now - this.#turnedAt < MINUTE_MS) return
    this.#turnedAt = now
    for (const { all, identities } of this.#registries.values()) {
      turn(all)
      for (const [caller, buckets] of identities) {
        turn(buckets)
        if (now - buckets.seen < FORGET_MS) continue
        identities.delete(caller)
        this.#identities -= 1
      }
    }
  }

  /** How much of the minute before last the last 60 s still have in them. */
  overlap(now: Ms): number {
    return Math.max(0, 1 - (now - this.#turnedAt) / MINUTE_MS)
  }
}

function newBuckets(): Buckets {
  const [read, write, remove, referrers, oauth] = [new Bucket(), new Bucket(), new Bucket(), new Bucket(), new Bucket()]
  return { read, write, delete: remove, referrers, oauth, seen: 0 }
}

function turn(buckets: Buckets): void {
  for (const kind of OPERATION_CLASSES) buckets[kind].turn()
}
