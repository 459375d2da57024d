import { LRUCache } from 'lru-cache'
import {
  type BlobKey,
  type BlobStore,
  type ByteRange,
  type ByteSource,
  type ReadTx,
  readAll,
  type Soon,
  sql,
} from '../../kernel/index.ts'
import type { RepoRef } from '../content/change.ts'
import { Locked } from '../failures.ts'

/** A blob that a repository links. `review_at`: 0, or when it goes unless a manifest refers to it. */
export type BlobRow = { readonly blob_key: BlobKey; readonly size: number; readonly review_at: number }
type Found = BlobRow & { readonly locked: number }

// A config or a small layer: one read and no file handle on later pulls. Larger ones go from disk to socket.
export const SMALL_BLOB_BYTES = 64 * 1024
const OVERHEAD_BYTES = 512

export class Blobs {
  readonly #read: ReadTx
  readonly #store: BlobStore
  readonly #small: LRUCache<BlobKey, Uint8Array>

  constructor(read: ReadTx, store: BlobStore, cacheBytes: number) {
    this.#read = read
    this.#store = store
    this.#small = new LRUCache({
      maxSize: Math.max(1, cacheBytes),
      sizeCalculation: bytes => bytes.length + OVERHEAD_BYTES,
    })
  }

  stat({ registryId, repository }: RepoRef, digest: string): Soon<BlobRow | undefined> {
    const found = this.#read.one<Found>(sql`select blob_key, size, review_at,
        coalesce((select 1 from attribute where registry_id = ${registryId} and repository = ${repository}
          and kind = 'repository' and name = '' and field = 'read' and enabled = 0), 0) as locked
      from repository_blob
      where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
    return found instanceof Promise ? found.then(row => admit(repository, row)) : admit(repository, found)
  }

  /** All of a small blob, where memory has it. A key's bytes never change. */
  held(row: BlobRow): Uint8Array | undefined {
    return this.#small.get(row.blob_key)
  }

  /** Undefined where its bytes were reclaimed after the row was read. */
  async hold(row: BlobRow): Promise<Uint8Array | undefined> {
    const source = await this.#store.open(row.blob_key)
    if (!source) return undefined
    const bytes = await readAll(source, SMALL_BLOB_BYTES)
    this.#small.set(row.blob_key, bytes)
    return bytes
  }

  open(row: BlobRow, range?: ByteRange): Promise<ByteSource | undefined> {
    return this.#store.open(row.blob_key, range)
  }
}

function admit(repository: string, row: Found | undefined): BlobRow | undefined {
  if (row?.locked) throw Locked(repository, 'repository', '', 'read')
  return row
}
