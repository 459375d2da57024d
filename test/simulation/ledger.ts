import assert from 'node:assert/strict'
import type { Ms } from '../../src/kernel/index.ts'
import { type Digest, digestOf } from '../../src/oci/index.ts'
import { type Change, Order, Register, type Value } from './history.ts'
import type { Region } from './world.ts'

// Times are rounded to whole milliseconds on their way.
const ROUNDING_MS = 2

export type Image = { readonly digest: Digest; readonly bytes: Buffer; readonly blobs: readonly Digest[] }
export type Place = { readonly region: Region; readonly repository: string }

/** Knows every byte that was acknowledged, and what was asked of every name. */
export class Ledger {
  readonly order = new Order()
  readonly images = new Map<string, Image>()
  readonly #contents = new Map<string, Buffer>()
  readonly #registers = new Map<string, { place: Place; kind: Kind; name: string; register: Register }>()
  /** By when it was asked for, and until when it stays at least by the region's own clock. */
  readonly #kept = new Map<string, { order: number; asked: Ms; until: Ms }[]>()
  readonly #sweeps: { place: Place; changes: Change[] }[] = []

  know(bytes: Buffer): Digest {
    const digest = digestOf(bytes)
    this.#contents.set(digest, bytes)
    return digest
  }

  content(digest: string): Buffer {
    const bytes = this.#contents.get(digest)
    assert.ok(bytes, `${digest} was never sent`)
    return bytes
  }

  register(place: Place, kind: Kind, name: string): Register {
    const key = `${keyOf(place, kind)} ${name}`
    let held = this.#registers.get(key)
    if (!held) {
      held = { place, kind, name, register: new Register(this.order) }
      this.#registers.set(key, held)
      for (const { place: there, changes } of this.#sweeps) {
        const going = changes.some(({ over }) => over === Number.POSITIVE_INFINITY)
        if (going && same(place, there)) changes.push(held.register.begin(undefined))
      }
    }
    return held.register
  }

  *names(kind: Kind): Generator<{ place: Place; name: string }> {
    for (const held of [...this.#registers.values()]) if (held.kind === kind) yield held
  }

  /** An image is written and named. */
  putImage(place: Place, image: Image, tags: readonly string[]): Change[] {
    this.images.set(image.digest, image)
    return [
      this.register(place, 'manifest', image.digest).begin(image.digest),
      ...tags.map(tag => this.register(place, 'tag', tag).begin(image.digest)),
    ]
  }

  /** Its tags go with it, and blobs that nothing else needs go in time. */
  deleteImage(place: Place, digest: string): Change[] {
    const changes = [this.register(place, 'manifest', digest).begin(undefined)]
    for (const { place: there, name } of this.names('tag')) {
      if (!same(place, there)) continue
      const register = this.register(place, 'tag', name)
      if (register.values().has(digest)) changes.push(register.begin(undefined, digest))
    }
    for (const blob of this.images.get(digest)?.blobs ?? []) {
      changes.push(this.register(place, 'let go', blob).begin(undefined))
    }
    return changes
  }

  /** Out of the trash, or it is here. Tags come along where they went with it and are free. */
  restoreImage(place: Place, digest: string): Change[] {
    const changes = [this.register(place, 'manifest', digest).begin(digest)]
    for (const { place: there, name } of this.names('tag')) {
      if (!same(place, there)) continue
      const register = this.register(place, 'tag', name)
      if (register.values().has(digest)) changes.push(register.begin(digest, undefined, true))
    }
    return changes
  }

  /** A blob is pushed or mounted, or seen by somebody who need not push it then. */
  putBlob(place: Place, digest: Digest): Change[] {
    return (['blob', 'let go'] as const).map(kind => this.register(place, kind, digest).begin(digest))
  }

  /** All that is in it, also what comes to be known while that goes on. */
  deleteRepository(place: Place): Change[] {
    const changes = [this.register(place, 'repository', '').begin(undefined)]
    for (const { place: there, register } of this.#registers.values()) {
      if (same(place, there)) changes.push(register.begin(undefined))
    }
    this.#sweeps.push({ place, changes })
    return changes
  }

  /** Asked for at `asked` (monotonic) and answered: it stays for `lease` by the region's own clock, or until it is deleted. */
  keep(place: Place, digest: string, asked: Ms, lease: Ms): void {
    const until = place.region.shown(asked).least + lease - ROUNDING_MS
    const key = keyOf(place, digest)
    this.#kept.set(key, [...(this.#kept.get(key) ?? []), { order: this.order.next(), asked, until }])
  }

  /** Whether a blob must be there all the time between the two: an image that must be there has it, or it is fresh. */
  needs(place: Place, digest: string, begun: number, ended: number): boolean {
    for (const { digest: image, blobs } of this.images.values()) {
      if (!blobs.includes(digest as Digest)) continue
      if (!this.register(place, 'manifest', image).allowed(begun, ended).has(undefined)) return true
    }
    if (this.register(place, 'blob', digest).allowed(begun, ended).has(undefined)) return false
    const letGo = this.register(place, 'let go', digest).allowed(begun, ended).has(undefined)
    const { limits } = place.region
    // Kept before the read began: one that went with its time may be kept again while somebody looks.
    return (this.#kept.get(keyOf(place, digest)) ?? []).some(({ order, asked, until }) => {
      const { least, most } = place.region.shown(asked)
      // Where an image of it was deleted since then, it stays for reclaimDelay from there on.
      return order < begun && most < until && (!letGo || most < least + limits.reclaimDelay - ROUNDING_MS)
    })
  }

  /** The region is again what it was at some moment between the two; what is on its way to it may still come. */
  rewind(region: Region, begun: number, ended: number): void {
    for (const { place, register } of this.#registers.values()) {
      if (place.region === region) register.rewind(begun, ended)
    }
    for (const [key, kept] of this.#kept) {
      if (key.startsWith(`${region.name} `))
        this.#kept.set(
          key,
          kept.filter(({ order }) => order < begun),
        )
    }
  }

  /** A read of a manifest or a tag found this. */
  saw(place: Place, kind: 'manifest' | 'tag', name: string, found: Value, begun: number): void {
    const allowed = this.register(place, kind, name).allowed(begun, this.order.next())
    const words = [...allowed].map(value => value ?? 'nothing').join(' or ')
    assert.ok(
      allowed.has(found),
      `${kind} ${name} of ${place.repository} in ${place.region.name} is ${found ?? 'nothing'}, not ${words}`,
    )
  }

  /** A list of tags had this one, or had not. */
  sawListed(place: Place, tag: string, listed: boolean, begun: number): void {
    const allowed = this.register(place, 'tag', tag).allowed(begun, this.order.next())
    const possible = listed ? allowed.size > 1 || !allowed.has(undefined) : allowed.has(undefined)
    assert.ok(possible, `tag ${tag} of ${place.repository} in ${place.region.name} is ${listed ? '' : 'not '}listed`)
  }

  /** A read of a blob's bytes found this. */
  sawBlob(place: Place, digest: string, bytes: Uint8Array | undefined, begun: number): void {
    const where = `blob ${digest} of ${place.repository} in ${place.region.name}`
    if (bytes) assert.ok(this.content(digest).equals(bytes), `${where} has other bytes`)
    else assert.ok(!this.needs(place, digest, begun, this.order.next()), `${where} is missing`)
  }
}

/** 'let go': of a blob that stays, by an image that had it. */
export type Kind = 'manifest' | 'tag' | 'blob' | 'let go' | 'repository'

function keyOf({ region, repository }: Place, what: string): string {
  return `${region.name} ${repository} ${what}`
}

function same(a: Place, b: Place): boolean {
  return a.region === b.region && a.repository === b.repository
}
