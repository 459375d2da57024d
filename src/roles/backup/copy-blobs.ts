import { createHash } from 'node:crypto'
import { type FileHandle, link, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { BlobDamaged, type BlobKey, type BlobStore, Failure, isCode } from '../../kernel/index.ts'
import { readLines } from './lines.ts'
import { parseRow } from './row-text.ts'

/** What a region's `blob` table says of one blob. */
export type BlobRow = { key: BlobKey; algorithm: 'sha256' | 'sha512'; hex: string; generation: string; size: number }

const Row = z.object({
  blob_key: z.string().regex(/^(sha256|sha512):[0-9a-f]{64,128}\.[A-Za-z0-9-]{1,64}$/),
  size: z.int(),
})

/** Enough to hide an object store's latency; one disk is not made faster by more. */
const AT_ONCE = 4
const BLOCK = 1024 * 1024

/** The rows of a dumped `blob` table, checked. */
export async function* blobRows(path: string): AsyncGenerator<BlobRow> {
  for await (const line of readLines(path)) {
    const { blob_key, size } = Row.parse(parseRow(line))
    const [hash = '', generation = ''] = blob_key.split('.')
    const [algorithm = '', hex = ''] = hash.split(':')
    yield { key: blob_key as BlobKey, algorithm: algorithm === 'sha512' ? 'sha512' : 'sha256', hex, generation, size }
  }
}

/** `<algorithm>/<2 hex>/<hex>.<generation>` under a backup's folder of blobs, as the files driver has them. */
export function blobPath(dir: string, { algorithm, hex, generation }: BlobRow): string {
  return join(dir, algorithm, hex.slice(0, 2), `${hex}.${generation}`)
}

type Options = {
  /** The dumped `blob` table. */
  rows: string
  blobs: Pick<BlobStore, 'open'>
  /** The folder in which the platform keeps the same tree as files, where it does. */
  linkFrom?: string | undefined
  to: string
  /** Whether a row with this key is still there: a blob reclaimed since the snapshot is no loss. */
  isListed: (key: BlobKey) => Promise<boolean>
  onBlob: (bytes: number) => void
}

export type Copied = { count: number; bytes: number; lost: { key: BlobKey; why: string; reclaimed: boolean }[] }

/**
 * Brings every blob of the rows into the backup: as a second name of the same file where that is possible (blobs never change),
 * else as a copy whose hash is checked on the way. What an interrupted run brought is kept.
 */
export async function copyBlobs({ rows, blobs, linkFrom, to, isListed, onBlob }: Options): Promise<Copied> {
  const copied: Copied = { count: 0, bytes: 0, lost: [] }
  const folders = new Set<string>()
  let source = linkFrom

  async function bring(row: BlobRow): Promise<void> {
    const path = blobPath(to, row)
    const folder = dirname(path)
    if (!folders.has(folder)) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      folders.add(folder)
    }
    let problem: string | undefined
    if ((await sizeOf(path)) !== row.size) {
      await rm(path, { force: true })
      const linked = source === undefined ? false : await tryLink(blobPath(source, row), path)
      // Another file system: no blob can be linked, so the others need not be tried.
      if (linked === 'impossible') source = undefined
      problem = linked === true ? await wrongSize(path, row) : await copy(blobs, row, path)
    }
    if (problem !== undefined) {
      await rm(path, { force: true })
      copied.lost.push({ key: row.key, why: problem, reclaimed: !(await isListed(row.key)) })
      return
    }
    copied.count += 1
    copied.bytes += row.size
    onBlob(row.size)
  }

  const next = blobRows(rows)
  const work = async () => {
    for (let one = await next.next(); !one.done; one = await next.next()) await bring(one.value)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  for (const folder of withParents(folders, to)) await syncFolder(folder)
  return copied
}

async function tryLink(from: string, to: string): Promise<boolean | 'impossible'> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false
    if (['EXDEV', 'EPERM', 'ENOTSUP', 'EMLINK', 'EACCES'].some(code => isCode(error, code))) return 'impossible'
    throw error
  }
}

async function wrongSize(path: string, row: BlobRow): Promise<string | undefined> {
  const size = await sizeOf(path)
  return size === row.size ? undefined : `it has ${size} bytes instead of ${row.size}`
}

/** Undefined where it went well, else what is wrong with the blob. */
async function copy(blobs: Pick<BlobStore, 'open'>, row: BlobRow, to: string): Promise<string | undefined> {
  const source = await blobs.open(row.key)
  if (source === undefined) return 'its bytes are gone'
  const hash = createHash(row.algorithm)
  const part = `${to}.part`
  const file = await open(part, 'w', 0o600)
  let size = 0
  try {
    const block = Buffer.allocUnsafe(BLOCK)
    for (let read = await source.read(block); read > 0; read = await source.read(block)) {
      hash.update(block.subarray(0, read))
      await writeAll(file, block.subarray(0, read))
      size += read
    }
    await file.sync()
  } catch (error) {
    await rm(part)
    if (error instanceof Failure && error.is(BlobDamaged)) return error.message
    throw error
  } finally {
    await Promise.all([file.close(), source.close()])
  }
  if (size !== row.size || hash.digest('hex') !== row.hex) {
    await rm(part)
    return 'its bytes are not those of its digest'
  }
  await rename(part, to)
  return undefined
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await file.write(bytes, done, bytes.length - done, null)).bytesWritten
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** New names are durable once their folders are, and folders once theirs. */
function withParents(folders: ReadonlySet<string>, top: string): string[] {
  const all = new Set(folders)
  for (const folder of folders) all.add(dirname(folder))
  return folders.size === 0 ? [] : [...all, top]
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
