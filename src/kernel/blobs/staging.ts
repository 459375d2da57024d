import { createHash, type Hash } from 'node:crypto'
import type { DiskFile } from '../disk.ts'
import { BlobStoreFull, BlobUploadLost, orFull } from './failures.ts'
import type { Room } from './room.ts'
import type { ContentHash, HashAlgorithm, Staging, StagingMeta } from './types.ts'

// One write a MiB: a write of each 64 KiB chunk costs 16 trips through the thread pool instead.
const BATCH_BYTES = 1024 * 1024
const BATCH_MIN_BYTES = 128 * 1024
const BATCH_CHUNKS = 512
// What all uploads of a process may hold unwritten, about: two batches each.
const BUFFERED_BYTES = 64 * 1024 * 1024
const READ_BYTES = 256 * 1024

/** What the uploads of one store share. */
export type StagingShare = { readonly dir: string; readonly room: Room; open: number }

/**
 * Bytes to disk while hashing, each once. While one batch is being written the next one is received
 * and hashed; a third has to wait. A failed write takes the upload back to the last byte that is on disk, hash
 * included, so that it can go on once there is room.
 */
export class DiskStaging implements Staging {
  readonly id: string
  readonly meta: StagingMeta
  readonly #file: DiskFile
  readonly #share: StagingShare
  #hash: Hash
  /** Bytes that the operating system has, and the hash of them. */
  #written: number
  #writtenHash: Hash
  #batch: Uint8Array[] = []
  #batchBytes = 0
  #writing: Promise<void> | undefined
  /** Bytes of the batch being written. */
  #writingBytes = 0
  #failure: { error: unknown } | undefined
  /** There may be bytes past `#written`: a write failed half-way and could not be taken back. */
  #ragged = false
  #lost = false
  #closed = false

  private constructor(id: string, meta: StagingMeta, file: DiskFile, share: StagingShare, size: number, hash: Hash) {
    this.id = id
    this.meta = meta
    this.#file = file
    this.#share = share
    this.#written = size
    this.#hash = hash
    this.#writtenHash = hash.copy()
    share.open += 1
  }

  static begin(id: string, meta: StagingMeta, file: DiskFile, share: StagingShare): DiskStaging {
    return new DiskStaging(id, meta, file, share, 0, createHash(meta.algorithm))
  }

  static async resume(id: string, meta: StagingMeta, file: DiskFile, share: StagingShare): Promise<DiskStaging> {
    const { hash, size } = await hashFile(file, meta.algorithm)
    return new DiskStaging(id, meta, file, share, size, hash)
  }

  get size(): number {
    return this.#written + this.#writingBytes + this.#batchBytes
  }

  /** A sync failed: the system may have dropped pages that it still lists as written, so no retry can be trusted. */
  get lost(): boolean {
    return this.#lost
  }

  async append(chunk: Uint8Array): Promise<void> {
    this.#throwFailure()
    if (chunk.length === 0) return
    this.#hash.update(chunk)
    // A small slice would keep the whole buffer that it was cut from alive, past any bound.
    const own = chunk.length * 4 < chunk.buffer.byteLength ? chunk.slice() : chunk
    this.#batch.push(own)
    this.#batchBytes += own.length
    if (this.#batchBytes >= this.#batchLimit() || this.#batch.length >= BATCH_CHUNKS) await this.#writeBatch()
  }

  async flush(): Promise<void> {
    this.#throwFailure()
    await this.#writeBatch()
    await this.#writing
    this.#throwFailure()
  }

  /** The hash of what is held. The upload's own algorithm costs nothing more, another one reads the file again. */
  async digest(algorithm: HashAlgorithm): Promise<ContentHash> {
    await this.flush()
    const hash = algorithm === this.meta.algorithm ? this.#hash.copy() : (await hashFile(this.#file, algorithm)).hash
    return `${algorithm}:${hash.digest('hex')}`
  }

  /** Durable on return. */
  async sync(): Promise<void> {
    await this.flush()
    await this.#trim()
    try {
      await this.#file.sync()
    } catch (error) {
      this.#lost = true
      throw error
    }
  }

  read(into: Uint8Array, position: number): Promise<number> {
    return this.#file.read(into, position)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    try {
      if (!this.#lost) await this.flush()
    } finally {
      this.#closed = true
      this.#share.open -= 1
      await this.#file.close()
    }
  }

  #batchLimit(): number {
    return Math.max(BATCH_MIN_BYTES, Math.min(BATCH_BYTES, BUFFERED_BYTES / 2 / this.#share.open))
  }

  /** Starts writing the batch once the one before it is on disk. */
  async #writeBatch(): Promise<void> {
    await this.#writing
    this.#throwFailure()
    if (this.#batch.length === 0) return
    const chunks = this.#batch
    this.#writingBytes = this.#batchBytes
    this.#batch = []
    this.#batchBytes = 0
    // About 1 us a batch.
    this.#writing = this.#write(chunks, this.#writingBytes, this.#hash.copy())
  }

  async #write(chunks: readonly Uint8Array[], bytes: number, hash: Hash): Promise<void> {
    try {
      await this.#trim()
      if (!(await this.#share.room.take(bytes))) throw BlobStoreFull(this.#share.dir)
      this.#ragged = true
      await this.#file.write(chunks, this.#written)
      this.#ragged = false
      this.#written += bytes
      this.#writtenHash = hash
    } catch (error) {
      this.#failure = { error: orFull(error, this.#share.dir) }
      this.#batch = []
      this.#batchBytes = 0
      this.#hash = this.#writtenHash.copy()
    }
    this.#writingBytes = 0
    this.#writing = undefined
  }

  async #trim(): Promise<void> {
    if (!this.#ragged) return
    await this.#file.truncate(this.#written)
    this.#ragged = false
  }

  #throwFailure(): void {
    if (this.#lost || this.#closed) throw BlobUploadLost(this.id)
    const failure = this.#failure
    if (!failure) return
    this.#failure = undefined
    throw failure.error
  }
}

async function hashFile(file: DiskFile, algorithm: HashAlgorithm): Promise<{ hash: Hash; size: number }> {
  const hash = createHash(algorithm)
  const buffer = Buffer.allocUnsafe(READ_BYTES)
  let size = 0
  for (let read = await file.read(buffer, 0); read > 0; read = await file.read(buffer, size)) {
    hash.update(buffer.subarray(0, read))
    size += read
  }
  return { hash, size }
}
