import type { DiskFile } from '../disk.ts'
import { BlobDamaged } from './failures.ts'
import type { BlobKey, ByteSource } from './types.ts'

/** The bytes of an open file from `from` on. `size` is promised to the reader: a file that ends before is an error. */
export function fileSource(file: DiskFile, key: BlobKey, from: number, size: number): ByteSource {
  let done = 0
  return {
    size,
    read: async into => {
      const wanted = Math.min(into.length, size - done)
      if (wanted === 0) return 0
      const read = await file.read(wanted === into.length ? into : into.subarray(0, wanted), from + done)
      if (read === 0) throw BlobDamaged(`Blob ${key}`, size - done)
      done += read
      return read
    },
    close: () => file.close(),
  }
}
