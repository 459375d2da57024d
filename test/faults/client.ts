import { createHash } from 'node:crypto'
import { sha256 } from '../peers/support/digest.ts'
import { Churn } from './churn.ts'
import { bytesOf } from './random.ts'
import { type Change, PartsGone, Sender, type SenderParts } from './sender.ts'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const INDEX = 'application/vnd.oci.image.index.v1+json'
type Blob = { digest: string; bytes: Buffer }
type Held = { digest: string; body: string; type: string; parts: string[] }

type Parts = SenderParts & { shared: string; churn: string; uploadIdleMs: number; reclaimDelayMs: number }

// So much that a soak of any length fits the disk.
const MOST_HELD = 24

/**
 * One client that pushes, pulls, tags, retags and deletes, and repeats what failed until it is done. It owns its
 * repository; `shared` belongs to all, and nothing is deleted there; in `churn` everybody deletes what is theirs.
 */
export class LoadClient {
  readonly #parts: Parts
  readonly #sender: Sender
  readonly #churn: Churn
  readonly #name: string
  readonly #repository: string
  #serial = 0
  #held: Held[] = []
  readonly #tags = new Map<string, string>()

  constructor(name: string, parts: Parts) {
    this.#name = name
    this.#repository = `fault/${name}`
    this.#parts = parts
    this.#sender = new Sender(parts)
    this.#churn = new Churn(name, this.#sender, parts)
  }

  /** Until `stopped`; rejects with what must not happen. */
  async run(stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      try {
        await this.#step()
      } catch (error) {
        if (!(error instanceof PartsGone)) throw error
      }
    }
  }

  #step(): Promise<void> {
    const dice = this.#parts.draw.below(100)
    if (this.#held.length < 2) return this.#pushImage()
    if (this.#held.length > MOST_HELD) return this.#drop()
    if (dice < 30) return this.#pushImage()
    if (dice < 37) return this.#pushIndex()
    if (dice < 47) return this.#retag()
    if (dice < 53) return this.#untag()
    if (dice < 61) return this.#pushShared()
    if (dice < 70) return this.#drop()
    if (dice < 71) return this.#dropAll()
    if (dice < 82) return this.#pull()
    return this.#churn.step()
  }

  /** What was acknowledged, byte by byte. */
  async #pull(): Promise<void> {
    const { digest, parts, type } = this.#parts.draw.pick(this.#held)
    await this.#sender.pull(this.#path(`manifests/${digest}`))
    const kind = type === INDEX ? 'manifests' : 'blobs'
    for (const part of new Set(parts)) await this.#sender.pull(this.#path(`${kind}/${part}`))
  }

  /** The repository as a whole, by ACR's request. What is pushed there next is another one's. */
  async #dropAll(): Promise<void> {
    const gone = [...this.#held.map(one => one.digest), ...this.#tags.keys()]
    const changes = gone.map(reference => ({ path: this.#path(`manifests/${reference}`), value: undefined }))
    for (const { parts, type } of this.#held) {
      if (type === MANIFEST) for (const part of parts) this.#parts.ledger.release(this.#path(`blobs/${part}`))
    }
    await this.#sender.again(() =>
      this.#sender.send('DELETE', `/acr/v1/${this.#repository}`, undefined, undefined, changes),
    )
    this.#held = []
    this.#tags.clear()
  }

  async #pushImage(): Promise<void> {
    const { draw } = this.#parts
    const layers: Blob[] = []
    for (let i = draw.below(3); i >= 0; i--) layers.push(await this.#blob(this.#repository))
    const config = await this.#blob(this.#repository, 'sha256')
    const parts = [config, ...layers]
    const describe = ({ digest, bytes }: Blob) => ({
      mediaType: 'application/octet-stream',
      digest,
      size: bytes.length,
    })
    const manifest = { schemaVersion: 2, mediaType: MANIFEST, config: describe(config), layers: layers.map(describe) }
    await this.#put(
      JSON.stringify(manifest),
      MANIFEST,
      parts.map(part => part.digest),
    )
  }

  async #pushIndex(): Promise<void> {
    const children = [this.#parts.draw.pick(this.#held), this.#parts.draw.pick(this.#held)]
    const manifests = children.map(({ digest, body, type }) => ({ mediaType: type, digest, size: body.length }))
    const annotations = { serial: `${this.#name}-${++this.#serial}` }
    const index = { schemaVersion: 2, mediaType: INDEX, manifests, annotations }
    await this.#put(
      JSON.stringify(index),
      INDEX,
      children.map(child => child.digest),
    )
  }

  /** By one tag, by digest alone, or by digest with several tags. */
  async #put(body: string, type: string, parts: string[]): Promise<void> {
    const { draw } = this.#parts
    const digest = sha256(body)
    const way = draw.below(4)
    const tags = way === 0 ? [] : way === 1 ? ['v1', 'v2'] : [`v${draw.below(4)}`]
    const reference = way > 1 ? tags[0] : digest + tags.map((tag, i) => `${i === 0 ? '?' : '&'}tag=${tag}`).join('')
    await this.#sender.again(() =>
      this.#sender.send('PUT', this.#path(`manifests/${reference}`), body, type, this.#named(digest, tags)),
    )
    if (type === MANIFEST) this.#parts.ledger.keep(parts.map(part => this.#path(`blobs/${part}`)))
    if (!this.#held.some(one => one.digest === digest)) this.#held.push({ digest, body, type, parts })
    for (const tag of tags) this.#tags.set(tag, digest)
  }

  async #retag(): Promise<void> {
    const { digest, body, type } = this.#parts.draw.pick(this.#held)
    const tag = `v${this.#parts.draw.below(4)}`
    await this.#sender.again(() =>
      this.#sender.send('PUT', this.#path(`manifests/${tag}`), body, type, this.#named(digest, [tag])),
    )
    this.#tags.set(tag, digest)
  }

  async #untag(): Promise<void> {
    const tag = [...this.#tags.keys()][0]
    if (tag === undefined) return
    const path = this.#path(`manifests/${tag}`)
    await this.#sender.again(() =>
      this.#sender.send('DELETE', path, undefined, undefined, [{ path, value: undefined }]),
    )
    this.#tags.delete(tag)
  }

  /** A manifest that nothing refers to, its tags with it, then the blobs that only it had. */
  async #drop(): Promise<void> {
    const free = this.#held.filter(one => !this.#held.some(other => other.parts.includes(one.digest)))
    const gone = this.#parts.draw.pick(free)
    const tags = [...this.#tags].filter(([, digest]) => digest === gone.digest).map(([tag]) => tag)
    const path = this.#path(`manifests/${gone.digest}`)
    const changes = [path, ...tags.map(tag => this.#path(`manifests/${tag}`))].map(each => ({
      path: each,
      value: undefined,
    }))
    const others = this.#held.filter(one => one !== gone)
    const alone =
      gone.type === INDEX ? [] : [...new Set(gone.parts)].filter(part => !others.some(one => one.parts.includes(part)))
    // A platform that is down for longer than reclaimDelay may have collected them before we delete them.
    for (const digest of alone) this.#parts.ledger.release(this.#path(`blobs/${digest}`))
    await this.#sender.again(() => this.#sender.send('DELETE', path, undefined, undefined, changes))
    this.#held = others
    for (const tag of tags) this.#tags.delete(tag)
    for (const digest of alone) {
      const blob = this.#path(`blobs/${digest}`)
      await this.#sender.again(() =>
        this.#sender.send('DELETE', blob, undefined, undefined, [{ path: blob, value: undefined }]),
      )
    }
  }

  /** One tag that every client writes, over blobs that every client pushes. */
  async #pushShared(): Promise<void> {
    const { shared, draw } = this.#parts
    const bytes = bytesOf(`shared-${draw.below(6)}`, 100_000)
    const blob = await this.#blob(shared, 'sha256', bytes)
    const layer = { mediaType: 'application/octet-stream', digest: blob.digest, size: bytes.length }
    const annotations = { from: `${this.#name}-${++this.#serial}` }
    const body = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config: layer, layers: [], annotations })
    const value = sha256(body)
    const changes = ['latest', value].map(reference => ({ path: `/v2/${shared}/manifests/${reference}`, value }))
    await this.#sender.again(() => this.#sender.send('PUT', `/v2/${shared}/manifests/latest`, body, MANIFEST, changes))
    this.#parts.ledger.keep([`/v2/${shared}/blobs/${blob.digest}`])
  }

  /** Pushed in one of the ways the specification has: in one, in chunks, as a stream. */
  async #blob(repository: string, algorithm?: 'sha256', given?: Buffer): Promise<Blob> {
    const { draw, tally, ledger } = this.#parts
    const size = draw.pick([0, 1, 2_000, 60_000, 300_000, 1_500_000, 4_000_000])
    const bytes = given ?? bytesOf(`${this.#name}-${++this.#serial}`, size)
    const kind = algorithm ?? (draw.chance(0.2) ? 'sha512' : 'sha256')
    const digest = `${kind}:${createHash(kind).update(bytes).digest('hex')}`
    const change = { path: `/v2/${repository}/blobs/${digest}`, value: sha256(bytes) }
    const way = draw.below(3)
    const keptUntil = performance.now() + this.#parts.uploadIdleMs
    // Before the first try: it may be done, be seen by a check and be collected before a later try is answered.
    ledger.mayFade(change.path, keptUntil)
    await this.#sender.again(async () => {
      const upload = `/v2/${repository}/blobs/uploads/`
      if (way === 0) return this.#sender.send('POST', `${upload}?digest=${digest}`, bytes, undefined, [change])
      const { location } = await this.#sender.send(
        'POST',
        upload + (kind === 'sha512' ? '?digest-algorithm=sha512' : ''),
      )
      let next = location ?? ''
      let sent = 0
      for (const end of way === 1 ? [Math.floor(bytes.length / 3), Math.floor(bytes.length / 2)] : []) {
        if (end === sent) continue
        const range = { 'content-range': `${sent}-${end - 1}` }
        const answer = await this.#sender.send('PATCH', next, bytes.subarray(sent, end), undefined, [], {
          headers: range,
        })
        next = answer.location ?? next
        sent = end
      }
      const query = `${next.includes('?') ? '&' : '?'}digest=${digest}`
      return this.#sender.send('PUT', next + query, bytes.subarray(sent), undefined, [change])
    })
    ledger.await(change.path, keptUntil)
    tally.bytes += bytes.length
    return { digest, bytes }
  }

  #named(digest: string, tags: readonly string[]): Change[] {
    return [digest, ...tags].map(reference => ({ path: this.#path(`manifests/${reference}`), value: digest }))
  }

  #path(rest: string): string {
    return `/v2/${this.#repository}/${rest}`
  }
}
