import fs from 'node:fs'
import type { Disk, DiskFile } from './disk.ts'

// O_EXCL on creation: two uploads of one name would otherwise write over each other.
const FLAGS = { create: 'wx+', read: 'r', write: 'r+' } as const

/** The machine's own file system. Files are for their owner only (0600, folders 0700). */
export function nodeDisk(): Disk {
  return {
    open: async (path, mode) => openFile(await call<number>(done => fs.open(path, FLAGS[mode], 0o600, done))),
    rename: (from, to) => call(done => fs.rename(from, to, done)),
    link: (from, to) => call(done => fs.link(from, to, done)),
    remove: path =>
      unlessMissing(
        call<void>(done => fs.unlink(path, done)).then(() => true),
        false,
      ),
    list: async dir =>
      (
        await unlessMissing(
          call<string[]>(done => fs.readdir(dir, done)),
          [],
        )
      ).sort(),
    stat: path =>
      unlessMissing(
        call<fs.Stats>(done => fs.stat(path, done)).then(({ size, mtimeMs }) => ({ size, modified: mtimeMs })),
        undefined,
      ),
    makeDir: path => call(done => fs.mkdir(path, { recursive: true, mode: 0o700 }, error => done(error))),
    syncDir: async path => {
      const fd = await call<number>(done => fs.open(path, 'r', done))
      try {
        await call<void>(done => fs.fsync(fd, done))
      } finally {
        await call<void>(done => fs.close(fd, done))
      }
    },
    free: async path => {
      const { bavail, bsize } = await call<fs.StatsFs>(done => fs.statfs(path, done))
      return bavail * bsize
    },
  }
}

// Bare descriptors and callbacks: a FileHandle costs about a third more per read, and a blob is many reads.
function openFile(fd: number): DiskFile {
  return {
    size: async () => (await call<fs.Stats>(done => fs.fstat(fd, done))).size,
    read: (into, position) => call<number>(done => fs.read(fd, into, 0, into.length, position, done)),
    write: (chunks, position) => writeAll(fd, chunks, position),
    truncate: size => call(done => fs.ftruncate(fd, size, done)),
    // fdatasync, not fsync: it covers the data and the metadata that is needed to read it back, the
    // size and the extents among them (POSIX synchronized I/O data integrity completion), and leaves out only the
    // times. On macOS libuv makes both F_FULLFSYNC.
    sync: () => call(done => fs.fdatasync(fd, done)),
    close: () => call(done => fs.close(fd, done)),
  }
}

async function writeAll(fd: number, chunks: readonly Uint8Array[], position: number): Promise<void> {
  let rest = chunks
  let at = position
  while (rest.length > 0) {
    const left = rest
    const written = await call<number>(done =>
      left.length === 1 && left[0]
        ? fs.write(fd, left[0], 0, left[0].length, at, done)
        : fs.writev(fd, left as NodeJS.ArrayBufferView[], at, done),
    )
    at += written
    rest = after(left, written)
  }
}

/** What is left of `chunks` once the first `count` bytes are gone: a write may be cut short. */
function after(chunks: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let skip = count
  let i = 0
  for (let chunk = chunks[i]; chunk && skip >= chunk.length; chunk = chunks[i]) {
    skip -= chunk.length
    i += 1
  }
  const first = chunks[i]
  return first && skip > 0 ? [first.subarray(skip), ...chunks.slice(i + 1)] : chunks.slice(i)
}

function call<T>(start: (done: (error: Error | null, value?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error ? reject(error) : resolve(value as T)))
  })
}

async function unlessMissing<T>(result: Promise<T>, instead: T): Promise<T> {
  try {
    return await result
  } catch (error) {
    if (isCode(error, 'ENOENT')) return instead
    throw error
  }
}

/** Whether it is the system's error of that name. */
export function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
