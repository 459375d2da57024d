import { failure } from '../failure.ts'
import type { ByteSource } from './types.ts'

export const TooLargeToHold = failure('KERNEL_TOO_LARGE', 413, (size: number, limit: number) => ({
  says: `${size} bytes are more than the ${limit} that are held in memory at once`,
  next: 'Read it in ranges, or raise the limit that names this size',
}))

/** All of a source in one buffer, and closes it. Throws `TooLargeToHold` past `limit` bytes, before reading any. */
export async function readAll(source: ByteSource, limit: number): Promise<Uint8Array> {
  try {
    if (source.size > limit) throw TooLargeToHold(source.size, limit)
    const all = Buffer.allocUnsafe(source.size)
    let filled = 0
    while (filled < source.size) {
      const read = await source.read(all.subarray(filled))
      if (read === 0) throw new Error(`A source of ${source.size} bytes ended at ${filled}`)
      filled += read
    }
    return all
  } finally {
    await source.close()
  }
}
