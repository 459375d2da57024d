import { type BlobKey, type BlobStore, type ReadTx, readAll, sql } from '../../kernel/index.ts'
import type { RepoRef } from '../content/change.ts'

export type Reach = { readonly read: ReadTx; readonly blobs: BlobStore }

/** All of a blob of at most `most` bytes; else why it is not read. */
export async function readBlob(
  { read, blobs }: Reach,
  { registryId, repository }: RepoRef,
  digest: string,
  most: number,
): Promise<Uint8Array | string> {
  const row = await read.one<{ blob_key: BlobKey; size: number }>(sql`select blob_key, size from repository_blob
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  if (!row) return GONE
  if (row.size > most) return `it has ${row.size} bytes, and ${most} are the most that are read`
  const source = await blobs.open(row.blob_key)
  return source ? readAll(source, most) : GONE
}

export const GONE = 'its bytes are not in the repository'
