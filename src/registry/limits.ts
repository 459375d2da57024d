import type { Ms } from '../kernel/index.ts'

/** Sizes in bytes, durations in ms. */
export type RegistryLimits = {
  readonly manifestBytes: number
  readonly blobBytes: number
  /** Uploads that this node takes bytes for at once, and keeps open. */
  readonly uploadsPerNode: number
  /** An upload untouched for this long is removed; a blob without a manifest stays as long. */
  readonly uploadIdle: Ms
  /** Told to clients as `OCI-Chunk-Min-Length`; 0 says nothing. Smaller chunks are taken all the same. */
  readonly chunkMinBytes: number
  /** How long bytes stay after the last reference to them is gone. */
  readonly reclaimDelay: Ms
  /** For manifests and small blobs in memory, half each. */
  readonly cacheBytes: number
}

export const defaultLimits: RegistryLimits = {
  manifestBytes: 4 * 1024 * 1024,
  blobBytes: 200 * 1024 ** 3,
  uploadsPerNode: 256,
  uploadIdle: 24 * 3600_000,
  chunkMinBytes: 0,
  reclaimDelay: 3600_000,
  cacheBytes: 64 * 1024 * 1024,
}
