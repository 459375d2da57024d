import { dirname } from 'node:path'
import type { Clock, Ms } from '../clock.ts'
import type { Disk } from '../disk.ts'
import { isCode } from '../node-disk.ts'
import { BlobUploadLost, HashMismatch } from './failures.ts'
import { fileSource } from './file-source.ts'
import { createFolders } from './folders.ts'
import { blobKey, keyParts, keyPath } from './key.ts'
import { createRoom } from './room.ts'
import type { BlobKey, BlobStore, ByteRange, ByteSource, ContentHash, Leftover, Staging } from './types.ts'
import { Uploads } from './uploads.ts'

export type FileBlobsOptions = {
  disk: Disk
  /** Of one region: `uploads/` and `blobs/` are made in it. */
  dir: string
  /** Upload ids begin with this and "-". */
  node: string
  clock: Clock
  /** Bytes that uploads leave free on the file system. */
  reserveBytes: number
}

/**
 * Blobs as files `blobs/<algorithm>/<2 hex>/<hex>.<upload id>`.
 *
 * Syncs per committed blob: its data, the folder it is renamed into, and, begun when the upload begins and shared by
 * all that begin together, the folder of uploads. In a process's life also, once a shard folder, its parent.
 * The third is what finds a blob again whose process died before the row was written: directory changes
 * that were not synced may survive a power cut in any order, and a rename whose upload left no name behind would be
 * a file that nobody knows. With it there is no need to ever compare all files with all rows, and
 * to delete what the (perhaps wrong, perhaps empty) database doesn't list.
 */
export function fileBlobs({ disk, dir, node, clock, reserveBytes }: FileBlobsOptions): BlobStore {
  const folders = createFolders(disk)
  const uploads = new Uploads({
    disk,
    dir: `${dir}/uploads`,
    node,
    room: createRoom(disk, dir, reserveBytes, clock),
    folders,
    resumesCommits: false,
  })
  const pathOf = (key: string) => `${dir}/blobs/${keyPath(key)}`

  const makeShard = async (shard: string) => {
    const algorithm = dirname(shard)
    await folders.make(dirname(algorithm))
    await folders.make(algorithm)
    await folders.make(shard)
  }

  const commit = (staging: Staging, expect: ContentHash) =>
    uploads.committing(staging, async staged => {
      const key = blobKey(expect, staged.id)
      const path = pathOf(key)
      const actual = await staged.digest(expect.startsWith('sha512:') ? 'sha512' : 'sha256')
      if (actual !== expect) throw HashMismatch(expect, actual)
      await makeShard(dirname(path))
      // Before the sync: whatever comes of that, the record says that it was tried, and nobody resumes the upload.
      await uploads.keep(staged, key, false)
      await staged.sync()
      try {
        await disk.rename(uploads.dataPath(staged.id), path)
        await folders.sync(dirname(path))
      } catch (error) {
        // In place or not, nobody can tell: the record has the key, so `leftovers` removes it there.
        throw BlobUploadLost(staged.id).from(error)
      } finally {
        await staged.close()
      }
      return key
    })

  /** Where the bytes of an upload went whose record doesn't say: 512 folders to list, for a rare power cut. */
  const findKey = async (id: string): Promise<BlobKey | undefined> => {
    const listed: string[] = []
    for (const algorithm of ['sha256', 'sha512']) {
      for (const shard of await disk.list(`${dir}/blobs/${algorithm}`)) {
        for (const name of await disk.list(`${dir}/blobs/${algorithm}/${shard}`)) {
          const key = `${algorithm}:${name}`
          if (keyParts(key)?.id === id) return key as BlobKey
        }
        listed.push(`${dir}/blobs/${algorithm}/${shard}`)
      }
    }
    // Who removed it may have died before its sync; once the record is forgotten too, nobody would know what comes back.
    for (const folder of listed) await folders.sync(folder)
    return undefined
  }

  async function* leftovers(before: Ms): AsyncGenerator<Leftover> {
    for await (const { bytes, ...left } of uploads.leftovers(before)) {
      // With its bytes still here nothing can lie under its key.
      if (bytes) yield { ...left, key: undefined }
      else yield left.key ? left : { ...left, key: await findKey(left.id) }
    }
  }

  return {
    stage: (id, meta) => uploads.begin(id, meta),
    resume: id => uploads.resume(id),
    commit,
    settle: async id => void (await uploads.abandon(id)),
    abandon: id => uploads.abandon(id),
    leftovers,
    open: (key, range) => openBlob(disk, key, pathOf(key), range),
    remove: async key => {
      const path = pathOf(key)
      await disk.remove(path)
      // Also where it was gone: who removed it may have died before this sync, and without it a power cut brings
      // back a file whose row, and whose job to remove it, are gone for good.
      await folders.sync(dirname(path)).catch(error => {
        if (!isCode(error, 'ENOENT')) throw error
      })
    },
    hasRoom: bytes => uploads.hasRoom(bytes),
  }
}

async function openBlob(disk: Disk, key: BlobKey, path: string, range?: ByteRange): Promise<ByteSource | undefined> {
  try {
    const file = await disk.open(path, 'read')
    // With a range its ends say the size, and a small blob costs one call less.
    if (range) return fileSource(file, key, range.from, range.to - range.from + 1)
    return fileSource(file, key, 0, await file.size())
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}
