import { sha256 } from '../peers/support/digest.ts'
import { bytesOf } from './random.ts'
import { PartsGone, type Sender, type SenderParts } from './sender.ts'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const CONTENTS = 8
const MOST = 5

type Parts = SenderParts & { shared: string; churn: string; uploadIdleMs: number; reclaimDelayMs: number }
type Held = { digest: string; parts: string[] }
type Known = { digest: string; size: number; until: number }

/**
 * One client's share of a repository where all push images of the same few blobs and delete them again, so that these are let go, collected,
 * mounted and pushed anew all the time. Who was told that a blob is there relies on it for as long as the registry promises.
 */
export class Churn {
  readonly #name: string
  readonly #sender: Sender
  readonly #parts: Parts
  readonly #held: Held[] = []
  #serial = 0

  constructor(name: string, sender: Sender, parts: Parts) {
    this.#name = name
    this.#sender = sender
    this.#parts = parts
  }

  async step(): Promise<void> {
    const { draw } = this.#parts
    if (this.#held.length > 0 && draw.chance(0.3)) return this.#pull(draw.pick(this.#held))
    if (this.#held.length >= MOST || (this.#held.length > 0 && draw.chance(0.4))) return this.#delete()
    return this.#push()
  }

  async #push(): Promise<void> {
    const blobs = [await this.#need(), await this.#need()]
    const describe = ({ digest, size }: Known) => ({ mediaType: 'application/octet-stream', digest, size })
    const annotations = { from: `${this.#name}-${++this.#serial}` }
    const [config, layer] = blobs.map(describe)
    const body = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer], annotations })
    const digest = sha256(body)
    const path = this.#path(`manifests/${digest}`)
    const mayMiss = (missing: string) => blobs.some(one => one.digest === missing && one.until < performance.now())
    try {
      await this.#sender.again(() =>
        this.#sender.send('PUT', path, body, MANIFEST, [{ path, value: digest }], { mayMiss }),
      )
    } catch (error) {
      // They waited for too long: begin again another time.
      if (error instanceof PartsGone) return
      throw error
    }
    this.#held.push({ digest, parts: blobs.map(one => one.digest) })
  }

  /** By asking for it, by a mount, or by a push: any of them is a promise. */
  async #need(): Promise<Known> {
    const { draw, shared, uploadIdleMs, reclaimDelayMs } = this.#parts
    const bytes = bytesOf(`shared-${draw.below(CONTENTS)}`, 100_000)
    const digest = sha256(bytes)
    // Whoever deletes an image of it meanwhile leaves it for reclaimDelay; HEAD keeps it for half of uploadIdle at least.
    const until = performance.now() + Math.min(uploadIdleMs / 2, reclaimDelayMs)
    const known = { digest, size: bytes.length, until }
    const upload = this.#path('blobs/uploads/')
    const mounts = draw.chance(0.3)
    const found = await this.#sender.again(async () => {
      if (!mounts) return this.#sender.isThere(this.#path(`blobs/${digest}`))
      const answer = await this.#sender.send('POST', `${upload}?mount=${digest}&from=${shared}`)
      if (answer.status === 202 && answer.location) await this.#sender.send('DELETE', answer.location)
      return answer.status === 201
    })
    if (!found) await this.#sender.again(() => this.#sender.send('POST', `${upload}?digest=${digest}`, bytes))
    return known
  }

  async #pull({ digest, parts }: Held): Promise<void> {
    await this.#sender.pull(this.#path(`manifests/${digest}`))
    for (const part of new Set(parts)) await this.#sender.pull(this.#path(`blobs/${part}`))
  }

  async #delete(): Promise<void> {
    const gone = this.#held.shift()
    if (!gone) return
    const path = this.#path(`manifests/${gone.digest}`)
    await this.#sender.again(() =>
      this.#sender.send('DELETE', path, undefined, undefined, [{ path, value: undefined }]),
    )
  }

  #path(rest: string): string {
    return `/v2/${this.#parts.churn}/${rest}`
  }
}
