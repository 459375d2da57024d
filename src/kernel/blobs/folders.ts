import { dirname } from 'node:path'
import type { Disk } from '../disk.ts'
import { isCode } from '../node-disk.ts'

/** Folders and the durability of names in them. */
export type Folders = {
  /** As `make`, and all folders above it are durable too, up to the first that is not ours to sync. */
  root(path: string): Promise<void>
  /**
   * The folder exists, and durably so. The first time in a process its parent is synced even where the folder was
   * there already: the process that made it may have died before it synced.
   */
  make(path: string): Promise<void>
  /** What changed in the folder before this call is durable on return. Calls that come together share a sync. */
  sync(path: string): Promise<void>
}

export function createFolders(disk: Disk): Folders {
  const made = new Map<string, Promise<void>>()
  const running = new Map<string, Promise<void>>()
  const queued = new Map<string, Promise<void>>()

  const sync = (path: string): Promise<void> => {
    const waiting = queued.get(path)
    if (waiting) return waiting
    const current = running.get(path)
    // The running one may have passed our change by: the next one, shared by all who come until it starts.
    const next = current ? current.then(start, start) : start()
    function start(): Promise<void> {
      queued.delete(path)
      const run = disk.syncDir(path).finally(() => {
        if (running.get(path) === run) running.delete(path)
      })
      running.set(path, run)
      return run
    }
    if (current) queued.set(path, next)
    return next
  }

  const make = (path: string): Promise<void> => {
    let making = made.get(path)
    if (!making) {
      making = disk.makeDir(path).then(() => sync(dirname(path)))
      made.set(path, making)
      making.catch(() => made.delete(path)) // the next caller tries again
    }
    return making
  }

  const climb = async (path: string): Promise<void> => {
    const above = dirname(path)
    if (above === path) return
    try {
      await sync(above)
    } catch (error) {
      // Of another user, or of a file system that has no such thing: then nobody made `path` in it just now.
      if (isCode(error, 'EACCES', 'EPERM', 'EROFS', 'EINVAL', 'ENOTSUP')) return
      throw error
    }
    await climb(above)
  }
  let rooted: Promise<void> | undefined
  const root = (path: string): Promise<void> => {
    if (!rooted) {
      rooted = make(path).then(() => climb(dirname(path)))
      rooted.catch(() => {
        rooted = undefined
      })
    }
    return rooted
  }
  return { root, make, sync }
}
