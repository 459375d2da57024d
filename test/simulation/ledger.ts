import assert from 'node:assert/strict'
import { type Digest, digestOf } from '../../src/oci/index.ts'
import { type Change, Order, Register, type Value } from './history.ts'
import { LIMITS, type Region } from './world.ts'

// A clock that jumps, and a review that was due while the process was down, must not look like a loss.
const SLACK_MS = 120_000

export type Image = { readonly digest: Digest; readonly bytes: Buffer; readonly blobs: readonly Digest[] }
export type Place = { readonly region: Region; readonly repository: string }

/** Knows every byte that was acknowledged, and what was asked of every name. */
export class Ledger {
  readonly order = new Order()
  readonly images = new Map<string, Image>()
  readonly #contents = new Map<string, Buffer>()
  readonly #registers = new Map<string, { place: Place; kind: Kind; name: string; register: Register }>()
  /** When a blob was last known to be wanted. */
  readonly #kept = new Map<string, number>()

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
    const key = `${place.region.name} ${place.repository} ${kind} ${name}`
    let held = this.#registers.get(key)
    if (!held) {
      held = { place, kind, name, register: new Register(this.order) }
      this.#registers.set(key, held)
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
      changes.push(this.register(place, 'blob', blob).begin(undefined))
    }
    return changes
  }

  keep(place: Place, digest: string): void {
    this.#kept.set(`${place.region.name} ${place.repository} ${digest}`, place.region.clock.monotonic())
  }

  /** Whether a blob must be there all the time between the two: an image that must be there has it, or it is fresh. */
  needs(place: Place, digest: string, begun: number, ended: number): boolean {
    for (const { digest: image, blobs } of this.images.values()) {
      if (!blobs.includes(digest as Digest)) continue
      if (!this.register(place, 'manifest', image).allowed(begun, ended).has(undefined)) return true
    }
    const kept = this.#kept.get(`${place.region.name} ${place.repository} ${digest}`)
    const age = place.region.clock.monotonic() - (kept ?? Number.NEGATIVE_INFINITY)
    return (
      age < LIMITS.uploadIdle - SLACK_MS && !this.register(place, 'blob', digest).allowed(begun, ended).has(undefined)
    )
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

export type Kind = 'manifest' | 'tag' | 'blob'

function same(a: Place, b: Place): boolean {
  return a.region === b.region && a.repository === b.repository
}
