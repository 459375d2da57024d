import type { Ms } from '../clock.ts'

export type HashAlgorithm = 'sha256' | 'sha512'
/** `sha256:<64 hex>` or `sha512:<128 hex>`. */
export type ContentHash = string
/**
 * `<algorithm>:<hex>.<generation>`: where bytes lie. The generation is the upload's id, so bytes
 * stored again while an older copy is being removed never share a place with it.
 */
export type BlobKey = string & { readonly blobKey: unique symbol }
/** Both ends inclusive, in bytes, already checked against the size. */
export type ByteRange = { from: number; to: number }

/** Bytes that somebody else's buffer is filled from, in order. */
export type ByteSource = {
  /** How many bytes it will give in all. */
  readonly size: number
  /** At least one byte, at most `into.length`; 0 once at the end. One call at a time. */
  read(into: Uint8Array): Promise<number>
  close(): Promise<void>
}

/** An upload under way: bytes on this node's disk, hashed as they come. One writer at a time. */
export type Staging = {
  readonly id: string
  readonly meta: StagingMeta
  /** Bytes held, all of them hashed. Goes back to what is on disk where a write fails. */
  readonly size: number
  /**
   * Takes the chunk over: it must not change afterwards. Returns when the next one may come; up to 2 MiB are on their way
   * to the disk then, and a write that fails is told by the next call. `BlobStoreFull` where there is no room: the
   * upload stays, and goes on from `size` once there is.
   */
  append(chunk: Uint8Array): Promise<void>
  /** Returns once all of it is with the operating system (it outlives a kill -9, not a power cut). */
  flush(): Promise<void>
  /** Flushes too. */
  close(): Promise<void>
}

/** What the owner of an upload wants to find again after a restart. Small and plain. */
export type StagingMeta = {
  readonly algorithm: HashAlgorithm
  readonly started: Ms
  readonly owner: Readonly<Record<string, string>>
}

/** An upload that nobody touched for long: `key` where it was being committed when its process died. */
export type Leftover = {
  readonly id: string
  readonly meta: StagingMeta | undefined
  readonly key: BlobKey | undefined
}

export type BlobStore = {
  stage(id: string, meta: StagingMeta): Promise<Staging>
  /**
   * The same upload after a restart or a closed handle: what is on disk is hashed again. Undefined where there is
   * none, or where it can't be trusted any more: a commit that synced it was cut off.
   */
  resume(id: string): Promise<Staging | undefined>
  /**
   * Durable on return: data synced, in place under its key, folder synced. Throws `HashMismatch`
   * and keeps the upload where the bytes are not `expect`; after `BlobUploadLost` only a new upload helps.
   * The upload's record stays until `settle`. One at a time per upload; its handle is closed afterwards.
   */
  commit(staging: Staging, expect: ContentHash): Promise<BlobKey>
  /** Forgets the upload's record, once the row that names its key is durable. */
  settle(id: string): Promise<void>
  /** Removes an upload and its record; true where there was one. */
  abandon(id: string): Promise<boolean>
  /** Uploads of this node untouched since `before`. */
  leftovers(before: Ms): AsyncIterable<Leftover>
  open(key: BlobKey, range?: ByteRange): Promise<ByteSource | undefined>
  remove(key: BlobKey): Promise<void>
  /** Whether there is room to take `bytes` more and keep the reserve. */
  hasRoom(bytes: number): Promise<boolean>
}
