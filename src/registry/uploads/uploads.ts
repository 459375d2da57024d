import {
  type BlobKey,
  type BlobStore,
  type Clock,
  Failure,
  type HashAlgorithm,
  HashMismatch,
  type Ms,
  randomText,
  type Staging,
} from '../../kernel/index.ts'
import type { Digest } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'
import {
  BlobTooLarge,
  LengthMismatch,
  TooManyUploads,
  UploadBusy,
  UploadOutOfOrder,
  UploadUnknown,
} from '../failures.ts'
import type { RegistryLimits } from '../limits.ts'
import type { Moved } from '../usage/moved.ts'

/** Where the bytes of a request belong, both ends inclusive. */
export type ChunkRange = { from: number; to: number }
export type Body = AsyncIterable<Uint8Array>
export type Committed = { id: string; key: BlobKey; size: number }

type Sent = { repo: RepoRef; body: Body; range: ChunkRange | undefined }
type Session = { readonly id: string; staging: Staging | undefined; busy: boolean; touched: Ms }

/**
 * Uploads of this node. One request at a time works on an upload. Those that were used last stay open, hash and all;
 * the others are closed and read again from disk when their client comes back.
 */
export class Uploads {
  readonly #blobs: BlobStore
  readonly #clock: Clock
  readonly #node: string
  readonly #limits: RegistryLimits
  readonly #moved: Moved
  /** Open or at work, the one used longest ago first. */
  readonly #sessions = new Map<string, Session>()
  readonly #settling = new Set<string>()
  #working = 0

  constructor(options: { blobs: BlobStore; clock: Clock; node: string; limits: RegistryLimits; moved: Moved }) {
    this.#blobs = options.blobs
    this.#clock = options.clock
    this.#node = options.node
    this.#limits = options.limits
    this.#moved = options.moved
  }

  /** Ids begin with the node: see `nodeOf`. */
  async start({ registryId, repository }: RepoRef, algorithm: HashAlgorithm): Promise<string> {
    const id = `${this.#node}-${randomText(this.#clock, 26)}`
    const session = this.#admit(id)
    try {
      const started = this.#clock.now()
      session.staging = await this.#blobs.stage(id, { algorithm, started, owner: { registryId, repository } })
      return id
    } finally {
      await this.#leave(session)
    }
  }

  /** Bytes held so far. Also while another request is sending more. */
  async size(repo: RepoRef, id: string): Promise<number> {
    const working = this.#sessions.get(id)
    if (working?.staging && isOwner(working.staging, repo)) return working.staging.size
    return this.#alone(repo, id, staging => Promise.resolve(staging.size))
  }

  /** Takes the bytes in, and gives how many are held then. What arrived before an error stays. */
  append(repo: RepoRef, id: string, body: Body, range?: ChunkRange): Promise<number> {
    return this.#alone(repo, id, staging => this.#take(staging, { repo, body, range }))
  }

  /**
   * Takes the last bytes in, if any, and puts all of it in its place: durable, but not yet linked from anywhere.
   * `settled` is to follow. Bytes of another digest end the upload.
   */
  finish(repo: RepoRef, id: string, digest: Digest, body?: Body, range?: ChunkRange): Promise<Committed> {
    return this.#alone(repo, id, async (staging, session) => {
      if (body) await this.#take(staging, { repo, body, range })
      const { size } = staging
      try {
        const key = await this.#blobs.commit(staging, digest)
        this.#settling.add(id)
        await this.#forget(session)
        return { id, key, size }
      } catch (error) {
        if (error instanceof Failure && error.is(HashMismatch)) {
          await this.#forget(session)
          await this.#blobs.abandon(id)
        }
        throw error
      }
    })
  }

  async cancel(repo: RepoRef, id: string): Promise<void> {
    await this.#alone(repo, id, async (_, session) => {
      await this.#forget(session)
      await this.#blobs.abandon(id)
    })
  }

  /** Removes what is left of an upload that its client can't know of. */
  async drop(id: string): Promise<void> {
    const session = this.#sessions.get(id)
    if (session) await this.#close(session)
    await this.#blobs.abandon(id)
  }

  /** Whether this process has it in hand: open, at work, or between its place and its row. */
  isHere(id: string): boolean {
    return this.#sessions.has(id) || this.#settling.has(id)
  }

  /** After `finish`: its row is written, or will not be written any more by this process. */
  settled(id: string): void {
    this.#settling.delete(id)
  }

  /** Closes what nobody used for `idle`; its bytes stay on disk. */
  async closeIdle(idle: Ms): Promise<void> {
    const before = this.#clock.monotonic() - idle
    for (const session of [...this.#sessions.values()]) {
      if (!session.busy && session.touched <= before) await this.#close(session)
    }
  }

  async closeAll(): Promise<void> {
    await this.closeIdle(0)
  }

  async #take(staging: Staging, { repo, body, range }: Sent): Promise<number> {
    if (range && range.from !== staging.size) throw UploadOutOfOrder(staging.size, range.from)
    const expected = range ? range.to - range.from + 1 : Number.POSITIVE_INFINITY
    const room = this.#limits.blobBytes - staging.size
    if (range && expected > room) throw BlobTooLarge(this.#limits.blobBytes)
    const moved = this.#moved.of(repo.registryId)
    let received = 0
    for await (const chunk of body) {
      received += chunk.length
      moved.bytesIn += chunk.length
      if (received > expected) throw LengthMismatch(expected, received)
      if (received > room) throw BlobTooLarge(this.#limits.blobBytes)
      await staging.append(chunk)
    }
    await staging.flush()
    if (range && received < expected) throw LengthMismatch(expected, received)
    return staging.size
  }

  async #alone<T>(repo: RepoRef, id: string, work: (staging: Staging, session: Session) => Promise<T>): Promise<T> {
    if (this.#sessions.get(id)?.busy) throw UploadBusy(id)
    const session = this.#admit(id)
    try {
      session.staging ??= await this.#blobs.resume(id)
      if (!session.staging || !isOwner(session.staging, repo)) throw UploadUnknown(id)
      return await work(session.staging, session)
    } finally {
      await this.#leave(session)
    }
  }

  #admit(id: string): Session {
    if (this.#working >= this.#limits.uploadsPerNode) throw TooManyUploads(this.#limits.uploadsPerNode)
    const session = this.#sessions.get(id) ?? { id, staging: undefined, busy: false, touched: 0 }
    session.busy = true
    this.#working += 1
    this.#sessions.delete(id)
    this.#sessions.set(id, session)
    return session
  }

  async #leave(session: Session): Promise<void> {
    try {
      // An idle upload keeps no bytes in memory. Where the disk takes none, what it has is read again next time.
      await session.staging?.flush()
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      await this.#forget(session)
    } finally {
      session.busy = false
      session.touched = this.#clock.monotonic()
      this.#working -= 1
      if (!session.staging) this.#sessions.delete(session.id)
    }
    await this.#closeOldest()
  }

  async #closeOldest(): Promise<void> {
    while (this.#sessions.size > this.#limits.uploadsPerNode) {
      const oldest = this.#sessions.values().find(session => !session.busy)
      if (!oldest) return
      await this.#close(oldest)
    }
  }

  async #close(session: Session): Promise<void> {
    session.busy = true
    this.#working += 1
    try {
      await this.#forget(session)
    } finally {
      session.busy = false
      this.#working -= 1
      this.#sessions.delete(session.id)
    }
  }

  // Closing writes what is still in memory. Where that fails nothing is lost that a client was told of: `append`
  // answers after a flush, and the rest is read again from disk.
  async #forget(session: Session): Promise<void> {
    const { staging } = session
    session.staging = undefined
    try {
      await staging?.close()
    } catch (error) {
      if (!(error instanceof Failure)) throw error
    }
  }
}

/** Which node holds the upload: the others know whom to ask, and that it is not theirs. */
export function nodeOf(id: string): string {
  return id.slice(0, Math.max(0, id.lastIndexOf('-')))
}

function isOwner(staging: Staging, { registryId, repository }: RepoRef): boolean {
  return staging.meta.owner.registryId === registryId && staging.meta.owner.repository === repository
}
