import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Wire } from '../peers/support/client.ts'
import { sha256 } from '../peers/support/digest.ts'
import type { Gate } from './gate.ts'
import type { Ledger } from './ledger.ts'
import { bytesOf, type Draw } from './random.ts'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const INDEX = 'application/vnd.oci.image.index.v1+json'
/** Longer than any restart: whoever gets no answer until then has found a defect. */
const PATIENCE_MS = 90_000

type Blob = { digest: string; bytes: Buffer }
type Held = { digest: string; body: string; type: string; parts: string[] }
type Answer = { status: number; location: string | null; text: string }
type Change = { path: string; value: string | undefined }

/** Nobody answered, or not to the point: the request may have been done. */
class Unsure extends Error {}
/** The upload is gone: begin again. */
class UploadGone extends Error {}

/** Blobs of an image waited for its manifest for longer than the registry keeps them: begin again. */
class PartsGone extends Error {}

type Parts = { wire: Wire; ledger: Ledger; gate: Gate; draw: Draw; tally: Tally; shared: string; uploadIdleMs: number }
export type Tally = { acknowledged: number; unsure: number; bytes: number }

/**
 * One client that pushes, tags, retags and deletes, and repeats what failed until it is done. It owns its
 * repository; `shared` belongs to all, and nothing is deleted there.
 */
export class LoadClient {
  readonly #parts: Parts
  readonly #name: string
  readonly #repository: string
  #serial = 0
  #held: Held[] = []
  readonly #tags = new Map<string, string>()

  constructor(name: string, parts: Parts) {
    this.#name = name
    this.#repository = `fault/${name}`
    this.#parts = parts
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
    if (this.#held.length < 2 || dice < 45) return this.#pushImage()
    if (dice < 55) return this.#pushIndex()
    if (dice < 70) return this.#retag()
    if (dice < 78) return this.#untag()
    if (dice < 88) return this.#pushShared()
    return this.#drop()
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
    await this.#again(() =>
      this.#send('PUT', this.#path(`manifests/${reference}`), body, type, this.#named(digest, tags)),
    )
    if (type === MANIFEST) this.#parts.ledger.keep(parts.map(part => this.#path(`blobs/${part}`)))
    if (!this.#held.some(one => one.digest === digest)) this.#held.push({ digest, body, type, parts })
    for (const tag of tags) this.#tags.set(tag, digest)
  }

  async #retag(): Promise<void> {
    const { digest, body, type } = this.#parts.draw.pick(this.#held)
    const tag = `v${this.#parts.draw.below(4)}`
    await this.#again(() => this.#send('PUT', this.#path(`manifests/${tag}`), body, type, this.#named(digest, [tag])))
    this.#tags.set(tag, digest)
  }

  async #untag(): Promise<void> {
    const tag = [...this.#tags.keys()][0]
    if (tag === undefined) return
    const path = this.#path(`manifests/${tag}`)
    await this.#again(() => this.#send('DELETE', path, undefined, undefined, [{ path, value: undefined }]))
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
    await this.#again(() => this.#send('DELETE', path, undefined, undefined, changes))
    this.#held = others
    for (const tag of tags) this.#tags.delete(tag)
    for (const digest of alone) {
      const blob = this.#path(`blobs/${digest}`)
      await this.#again(() => this.#send('DELETE', blob, undefined, undefined, [{ path: blob, value: undefined }]))
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
    await this.#again(() => this.#send('PUT', `/v2/${shared}/manifests/latest`, body, MANIFEST, changes))
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
    await this.#again(async () => {
      const upload = `/v2/${repository}/blobs/uploads/`
      if (way === 0) return this.#send('POST', `${upload}?digest=${digest}`, bytes, undefined, [change])
      const { location } = await this.#send('POST', upload + (kind === 'sha512' ? '?digest-algorithm=sha512' : ''))
      let next = location ?? ''
      let sent = 0
      for (const end of way === 1 ? [Math.floor(bytes.length / 3), Math.floor(bytes.length / 2)] : []) {
        if (end === sent) continue
        const range = { 'content-range': `${sent}-${end - 1}` }
        const answer = await this.#send('PATCH', next, bytes.subarray(sent, end), undefined, [], range)
        next = answer.location ?? next
        sent = end
      }
      const query = `${next.includes('?') ? '&' : '?'}digest=${digest}`
      return this.#send('PUT', next + query, bytes.subarray(sent), undefined, [change])
    })
    ledger.await(change.path, keptUntil)
    tally.bytes += bytes.length
    return { digest, bytes }
  }

  async #again(work: () => Promise<Answer>): Promise<void> {
    const { tally, draw } = this.#parts
    const end = performance.now() + PATIENCE_MS
    for (;;) {
      try {
        await work()
        return
      } catch (error) {
        if (!(error instanceof Unsure || error instanceof UploadGone) || performance.now() > end) throw error
        tally.unsure++
        await wait(20 + draw.below(80))
      }
    }
  }

  /** The changes begin before the request leaves and are acknowledged by its answer. */
  async #send(
    method: string,
    path: string,
    body?: string | Buffer,
    type = 'application/octet-stream',
    changes: Change[] = [],
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const { wire, ledger, gate, tally } = this.#parts
    await gate.pass()
    const mayBeGone = ledger.possible(path).has(undefined)
    const acknowledge = changes.map(change => ledger.begin(change.path, change.value))
    const sent = body === undefined ? {} : { body: Buffer.from(body), headers: { 'content-type': type, ...headers } }
    const answer = await wire
      .request(path, { method, ...sent, signal: AbortSignal.timeout(30_000) })
      .then(async response => {
        const { status } = response
        return { status, location: response.headers.get('location'), text: await response.text() }
      })
      .catch(error => {
        throw new Unsure(`${method} ${path}`, { cause: error })
      })
    const { status, text } = answer
    if (status >= 500 || status === 429) throw new Unsure(`${method} ${path}: ${status} ${text}`)
    if (path.includes('/blobs/uploads/') && (status === 404 || status === 416)) throw new UploadGone(`${path}: ${text}`)
    if (method === 'PUT' && status === 404 && this.#mayMiss(path, text)) throw new PartsGone(text)
    // A delete that is repeated because its answer was lost may find nothing left to do.
    if (status >= 400 && !(method === 'DELETE' && status === 404 && mayBeGone)) {
      throw new Error(`${method} ${path} answered ${status} ${text}`)
    }
    for (const each of acknowledge) each()
    tally.acknowledged += acknowledge.length
    return answer
  }

  /** Whether all that the registry misses is what it may have collected. */
  #mayMiss(path: string, text: string): boolean {
    const { errors } = JSON.parse(text) as { errors: { code: string; detail: { digest?: string } }[] }
    const blobs = path.slice(0, path.lastIndexOf('/manifests/'))
    const possible = (digest: string | undefined) => this.#parts.ledger.possible(`${blobs}/blobs/${digest}`)
    return errors.every(
      ({ code, detail }) => code === 'MANIFEST_BLOB_UNKNOWN' && possible(detail.digest).has(undefined),
    )
  }

  #named(digest: string, tags: readonly string[]): Change[] {
    return [digest, ...tags].map(reference => ({ path: this.#path(`manifests/${reference}`), value: digest }))
  }

  #path(rest: string): string {
    return `/v2/${this.#repository}/${rest}`
  }
}
