import { dirname } from 'node:path'
import { z } from 'zod'
import type { Ms } from '../clock.ts'
import type { Disk } from '../disk.ts'
import { isCode } from '../node-disk.ts'
import { BlobStoreFull, BlobUploadLost, orFull } from './failures.ts'
import type { Folders } from './folders.ts'
import { isUploadId, keyParts } from './key.ts'
import type { Room } from './room.ts'
import { DiskStaging, type StagingShare } from './staging.ts'
import type { BlobKey, Leftover, Staging, StagingMeta } from './types.ts'

const RECORD_SUFFIX = '.json'
const RECORD_MAX_BYTES = 64 * 1024

const recordSchema = z.object({
  meta: z.object({
    algorithm: z.enum(['sha256', 'sha512']),
    started: z.number(),
    owner: z.record(z.string(), z.string()),
  }),
  key: z.custom<BlobKey>(key => typeof key === 'string' && keyParts(key) !== undefined).optional(),
})
type UploadRecord = z.infer<typeof recordSchema>

type UploadsOptions = {
  disk: Disk
  dir: string
  node: string
  room: Room
  folders: Folders
  /**
   * Whether an upload goes on whose commit was begun and not finished. Not where committing syncs it: after a sync that
   * failed the page cache still has the bytes, and the next sync says that all is well, also to the next process.
   */
  resumesCommits: boolean
}

/**
 * The folder of uploads under way, the same for every kind of store: `<id>` the bytes, `<id>.json`
 * the record. The nodes of a region on one machine share it; ids begin with their node's name and "-".
 */
export class Uploads {
  readonly dir: string
  readonly #disk: Disk
  readonly #node: string
  readonly #share: StagingShare
  /** Uploads that `commit` works on in this process: no leftovers, however long it takes. */
  readonly #committing = new Set<string>()
  readonly #folders: Folders
  readonly #resumesCommits: boolean
  readonly #named = new WeakMap<Staging, Promise<void>>()

  constructor(options: UploadsOptions) {
    this.dir = options.dir
    this.#disk = options.disk
    this.#node = options.node
    this.#folders = options.folders
    this.#resumesCommits = options.resumesCommits
    this.#share = { dir: options.dir, room: options.room, open: 0 }
  }

  dataPath(id: string): string {
    return `${this.dir}/${id}`
  }

  async begin(id: string, meta: StagingMeta): Promise<Staging> {
    if (!isUploadId(id) || !this.#isOwn(id)) {
      throw new TypeError(`"${id}" can't name an upload of ${this.#node}: "${this.#node}-", letters, digits and "-"`)
    }
    await this.#prepare()
    if (!(await this.#share.room.has(0))) throw BlobStoreFull(this.dir)
    try {
      const file = await this.#disk.open(this.dataPath(id), 'create')
      try {
        await this.#writeRecord(id, { meta }, 'create')
      } catch (error) {
        await file.close()
        throw error
      }
      return this.#name(DiskStaging.begin(id, meta, file, this.#share))
    } catch (error) {
      // Not EEXIST: that upload is somebody's.
      if (!isCode(error, 'EEXIST')) await this.abandon(id)
      throw orFull(error, this.dir)
    }
  }

  async resume(id: string): Promise<Staging | undefined> {
    const record = isUploadId(id) ? await this.#readRecord(id) : undefined
    if (!record || (record.key && !this.#resumesCommits)) return undefined
    const file = await this.#open(this.dataPath(id), 'write')
    if (!file) return undefined
    try {
      return this.#name(await DiskStaging.resume(id, record.meta, file, this.#share))
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** Runs the steps of a commit. Where they show that the upload can't be trusted, it is removed. */
  async committing<T>(staging: Staging, steps: (staging: DiskStaging) => Promise<T>): Promise<T> {
    if (!(staging instanceof DiskStaging)) throw new TypeError('An upload is committed by the store that staged it')
    this.#committing.add(staging.id)
    try {
      return await steps(staging)
    } catch (error) {
      throw staging.lost ? await this.#lose(staging, error) : orFull(error, this.dir)
    } finally {
      this.#committing.delete(staging.id)
    }
  }

  /**
   * Writes the key into the upload's record, before anything comes to lie under that key. The record's name is
   * durable on return, its new content only with `sync`: without, a power cut may leave the old one.
   */
  async keep(staging: DiskStaging, key: BlobKey, sync: boolean): Promise<void> {
    await this.#writeRecord(staging.id, { meta: staging.meta, key }, 'write', sync)
    try {
      await this.#named.get(staging)
    } catch {
      await this.#folders.sync(this.dir)
    }
  }

  /** Also what settles one: an S3 commit that was cut off leaves data behind. */
  async abandon(id: string): Promise<boolean> {
    if (!isUploadId(id)) return false
    // The data first: a record without data is found again, data without a record too, but the record says more.
    const data = await this.#disk.remove(this.dataPath(id))
    const record = await this.#disk.remove(this.#recordPath(id))
    return data || record
  }

  async hasRoom(bytes: number): Promise<boolean> {
    await this.#prepare()
    return this.#share.room.has(bytes)
  }

  /** `bytes`: whether its data still lies here, or went to its key already. */
  async *leftovers(before: Ms): AsyncGenerator<Leftover & { bytes: boolean }> {
    const names = await this.#disk.list(this.dir)
    const ids = names.map(name => (name.endsWith(RECORD_SUFFIX) ? name.slice(0, -RECORD_SUFFIX.length) : name))
    for (const id of new Set(ids)) {
      if (!isUploadId(id) || !this.#isOwn(id) || this.#committing.has(id)) continue
      const data = await this.#disk.stat(this.dataPath(id))
      const record = await this.#disk.stat(this.#recordPath(id))
      if (!data && !record) continue
      if (Math.max(data?.modified ?? 0, record?.modified ?? 0) >= before) continue
      const { meta, key } = (await this.#readRecord(id)) ?? {}
      yield { id, meta, key, bytes: data !== undefined }
    }
  }

  async #lose(staging: Staging, error: unknown): Promise<unknown> {
    const full = orFull(error, this.dir)
    try {
      await staging.close()
      await this.abandon(staging.id)
      return full === error ? BlobUploadLost(staging.id).from(error) : full
    } catch (worse) {
      // Its record has a key, so nobody resumes it; `leftovers` names it until it can be removed.
      return BlobUploadLost(staging.id).from(new AggregateError([error, worse]))
    }
  }

  async #prepare(): Promise<void> {
    await this.#folders.root(dirname(this.dir))
    await this.#folders.make(this.dir)
  }

  #isOwn(id: string): boolean {
    return id.startsWith(`${this.#node}-`)
  }

  #recordPath(id: string): string {
    return `${this.dir}/${id}${RECORD_SUFFIX}`
  }

  // Begun here, waited for in `keep`: the bytes come in meanwhile, and uploads that start together share one sync.
  #name(staging: DiskStaging): DiskStaging {
    const named = this.#folders.sync(this.dir)
    named.catch(() => undefined) // `keep` sees it
    this.#named.set(staging, named)
    return staging
  }

  async #open(path: string, mode: 'read' | 'write') {
    try {
      return await this.#disk.open(path, mode)
    } catch (error) {
      if (isCode(error, 'ENOENT')) return undefined
      throw error
    }
  }

  async #writeRecord(id: string, record: UploadRecord, mode: 'create' | 'write', sync = false) {
    const file = await this.#disk.open(this.#recordPath(id), mode)
    try {
      // One write, never shorter than what it replaces: a kill leaves the old record or the new one.
      await file.write([Buffer.from(JSON.stringify(record))], 0)
      if (sync) await file.sync()
    } finally {
      await file.close()
    }
  }

  /** Undefined where there is none, or a power cut left half of one. */
  async #readRecord(id: string): Promise<UploadRecord | undefined> {
    const file = await this.#open(this.#recordPath(id), 'read')
    if (!file) return undefined
    try {
      const size = await file.size()
      if (size > RECORD_MAX_BYTES) return undefined
      const bytes = Buffer.alloc(size)
      const read = await file.read(bytes, 0)
      return recordSchema.safeParse(parseJson(bytes.toString('utf8', 0, read))).data
    } finally {
      await file.close()
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
