import assert from 'node:assert/strict'
import { type Clock, Failure, isCode, type Random, readAll } from '../../src/kernel/index.ts'
import { type Digest, mediaTypes } from '../../src/oci/index.ts'
import type { Registry } from '../../src/registry/index.ts'
import type { Act, Habits } from './habits.ts'
import type { Change } from './history.ts'
import type { Image, Ledger, Place } from './ledger.ts'
import type { Region, World } from './world.ts'

export const REGISTRY = 'reg_default'
const TRIES = 6
const BY = {
  tenantId: 'ten_default',
  actor: { id: 'user:client', kind: 'user', tenantId: 'ten_default' },
  onBehalfOf: [],
}

/** One of several at one region: does this and that, tries again where it has no answer, and tells the ledger all of it. */
export class Client {
  readonly #name: string
  readonly #world: World
  readonly #region: Region
  readonly #ledger: Ledger
  readonly #random: Random
  readonly #clock: Clock
  /** Requests whose copies may still be at work. */
  readonly #flights = new Set<Promise<void>>()
  readonly #habits: Habits
  done = 0
  refused = 0

  constructor(name: string, { world, region, ledger, habits }: ClientParts) {
    this.#name = name
    this.#world = world
    this.#region = region
    this.#ledger = ledger
    this.#habits = habits
    this.#random = world.sim.random.fork(name)
    this.#clock = world.sim.clock(name)
  }

  async run(stopped: () => boolean): Promise<void> {
    const { acts, pause } = this.#habits
    while (!stopped()) {
      await this.#clock.sleep(pause(this.#random))
      const act = this.#random.pick(acts)
      const note = (what: string) => this.#world.sim.note(`${this.#name}: ${act} ${what}`)
      note('begins')
      try {
        await this.#do(act)
        this.done += 1
        note('is done')
      } catch (error) {
        if (!isRefusal(error)) throw error
        this.refused += 1
        note(`is refused: ${error}`)
      }
    }
    while (this.#flights.size > 0) await Promise.all(this.#flights)
  }

  #do(act: Act): Promise<void> {
    switch (act) {
      case 'push image':
        return this.#pushImage()
      case 'pull':
        return this.#pull()
      case 'retag':
        return this.#retag()
      case 'mount':
        return this.#mount()
      case 'push blob':
        return this.#pushBlob(this.#place(), this.#fresh())
      case 'leave upload':
        return this.#leaveUpload()
      case 'delete tag':
        return this.#deleteTag()
      case 'delete image':
        return this.#deleteImage()
      case 'delete blob':
        return this.#deleteBlob()
      case 'delete repository':
        return this.#deleteRepository()
      case 'restore image':
        return this.#restoreImage()
      case 'purge image':
        return this.#purgeImage()
    }
  }

  #place(): Place {
    return { region: this.#region, repository: this.#random.pick(this.#habits.repositories) }
  }

  #fresh(): Buffer {
    return Buffer.from(this.#random.bytes(this.#habits.size(this.#random)))
  }

  /** Of the same few bytes, which others push at the same time. */
  #common(): Buffer {
    return Buffer.alloc(2000, `common ${this.#random.int(this.#habits.common)} `)
  }

  /** Asks until there is an answer. `changes` happen at each try, or not. */
  async #ask<T>(
    run: (registry: Registry) => Promise<T>,
    changes: () => readonly Change[] = () => [],
    happened: (result: T) => boolean = () => true,
  ): Promise<T> {
    for (let tries = 1; ; tries++) {
      const begun = changes()
      const { answer, over } = this.#world.ask(this.#name, this.#region, run)
      const landed = over.then(() => {
        for (const change of begun) change.over = this.#ledger.order.next()
        this.#flights.delete(landed)
      })
      this.#flights.add(landed)
      try {
        const result = await answer
        for (const change of happened(result) ? begun : []) {
          if (!change.unsure) change.acknowledged = this.#ledger.order.next()
        }
        return result
      } catch (error) {
        if (!isPassing(error) || tries === TRIES) throw error
        await this.#clock.sleep(100 * 2 ** tries * this.#random.next())
      }
    }
  }

  async #pushImage(): Promise<void> {
    const place = this.#place()
    const layers = [this.#common(), this.#random.chance(this.#habits.own) ? this.#fresh() : this.#common()]
    const config = Buffer.from(JSON.stringify({ by: this.#name, number: this.#random.int(4) }))
    const blobs = [...new Set([config, ...layers].map(bytes => this.#ledger.know(bytes)))]
    for (const digest of blobs) {
      if (await this.#has(place, digest)) continue
      await this.#pushBlob(place, this.#ledger.content(digest))
    }
    await this.#clock.sleep(this.#habits.linger(this.#random))
    const describe = (mediaType: string, digest: Digest) => ({
      mediaType,
      digest,
      size: this.#ledger.content(digest).length,
    })
    const bytes = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: mediaTypes.ociManifest,
        config: describe(mediaTypes.ociConfig, this.#ledger.know(config)),
        layers: layers.map(layer => describe(mediaTypes.ociLayer, this.#ledger.know(layer))),
      }),
    )
    await this.#putImage(place, { digest: this.#ledger.know(bytes), bytes, blobs }, [
      this.#random.pick(this.#habits.tags),
    ])
  }

  async #putImage(place: Place, image: Image, tags: readonly string[]): Promise<void> {
    const { bytes } = image
    let begun = 0
    try {
      const { digest } = await this.#ask(
        registry => registry.putManifest(repo(place), { bytes, tags }, BY),
        () => {
          begun = this.#ledger.order.next()
          return this.#ledger.putImage(place, image, tags)
        },
      )
      assert.equal(digest, image.digest)
    } catch (error) {
      // What it says is missing must be what may be gone.
      for (const blob of missingOf(error)) this.#ledger.sawBlob(place, blob, undefined, begun)
      throw error
    }
  }

  /** As clients ask before they push; who hears yes relies on it. */
  async #has(place: Place, digest: Digest): Promise<boolean> {
    const { asked, begun } = this.#now()
    const found = await this.#ask(
      async registry => {
        const row = await registry.statBlob(repo(place), digest)
        return row !== undefined && (await (registry.keepBlob(repo(place), digest, row) ?? true))
      },
      () => this.#ledger.putBlob(place, digest),
      Boolean,
    )
    this.#world.sim.note(`${this.#name} ${found ? 'has' : 'has no'} ${digest} in ${place.repository}`)
    // It is made longer once half of it is over.
    if (found) this.#ledger.keep(place, digest, asked, this.#region.limits.uploadIdle / 2)
    else this.#ledger.sawBlob(place, digest, undefined, begun)
    return found
  }

  async #pushBlob(place: Place, bytes: Buffer): Promise<void> {
    const digest = this.#ledger.know(bytes)
    const { asked } = this.#now()
    const put = () => this.#ledger.putBlob(place, digest)
    if (this.#random.chance(0.4))
      await this.#ask(registry => registry.pushBlob(repo(place), digest, this.#body(bytes)), put)
    else await this.#pushInChunks(place, bytes, digest, put)
    this.#ledger.keep(place, digest, asked, this.#region.limits.uploadIdle)
  }

  #now() {
    return { asked: this.#region.clock.monotonic(), begun: this.#ledger.order.next() }
  }

  async #pushInChunks(place: Place, bytes: Buffer, digest: Digest, put: () => Change[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      const { id } = await this.#ask(registry => registry.startUpload(repo(place)))
      try {
        await this.#append(place, id, bytes)
        return await this.#ask(registry => registry.finishUpload(repo(place), id, digest), put)
      } catch (error) {
        // A first try that was served, or a power cut: look, and if need be begin again.
        if (!isRefusal(error) || tries === TRIES) throw error
        if (await this.#has(place, digest)) return
      }
    }
  }

  async #append(place: Place, id: string, bytes: Buffer): Promise<void> {
    let sent = 0
    let told = 0
    let powerCuts = this.#region.powerCuts
    for (let tries = 0; sent < bytes.length; tries++) {
      const from = sent
      const to = Math.min(bytes.length, from + Math.ceil(bytes.length / (1 + this.#random.int(3)))) - 1
      try {
        const send = (registry: Registry) =>
          registry.appendUpload(repo(place), id, this.#body(bytes.subarray(from, to + 1)), { from, to })
        const { answer, over } = this.#world.ask(this.#name, this.#region, send)
        this.#flights.add(over)
        void over.then(() => this.#flights.delete(over))
        sent = (await answer).size
        told = sent
        powerCuts = this.#region.powerCuts
      } catch (error) {
        if (!isRefusal(error) || tries === 2 * TRIES) throw error
        await this.#clock.sleep(100 * this.#random.next())
        sent = (await this.#ask(registry => registry.uploadStatus(repo(place), id))).size
        const kept = sent >= told || powerCuts !== this.#region.powerCuts
        assert.ok(kept, `upload ${id} has ${sent} bytes, and ${told} were acknowledged`)
      }
    }
  }

  /** As it comes over the network: in pieces, with others in between, and sometimes it breaks off. */
  async *#body(bytes: Buffer): AsyncGenerator<Uint8Array> {
    const step = Math.max(1, Math.ceil(bytes.length / (1 + this.#random.int(4))))
    for (let at = 0; at < bytes.length; at += step) {
      await this.#world.sim.scheduler.pause(`${this.#name} sends`)
      if (this.#random.chance(0.01)) throw new Failure('CLIENT_GONE', 499, { says: 'The client is gone', next: '' })
      yield bytes.subarray(at, at + step)
    }
  }

  async #leaveUpload(): Promise<void> {
    const place = this.#place()
    const { id } = await this.#ask(registry => registry.startUpload(repo(place)))
    await this.#append(place, id, this.#fresh())
    if (this.#random.chance(0.3)) await this.#ask(registry => registry.cancelUpload(repo(place), id))
  }

  async #pull(): Promise<void> {
    const place = this.#place()
    await pull(place, this.#random.pick(this.#habits.tags), this.#ledger, run => this.#ask(run))
  }

  #anyImage(): Image | undefined {
    const images = [...this.#ledger.images.values()]
    return images.length > 0 ? this.#random.pick(images) : undefined
  }

  async #retag(): Promise<void> {
    const image = this.#anyImage()
    if (image) await this.#putImage(this.#place(), image, [this.#random.pick(this.#habits.tags)])
  }

  async #mount(): Promise<void> {
    const [place, from] = [this.#place(), this.#random.pick(this.#habits.repositories)]
    const digest = this.#ledger.know(this.#common())
    const { asked, begun } = this.#now()
    const mounted = await this.#ask(
      registry => registry.mountBlob(repo(place), from, digest, () => true),
      () => this.#ledger.putBlob(place, digest),
      Boolean,
    )
    if (mounted) this.#ledger.keep(place, digest, asked, this.#region.limits.uploadIdle)
    else this.#ledger.sawBlob({ ...place, repository: from }, digest, undefined, begun)
  }

  async #deleteTag(): Promise<void> {
    const [place, tag] = [this.#place(), this.#random.pick(this.#habits.tags)]
    await this.#ask(
      registry => registry.deleteTag(repo(place), tag, BY),
      () => [this.#ledger.register(place, 'tag', tag).begin(undefined)],
    )
  }

  async #deleteImage(): Promise<void> {
    const [place, image] = [this.#place(), this.#anyImage()]
    if (!image || !this.#random.chance(0.5)) return
    await this.#ask(
      registry => registry.deleteManifest(repo(place), image.digest, BY),
      () => this.#ledger.deleteImage(place, image.digest),
    )
  }

  async #deleteBlob(): Promise<void> {
    const [place, digest] = [this.#place(), this.#ledger.know(this.#common())]
    await this.#ask(
      registry => registry.deleteBlob(repo(place), digest, BY),
      () => [this.#ledger.register(place, 'blob', digest).begin(undefined)],
    )
  }

  async #deleteRepository(): Promise<void> {
    const place = this.#place()
    await this.#ask(
      registry => registry.deleteRepository(repo(place), BY),
      () => this.#ledger.deleteRepository(place),
    )
  }

  async #restoreImage(): Promise<void> {
    const [place, image] = [this.#place(), this.#anyImage()]
    if (!image) return
    try {
      await this.#ask(
        registry => registry.trash.restore(repo(place), { digest: image.digest, force: false }, BY),
        () => this.#ledger.restoreImage(place, image.digest),
      )
    } catch (error) {
      assert.ok(
        !(error instanceof Failure && error.code === 'RESTORE_INCOMPLETE'),
        `${error}: the trash lost some of it`,
      )
      throw error
    }
  }

  async #purgeImage(): Promise<void> {
    const [place, image] = [this.#place(), this.#anyImage()]
    if (image) await this.#ask(registry => registry.trash.purge(repo(place), { digest: image.digest }, BY))
  }
}

type ClientParts = { world: World; region: Region; ledger: Ledger; habits: Habits }

/** What a registry that refuses a manifest says is not there. */
function missingOf(error: unknown): Digest[] {
  const missing = error instanceof Failure && error.code === 'MANIFEST_BLOB_UNKNOWN' ? error.detail.missing : []
  return Array.isArray(missing) ? missing : []
}

/** A registry may refuse, a network and a disk may fail. They may not lose anything, and that is none of these. */
function isRefusal(error: unknown): boolean {
  return error instanceof Failure || isCode(error, 'EIO', 'ENOSPC')
}

/** Worth another try: what HTTP would answer with 5xx or 429. */
function isPassing(error: unknown): boolean {
  return error instanceof Failure ? error.status >= 500 || error.status === 429 : isCode(error, 'EIO', 'ENOSPC')
}

type Ask = <T>(run: (registry: Registry) => Promise<T>) => Promise<T>

/** Everything an image is made of, by tag or digest, held against the ledger. */
export async function pull(place: Place, reference: string, ledger: Ledger, ask: Ask): Promise<void> {
  const begun = ledger.order.next()
  const manifest = await ask(async registry => registry.getManifest(repo(place), reference))
  const kind = reference.includes(':') ? 'manifest' : 'tag'
  ledger.saw(place, kind, reference, manifest?.digest, begun)
  if (!manifest) return
  assert.ok(ledger.content(manifest.digest).equals(manifest.bytes), `manifest ${manifest.digest} has other bytes`)
  for (const digest of ledger.images.get(manifest.digest)?.blobs ?? []) await pullBlob(place, digest, ledger, ask)
}

export async function pullBlob(place: Place, digest: Digest, ledger: Ledger, ask: Ask): Promise<void> {
  const begun = ledger.order.next()
  const bytes = await ask(async registry => {
    const source = await registry.openBlob(repo(place), digest)
    return source && readAll(source, 10_000_000)
  })
  ledger.sawBlob(place, digest, bytes, begun)
}

function repo({ repository }: Place) {
  return { registryId: REGISTRY, repository }
}
