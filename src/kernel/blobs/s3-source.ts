import { Readable } from 'node:stream'
import type { Clock } from '../clock.ts'
import { BlobDamaged } from './failures.ts'
import { BlobStoreUnreachable, type S3Place } from './s3-place.ts'
import type { BlobKey, ByteRange, ByteSource } from './types.ts'

// Tries that brought nothing, in a row; those that brought bytes don't count.
const TRIES = 4
const FIRST_PAUSE_MS = 100

type Answer = { body: Readable; size: number }

/** A connection that breaks is taken up again where it was: the object under a key never changes. */
export async function openObject(
  place: S3Place,
  clock: Clock,
  key: BlobKey,
  range?: ByteRange,
): Promise<ByteSource | undefined> {
  const first = await request(place, key, range)
  if (!first) return undefined
  const from = range?.from ?? 0
  const size = range ? range.to - range.from + 1 : first.size
  if (first.size !== size) {
    first.body.destroy()
    throw BlobDamaged(`Blob ${key}`, size - first.size)
  }

  let body: Readable | undefined = first.body
  let chunks = body.iterator()
  let rest: Uint8Array = new Uint8Array(0)
  let done = 0
  let failures = 0

  const reopen = async (error: unknown) => {
    failures += 1
    body?.destroy()
    body = undefined
    if (failures >= TRIES) throw BlobStoreUnreachable(place.bucket, `send blob ${key} to its end`).from(error)
    await clock.sleep(FIRST_PAUSE_MS * 2 ** failures * (0.5 + clock.random()))
    const again = await request(place, key, { from: from + done, to: from + size - 1 })
    if (!again) throw BlobDamaged(`Blob ${key}`, size - done)
    body = again.body
    chunks = body.iterator()
  }
  const next = async () => {
    try {
      const { value, done: ended } = await chunks.next()
      if (ended) throw new Error('The connection ended before the object did')
      rest = value
      failures = 0
    } catch (error) {
      await reopen(error)
    }
  }

  return {
    size,
    read: async into => {
      if (done === size || into.length === 0) return 0
      while (rest.length === 0) await next()
      const taken = Math.min(into.length, rest.length, size - done)
      into.set(rest.subarray(0, taken))
      rest = rest.subarray(taken)
      done += taken
      return taken
    },
    close: async () => {
      body?.destroy()
    },
  }
}

function request(place: S3Place, key: BlobKey, range?: ByteRange): Promise<Answer | undefined> {
  return place.ask('send an object', async (client, sdk) => {
    const answer = await client.send(
      new sdk.GetObjectCommand({
        Bucket: place.bucket,
        Key: place.objectName(key),
        ...(range ? { Range: `bytes=${range.from}-${range.to}` } : {}),
      }),
    )
    if (!(answer.Body instanceof Readable)) throw new TypeError('The answer has no body')
    return { body: answer.Body, size: answer.ContentLength ?? 0 }
  })
}
