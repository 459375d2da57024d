import { constants, createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve, sep } from 'node:path'
import { failure } from '../../kernel/index.ts'
import type { Files, Sink } from '../../oci/index.ts'

export const PathEscapes = failure('CLI_PATH_ESCAPES', 400, (folder: string, path: string) => ({
  says: `${JSON.stringify(path)} leads out of ${folder}`,
  next: 'Somebody made this to write or read files elsewhere, or a link in the folder leads out of it: look at where it comes from',
}))
export const FileTooLong = failure('CLI_FILE_TOO_LONG', 400, (path: string, limit: number) => ({
  says: `${path} is longer than ${limit} bytes`,
  next: 'Check that this is the right folder',
}))

/** The files below a folder. Links are followed as long as they stay inside of it. */
export function localFiles(folder: string): Files {
  const root = resolve(folder)
  return {
    name: folder,
    async read(path, limit) {
      const full = await existing(root, path)
      if (full === undefined) return undefined
      const handle = await open(full, 'r')
      try {
        if ((await handle.stat()).size > limit) throw FileTooLong(join(folder, path), limit)
        return await handle.readFile()
      } finally {
        await handle.close()
      }
    },
    async size(path) {
      const full = await existing(root, path)
      if (full === undefined) return undefined
      const found = await stat(full)
      return found.isFile() ? found.size : undefined
    },
    async *stream(path, from, signal) {
      const full = await existing(root, path)
      if (full === undefined) throw Object.assign(new Error(`no such file: ${join(folder, path)}`), { code: 'ENOENT' })
      yield* createReadStream(full, {
        start: from,
        highWaterMark: 256 * 1024,
        ...(signal ? { signal } : {}),
      }) as AsyncIterable<Buffer>
    },
    async replace(path, bytes) {
      const full = await placeFor(root, path)
      const handle = await open(`${full}.new`, writable | constants.O_TRUNC, 0o644)
      try {
        await handle.writeFile(bytes)
      } finally {
        await handle.close()
      }
      await rename(`${full}.new`, full)
    },
    async append(path, at) {
      const handle = await open(await placeFor(root, path), writable, 0o644)
      await handle.truncate(at)
      return sinkOf(handle, at)
    },
    async rename(from, to) {
      await rename(await placeFor(root, from), await placeFor(root, to))
    },
    async remove(path) {
      await rm(await placeFor(root, path), { force: true })
    },
  }
}

// A file that is itself a link is not written through: it may point at anything.
const writable = constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW

function sinkOf(handle: FileHandle, start: number): Sink {
  let at = start
  return {
    async write(chunk) {
      for (let done = 0; done < chunk.length; ) {
        const { bytesWritten } = await handle.write(chunk, done, chunk.length - done, at)
        done += bytesWritten
        at += bytesWritten
      }
    },
    close: () => handle.close(),
  }
}

function below(root: string, path: string): string {
  const full = join(root, path)
  if (path === '' || isAbsolute(path) || path.includes('\0') || !full.startsWith(`${root}${sep}`))
    throw PathEscapes(root, path)
  return full
}

async function existing(root: string, path: string): Promise<string | undefined> {
  const real = await realOf(below(root, path))
  if (real === undefined) return undefined
  const realRoot = (await realOf(root)) ?? root
  if (!real.startsWith(`${realRoot}${sep}`)) throw PathEscapes(root, path)
  return real
}

/** Where a file may be written: its folders are made, and none of them is a link that leads out. */
async function placeFor(root: string, path: string): Promise<string> {
  const full = below(root, path)
  await mkdir(root, { recursive: true })
  const realRoot = (await realOf(root)) ?? root
  let held = dirname(full)
  while ((await realOf(held)) === undefined) held = dirname(held)
  const real = (await realOf(held)) ?? held
  if (real !== realRoot && !real.startsWith(`${realRoot}${sep}`)) throw PathEscapes(root, path)
  await mkdir(dirname(full), { recursive: true })
  return full
}

async function realOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
