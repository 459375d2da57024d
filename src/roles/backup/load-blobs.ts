import { type FileHandle, open } from 'node:fs/promises'
import { type BlobStore, type Clock, Failure, failure, HashMismatch, isCode } from '../../kernel/index.ts'
import { type BlobRow, blobPath, blobRows } from './copy-blobs.ts'
import { BackupUnreadable } from './manifest.ts'

export const RestoreNoRoom = failure('RESTORE_NO_ROOM', 507, (region: string, bytes: number) => ({
  says: `There is no room for the ${(bytes / 1024 ** 3).toFixed(1)} GiB of blobs of region ${region}`,
  next: 'Make room, or put the home on a larger disk',
}))

type Options = {
  region: string
  /** The dumped `blob` table and the folder of blobs beside it. */
  rows: string
  from: string
  bytes: number
  /** The region's bytes as one node sees them: ids of uploads begin with its name. */
  blobs: (node: string) => BlobStore
  /** Whether all of them come to lie on this machine's disk. */
  wholeHere: boolean
  lost: ReadonlySet<string>
  clock: Clock
  onBlob: (bytes: number) => void
}

const AT_ONCE = 4
const BLOCK = 1024 * 1024

/**
 * Puts every blob where the region keeps its bytes, under the key that the rows name. Hashed on the way, so what
 * arrives is what was pushed. Copies, never links: a restored platform shares nothing with its backup.
 */
export async function loadBlobs({
  region,
  rows,
  from,
  bytes,
  blobs,
  wholeHere,
  lost,
  clock,
  onBlob,
}: Options): Promise<void> {
  // An object store has no end that one could ask for; there only the blobs on their way need the disk.
  if (wholeHere && !(await blobs('restore').hasRoom(bytes))) throw RestoreNoRoom(region, bytes)

  async function bring(row: BlobRow): Promise<void> {
    const path = blobPath(from, row)
    const store = blobs(row.generation.split('-')[0] ?? '')
    const file = await openFile(path)
    try {
      // The generation of a key is its upload's id: staged under it, the blob gets the key it had.
      const staging = await store.stage(row.generation, {
        algorithm: row.algorithm,
        started: clock.now(),
        owner: { restored: row.key },
      })
      for (;;) {
        // A buffer each time: the staging keeps what it was given until it is written.
        const block = Buffer.allocUnsafe(BLOCK)
        const { bytesRead } = await file.read(block, 0, BLOCK, null)
        if (bytesRead === 0) break
        await staging.append(block.subarray(0, bytesRead))
      }
      await staging.flush()
      await store.commit(staging, `${row.algorithm}:${row.hex}`)
      await store.settle(row.generation)
    } catch (error) {
      if (error instanceof Failure && error.is(HashMismatch))
        throw BackupUnreadable(path, 'its bytes are not those of its digest').from(error)
      throw error
    } finally {
      await file.close()
    }
    onBlob(row.size)
  }

  const next = blobRows(rows)
  const work = async () => {
    for (let one = await next.next(); !one.done; one = await next.next())
      if (!lost.has(one.value.key)) await bring(one.value)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if (isCode(error, 'ENOENT')) throw BackupUnreadable(path, 'it is missing').from(error)
    throw error
  }
}
