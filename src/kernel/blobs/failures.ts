import { failure } from '../failure.ts'
import { isCode } from '../node-disk.ts'
import type { ContentHash } from './types.ts'

export const HashMismatch = failure('DIGEST_INVALID', 400, (expected: ContentHash, actual: ContentHash) => ({
  says: `The bytes have digest ${actual}, not ${expected}`,
  next: 'Send the blob again; where it comes out the same, its source is damaged or the digest is of other bytes',
  detail: { expected, actual },
}))

export const BlobStoreFull = failure('BLOB_STORE_FULL', 507, (dir: string) => ({
  says: `The file system of ${dir} has no room for more blobs; reading and deleting go on`,
  next: 'Free space there or make it larger; pushing works again as soon as there is room, no restart needed',
  detail: { dir },
}))

export const BlobUploadLost = failure('BLOB_UPLOAD_LOST', 500, (id: string) => ({
  says: `Upload ${id} is gone: the disk failed to take its bytes in`,
  next: 'Push the blob again, and check the system log for disk errors',
  detail: { upload: id },
}))

export const BlobDamaged = failure('BLOB_DAMAGED', 500, (what: string, missing: number) => ({
  says: `${what} ends ${missing} bytes too early`,
  next: 'Something other than Towpath changed it: restore it from a backup, or push it again',
}))

/** A disk's "no room" (full, or a quota) as our own failure; anything else as it is. */
export function orFull(error: unknown, dir: string): unknown {
  return isCode(error, 'ENOSPC', 'EDQUOT', 'EFBIG') ? BlobStoreFull(dir).from(error) : error
}
