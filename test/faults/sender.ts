import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { ACCEPT, type Wire } from '../peers/support/client.ts'
import type { Gate } from './gate.ts'
import type { Ledger } from './ledger.ts'
import type { Draw } from './random.ts'

/** Longer than any restart: whoever gets no answer until then has found a defect. */
const PATIENCE_MS = 90_000

export type Answer = { status: number; location: string | null; text: string }
export type Change = { path: string; value: string | undefined }
export type Tally = { acknowledged: number; unsure: number; bytes: number }
export type SenderParts = { wire: Wire; ledger: Ledger; gate: Gate; draw: Draw; tally: Tally }

/** Nobody answered, or not to the point: the request may have been done. */
class Unsure extends Error {}
/** The upload is gone: begin again. */
class UploadGone extends Error {}

/** Blobs of an image waited for its manifest for longer than the registry keeps them: begin again. */
export class PartsGone extends Error {}

/** Requests that change something, told to the ledger, and repeated until there is an answer. */
export class Sender {
  readonly #parts: SenderParts

  constructor(parts: SenderParts) {
    this.#parts = parts
  }

  async again<T>(work: () => Promise<T>): Promise<T> {
    const { tally, draw } = this.#parts
    const end = performance.now() + PATIENCE_MS
    for (;;) {
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof Unsure || error instanceof UploadGone) || performance.now() > end) throw error
        tally.unsure++
        await wait(20 + draw.below(80))
      }
    }
  }

  /** The changes begin before the request leaves and are acknowledged by its answer. */
  async send(
    method: string,
    path: string,
    body?: string | Buffer,
    type = 'application/octet-stream',
    changes: Change[] = [],
    { headers = {}, mayMiss = this.#mayMiss(path) }: { headers?: Record<string, string>; mayMiss?: MayMiss } = {},
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
    if (method === 'PUT' && status === 404 && missesOnly(text, mayMiss)) throw new PartsGone(text)
    // A delete that is repeated because its answer was lost may find nothing left to do.
    if (status >= 400 && !(method === 'DELETE' && status === 404 && mayBeGone)) {
      throw new Error(`${method} ${path} answered ${status} ${text}`)
    }
    for (const each of acknowledge) each()
    tally.acknowledged += acknowledge.length
    return answer
  }

  /** Fails where the bytes are not those of the digest, whatever the status is. */
  async pull(path: string): Promise<void> {
    const { status, bytes } = await this.again(() => this.#look('GET', path))
    if (status !== 200) throw new Error(`GET ${path} answered ${status} ${bytes}`)
    const [, algorithm = '', hex] = /(sha256|sha512):([0-9a-f]+)$/.exec(path) ?? []
    if (createHash(algorithm).update(bytes).digest('hex') !== hex) {
      throw new Error(`GET ${path} served ${bytes.length} bytes that are not it`)
    }
  }

  async isThere(path: string): Promise<boolean> {
    const { status } = await this.#look('HEAD', path)
    if (status !== 200 && status !== 404) throw new Error(`HEAD ${path} answered ${status}`)
    return status === 200
  }

  async #look(method: string, path: string): Promise<{ status: number; bytes: Buffer }> {
    const { wire, gate } = this.#parts
    await gate.pass()
    const seen = await wire
      .request(path, { method, headers: { accept: ACCEPT }, signal: AbortSignal.timeout(30_000) })
      .then(async response => ({ status: response.status, bytes: Buffer.from(await response.arrayBuffer()) }))
      .catch(error => {
        throw new Unsure(`${method} ${path}`, { cause: error })
      })
    if (seen.status >= 500 || seen.status === 429) throw new Unsure(`${method} ${path}: ${seen.status} ${seen.bytes}`)
    return seen
  }

  /** Where nobody knows better: what the ledger says may have been collected. */
  #mayMiss(path: string): MayMiss {
    const repository = path.slice(0, path.lastIndexOf('/manifests/'))
    return digest => this.#parts.ledger.possible(`${repository}/blobs/${digest}`).has(undefined)
  }
}

/** Whether this blob of a manifest that is pushed may be gone. */
export type MayMiss = (digest: string) => boolean

type Refusal = { errors: { code: string; detail: { digest: string } }[] }

/** Whether all that the registry misses is what it may have collected. */
function missesOnly(text: string, mayMiss: MayMiss): boolean {
  const { errors } = JSON.parse(text) as Refusal
  return errors.every(({ code, detail }) => code === 'MANIFEST_BLOB_UNKNOWN' && mayMiss(detail.digest))
}
