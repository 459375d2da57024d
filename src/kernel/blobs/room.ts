import type { Clock } from '../clock.ts'
import type { Disk } from '../disk.ts'

const FRESH_MS = 1000
// Other processes write to the same file system: look again after this much of our own, however fresh the answer.
const FRESH_BYTES = 32 * 1024 * 1024

/**
 * Room on the file system of `dir` above a reserve: the metadata database must still be able to
 * write, or not even a delete would get through on a full disk.
 */
export type Room = {
  has(bytes: number): Promise<boolean>
  /** As `has`, and counts the bytes as used until the disk is asked again. */
  take(bytes: number): Promise<boolean>
}

export function createRoom(disk: Disk, dir: string, reserve: number, clock: Clock): Room {
  let free = 0
  let asked = Number.NEGATIVE_INFINITY
  let taken = 0

  const ask = async () => {
    free = await disk.free(dir)
    asked = clock.monotonic()
    taken = 0
  }
  const enough = (bytes: number) => free - taken - bytes >= reserve
  const has = async (bytes: number) => {
    const stale = clock.monotonic() - asked >= FRESH_MS || taken + bytes > FRESH_BYTES
    // A "no" is never an old one: space may have been freed by the one who waits.
    if (stale || !enough(bytes)) await ask()
    return enough(bytes)
  }
  return {
    has,
    take: async bytes => {
      const fits = await has(bytes)
      if (fits) taken += bytes
      return fits
    },
  }
}
