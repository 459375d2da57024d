import type { S3Place } from './s3-place.ts'
import { BlobStoreUnreachable } from './s3-place.ts'

const MIB = 1024 * 1024
const PART_BYTES = 8 * MIB
const MOST_PARTS = 10_000

/** The bytes to send, read where and as often as needed. */
export type PartSource = { size: number; read(into: Uint8Array, position: number): Promise<number> }

/** Lets `count` run at a time, in all uploads of a process together: each holds a part in memory. */
export type Slots = <T>(run: () => Promise<T>) => Promise<T>

export function createSlots(count: number): Slots {
  let free = count
  const waiting: (() => void)[] = []
  return async run => {
    if (free > 0) free -= 1
    else await new Promise<void>(resolve => waiting.push(resolve))
    try {
      return await run()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}

/** At least 8 MiB, whole MiB, and so large that 10,000 are enough: 21 MiB for the largest blob, 200 GiB. */
export function partSize(size: number): number {
  return Math.max(PART_BYTES, Math.ceil(size / MOST_PARTS / MIB) * MIB)
}

/** Durable under `name` on return. What was sent before a failure is taken back. */
export async function putObject(place: S3Place, name: string, source: PartSource, slots: Slots): Promise<void> {
  const part = partSize(source.size)
  if (source.size > part) return putParts(place, name, source, part, slots)
  await slots(async () => {
    const Body = await fill(source, Buffer.allocUnsafe(source.size), 0)
    await place.ask('store an object', (client, sdk) =>
      client.send(new sdk.PutObjectCommand({ Bucket: place.bucket, Key: name, Body })),
    )
  })
}

async function putParts(place: S3Place, name: string, source: PartSource, part: number, slots: Slots): Promise<void> {
  const target = { Bucket: place.bucket, Key: name }
  const begun = await place.ask('begin an upload', (client, sdk) =>
    client.send(new sdk.CreateMultipartUploadCommand(target)),
  )
  const UploadId = begun?.UploadId
  if (!UploadId) throw BlobStoreUnreachable(place.bucket, 'name the upload that it began')
  try {
    const Parts = await sendParts(place, { ...target, UploadId }, source, part, slots)
    const completed = await place.ask('complete an upload', (client, sdk) =>
      client.send(new sdk.CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } })),
    )
    // "No such upload" to a repeated request means that the first one did it. Ask, rather than hope.
    if (!completed && !(await exists(place, name, source.size))) {
      throw BlobStoreUnreachable(place.bucket, 'keep the parts of an upload')
    }
  } catch (error) {
    await abort(place, name, UploadId, error)
    throw error
  }
}

type Upload = { Bucket: string; Key: string; UploadId: string }

async function sendParts(place: S3Place, upload: Upload, source: PartSource, part: number, slots: Slots) {
  const count = Math.ceil(source.size / part)
  const sent: { PartNumber: number; ETag: string | undefined }[] = []
  let next = 0
  let failed = false
  const send = async () => {
    // One buffer for all parts of a worker; none for one that came too late.
    const buffer = Buffer.allocUnsafe(next < count ? part : 0)
    while (next < count && !failed) {
      const index = next++
      const size = Math.min(part, source.size - index * part)
      const Body = await fill(source, buffer.subarray(0, size), index * part)
      const answer = await place.ask('take a part', (client, sdk) =>
        client.send(new sdk.UploadPartCommand({ ...upload, PartNumber: index + 1, Body })),
      )
      if (!answer) throw BlobStoreUnreachable(place.bucket, 'know the upload whose part it was sent')
      sent.push({ PartNumber: index + 1, ETag: answer.ETag })
    }
  }
  // All are waited for: an abort while a part is on its way would miss it.
  const workers = Array.from({ length: Math.min(count, 4) }, () =>
    slots(send).catch(error => {
      failed = true
      throw error
    }),
  )
  const ends = await Promise.allSettled(workers)
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return sent.sort((a, b) => a.PartNumber - b.PartNumber)
}

/** Ends what an interrupted process began under that name: S3 keeps, and bills, parts for ever. */
export async function abortUploads(place: S3Place, name: string): Promise<void> {
  const listed = await place.ask('list uploads', (client, sdk) =>
    client.send(new sdk.ListMultipartUploadsCommand({ Bucket: place.bucket, Prefix: name })),
  )
  for (const { Key, UploadId } of listed?.Uploads ?? []) {
    if (Key === name && UploadId) await abort(place, name, UploadId)
  }
}

async function abort(place: S3Place, name: string, UploadId: string, because?: unknown): Promise<void> {
  try {
    await place.ask('abort an upload', (client, sdk) =>
      client.send(new sdk.AbortMultipartUploadCommand({ Bucket: place.bucket, Key: name, UploadId })),
    )
  } catch (error) {
    // The first failure says more; the upload's record stays, and `leftovers` tries to abort again.
    if (because === undefined) throw error
  }
}

async function exists(place: S3Place, name: string, size: number): Promise<boolean> {
  const head = await place.ask('say whether an object is there', (client, sdk) =>
    client.send(new sdk.HeadObjectCommand({ Bucket: place.bucket, Key: name })),
  )
  return head?.ContentLength === size
}

async function fill(source: PartSource, into: Buffer, position: number): Promise<Buffer> {
  let filled = 0
  while (filled < into.length) {
    const read = await source.read(into.subarray(filled), position + filled)
    if (read === 0) throw new Error(`A staged upload of ${source.size} bytes ended at ${position + filled}`)
    filled += read
  }
  return into
}
