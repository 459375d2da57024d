import { Failure } from '../../kernel/index.ts'
import { BytesDiffer } from '../client/failures.ts'
import type { Blob, OpenBlob, Outcome, PutBlobOptions } from '../copy/ends.ts'
import { digestAlgorithm, type Hasher, hasher } from '../digest.ts'
import type { Files } from './files.ts'

/**
 * Writes a blob to `path` by way of `<path>.partial`, which stays where the transfer breaks: the next try hashes
 * it again and goes on after it.
 */
export async function saveBlob(
  files: Files,
  path: string,
  blob: Blob,
  open: OpenBlob,
  options: PutBlobOptions = {},
): Promise<Outcome> {
  if (await holds(files, path, blob, options.signal)) return 'present'
  const partial = `${path}.partial`
  let hash = hasher(digestAlgorithm(blob.digest))
  let at = (await files.size(partial)) ?? 0
  if (at > blob.size) at = 0
  else if (at > 0) at = await feed(files, partial, at, hash, options.signal)
  if (at === 0) hash = hasher(digestAlgorithm(blob.digest))
  const sink = await files.append(partial, at)
  try {
    for await (const chunk of open({ at, hash })) {
      await sink.write(chunk)
      at += chunk.length
      options.onBytes?.(at)
    }
  } catch (error) {
    // Bytes that are wrong are not worth going on from.
    if (error instanceof Failure && error.is(BytesDiffer)) await files.remove(partial)
    throw error
  } finally {
    await sink.close()
  }
  await files.rename(partial, path)
  return 'sent'
}

/** Whether the file is there and has the digest. */
export async function holds(files: Files, path: string, blob: Blob, signal?: AbortSignal): Promise<boolean> {
  if ((await files.size(path)) !== blob.size) return false
  const hash = hasher(digestAlgorithm(blob.digest))
  await feed(files, path, blob.size, hash, signal)
  return hash.digest() === blob.digest
}

async function feed(files: Files, path: string, size: number, hash: Hasher, signal?: AbortSignal): Promise<number> {
  let at = 0
  for await (const chunk of files.stream(path, 0, signal)) {
    const wanted = chunk.subarray(0, size - at)
    hash.update(wanted)
    at += wanted.length
  }
  return at
}
