import type { Ms } from '../clock.ts'
import { HashMismatch } from './failures.ts'
import type { FileBlobsOptions } from './file-blobs.ts'
import { createFolders } from './folders.ts'
import { blobKey } from './key.ts'
import { createRoom } from './room.ts'
import { type S3Options, s3Place } from './s3-place.ts'
import { abortUploads, createSlots, putObject } from './s3-put.ts'
import { openObject } from './s3-source.ts'
import type { BlobStore, ContentHash, Leftover, Staging } from './types.ts'
import { Uploads } from './uploads.ts'

// Parts on their way at once, in all commits of a process: 8 × 8 MiB of memory.
const PARTS_AT_ONCE = 8

/**
 * Blobs as objects `<prefix>blobs/<algorithm>/<2 hex>/<hex>.<upload id>`, staged on the local disk like files. The
 * name is new for every upload, so nothing is ever overwritten and no conditional write is needed (many stores ignore them).
 * Syncs per committed blob: the record with its key, and the shared one of the folder of uploads; the data goes from the
 * page cache to the object store, whose answer is what makes it durable.
 */
export function s3Blobs({ disk, dir, node, clock, reserveBytes, ...options }: FileBlobsOptions & S3Options): BlobStore {
  const uploads = new Uploads({
    disk,
    dir: `${dir}/uploads`,
    node,
    room: createRoom(disk, dir, reserveBytes, clock),
    folders: createFolders(disk),
    resumesCommits: true,
  })
  const place = s3Place(options)
  const slots = createSlots(PARTS_AT_ONCE)

  const commit = (staging: Staging, expect: ContentHash) =>
    uploads.committing(staging, async staged => {
      const key = blobKey(expect, staged.id)
      const actual = await staged.digest(expect.startsWith('sha512:') ? 'sha512' : 'sha256')
      if (actual !== expect) throw HashMismatch(expect, actual)
      await uploads.keep(staged, key, true)
      await putObject(place, place.objectName(key), staged, slots)
      await staged.close()
      // Not the record: it is what finds the object again until the row is written.
      await disk.remove(uploads.dataPath(staged.id))
      return key
    })

  async function* leftovers(before: Ms): AsyncGenerator<Leftover> {
    for await (const { bytes, ...left } of uploads.leftovers(before)) {
      // The commit was cut off: its object may be there, or parts of it.
      if (bytes && left.key) await abortUploads(place, place.objectName(left.key))
      yield left
    }
  }

  return {
    stage: (id, meta) => uploads.begin(id, meta),
    resume: id => uploads.resume(id),
    commit,
    settle: async id => void (await uploads.abandon(id)),
    abandon: id => uploads.abandon(id),
    leftovers,
    open: (key, range) => openObject(place, clock, key, range),
    remove: async key => {
      await place.ask('remove an object', (client, sdk) =>
        client.send(new sdk.DeleteObjectCommand({ Bucket: place.bucket, Key: place.objectName(key) })),
      )
    },
    hasRoom: bytes => uploads.hasRoom(bytes),
  }
}
