import type { Metrics, Ms } from '../../kernel/index.ts'
import { type Bucket, type Part, roomOf } from './bucket.ts'
import { type Buckets, BucketTable } from './buckets.ts'
import { TooManyRequests } from './failures.ts'
import type { OperationClass, ThrottleLimits } from './limits.ts'

/** In place of an identity: the registry's own bucket. */
const ALL = ''
const ANONYMOUS = 'anonymous'
const MAX_ASKING = 256

/** Which bucket: of an identity of a registry, or of the registry ('') itself. */
export type BucketAt = { readonly registryId: string; readonly kind: OperationClass; readonly identity: string }
export type Tokens = BucketAt & { readonly tokens: number }

export type Counted = { readonly used: number; readonly refused: number }
export type Use = Readonly<Record<OperationClass, Counted>>

type Limited = { readonly id: string; readonly throttle: ThrottleLimits }
/** `limits`: of a registry as of now; undefined where there is none. */
type Parts = { metrics: Metrics; limits: (registryId: string) => ThrottleLimits | undefined }

/**
 * How many requests this node lets through. A registry and each of its identities have a bucket a class, of which the
 * region's nodes have equal parts. Nothing is allocated and nothing awaited for whom it has seen in the last minute.
 */
export class Throttle {
  #part: Part = 1
  #asking: (BucketAt & { readonly bucket: Bucket })[] = []
  readonly #table = new BucketTable()
  readonly #limits: Parts['limits']
  readonly #refusals: ReturnType<typeof refusals>

  constructor({ metrics, limits }: Parts) {
    this.#limits = limits
    this.#refusals = refusals(metrics)
  }

  /** Throws where the registry or the caller has had its requests: then it has cost neither a token. `now`: monotonic. */
  admit(registry: Limited, caller: string, kind: OperationClass, now: Ms): void {
    const { id, throttle } = registry
    const held = this.#table.registry(id)
    const all = held.all[kind]
    const one = this.#table.identity(held, caller, now)[kind]
    const ofAll = throttle[kind].registry
    const ofOne = identityLimit(throttle, kind, caller)
    const wait = this.#wait(all, ofAll, now)
    const ownWait = this.#wait(one, ofOne, now)
    if (wait > 0 || ownWait > 0) {
      all.refused += 1
      one.refused += 1
      this.#askFor(all, ofAll, id, kind, ALL)
      this.#askFor(one, ofOne, id, kind, caller)
      const of = wait > ownWait ? 'registry' : 'identity'
      this.#refusals(kind, of)
      throw TooManyRequests(kind, of, of === 'registry' ? ofAll : ofOne, Math.max(wait, ownWait))
    }
    // As at ACR, a list of referrers is a read too.
    if (kind === 'referrers') this.admit(registry, caller, 'read', now)
    this.#take(all, ofAll, id, kind, ALL)
    this.#take(one, ofOne, id, kind, caller)
  }

  /** How much of each bucket is this node's from now on. */
  share(part: Part): void {
    this.#part = part
  }

  /** What the buckets lack that are less than half full, until they have half. */
  asks(now: Ms): Tokens[] {
    const asks: Tokens[] = []
    this.#asking = this.#asking.filter(({ bucket, ...at }) => {
      const perMinute = this.#perMinute(at)
      const room = roomOf(perMinute, this.#part)
      bucket.fill(now, perMinute, this.#part)
      bucket.asking = perMinute > 0 && this.#part < 1 && bucket.tokens < room / 2
      if (bucket.asking) asks.push({ ...at, tokens: room - bucket.tokens })
      return bucket.asking
    })
    return asks
  }

  /** Takes out what this node can spare for another: of that, all above the half of its own part. */
  spare({ tokens, ...at }: Tokens, now: Ms): Tokens {
    const perMinute = this.#perMinute(at)
    if (perMinute === 0) return { ...at, tokens: 0 }
    const bucket = this.#bucket(at, now)
    bucket.fill(now, perMinute, this.#part)
    const spare = Math.max(0, Math.min(tokens, bucket.tokens - roomOf(perMinute, this.#part) / 2))
    bucket.tokens -= spare
    return { ...at, tokens: spare }
  }

  /** From another node, or back because nobody wants them any more. */
  put({ tokens, ...at }: Tokens, now: Ms): void {
    const perMinute = this.#perMinute(at)
    const bucket = this.#bucket(at, now)
    bucket.fill(now, perMinute, this.#part)
    bucket.tokens = Math.min(roomOf(perMinute, this.#part), bucket.tokens + tokens)
  }

  turn(now: Ms): void {
    this.#table.turn(now)
  }

  /** What was let through and refused in the last minute. Of the minute before this one the part that is still in it. */
  use(registryId: string, now: Ms): { all: Use; identities: { identity: string; use: Use }[] } {
    const overlap = this.#table.overlap(now)
    const { all, identities } = this.#table.registry(registryId)
    const lastMinute = ({ used, usedBefore, refused, refusedBefore }: Bucket): Counted => ({
      used: Math.round(used + usedBefore * overlap),
      refused: Math.round(refused + refusedBefore * overlap),
    })
    return {
      all: useOf(all, lastMinute),
      identities: [...identities].map(([identity, of]) => ({ identity, use: useOf(of, lastMinute) })),
    }
  }

  /** What was let through and refused of each registry since this process began. */
  totals(): Map<string, Use> {
    return new Map([...this.#table.registries()].map(([id, { all }]) => [id, useOf(all, bucket => bucket.total())]))
  }

  #wait(bucket: Bucket, perMinute: number, now: Ms): Ms {
    if (perMinute === 0) return 0
    bucket.fill(now, perMinute, this.#part)
    return bucket.wait(perMinute, this.#part)
  }

  #take(bucket: Bucket, perMinute: number, registryId: string, kind: OperationClass, identity: string): void {
    bucket.used += 1
    if (perMinute === 0) return
    bucket.tokens -= 1
    this.#askFor(bucket, perMinute, registryId, kind, identity)
  }

  #askFor(bucket: Bucket, perMinute: number, registryId: string, kind: OperationClass, identity: string): void {
    if (this.#part === 1 || bucket.asking || perMinute === 0) return
    if (bucket.tokens >= roomOf(perMinute, this.#part) / 2 || this.#asking.length >= MAX_ASKING) return
    bucket.asking = true
    this.#asking.push({ registryId, kind, identity, bucket })
  }

  #bucket({ registryId, kind, identity }: BucketAt, now: Ms): Bucket {
    const held = this.#table.registry(registryId)
    return (identity === ALL ? held.all : this.#table.identity(held, identity, now))[kind]
  }

  #perMinute({ registryId, kind, identity }: BucketAt): number {
    const limits = this.#limits(registryId)
    if (limits === undefined) return 0
    return identity === ALL ? limits[kind].registry : identityLimit(limits, kind, identity)
  }
}

/**
 * Tokens have no limit of one identity, as at ACR. But nobody has to sign in to ask for one: nobody in particular has
 * half of them at most, so that whoever can sign in still gets one.
 */
function identityLimit(limits: ThrottleLimits, kind: OperationClass, caller: string): number {
  const { registry, identity } = limits[kind]
  return kind === 'oauth' && caller === ANONYMOUS && identity === 0 ? Math.ceil(registry / 2) : identity
}

function useOf({ read, write, delete: remove, referrers, oauth }: Buckets, of: (bucket: Bucket) => Counted): Use {
  return { read: of(read), write: of(write), delete: of(remove), referrers: of(referrers), oauth: of(oauth) }
}

function refusals(metrics: Metrics) {
  const refused = metrics.counter(
    'towpath_registry_throttled_total',
    'Requests refused because the registry, or one identity of it, had its requests of a minute.',
    ['class', 'of'],
  )
  return (kind: OperationClass, of: 'registry' | 'identity') => refused.with({ class: kind, of }).add()
}
