import type { IncomingMessage } from 'node:http'
import { BodyTooLarge, ClientGone } from './failures.ts'

/** Chunks of up to 64 KiB that may wait for the reader: enough to read on during a write to the disk. */
const AHEAD = 4

/**
 * The body as it comes, once, in the order and pace of the reader. Leaving early leaves the
 * connection usable for an answer, unlike the stream's own iterator, which would cut it.
 * Throws CLIENT_GONE where the client leaves first.
 */
export function bodyChunks(req: IncomingMessage): AsyncIterableIterator<Uint8Array> {
  // By hand, not by a generator around the stream's iterator: as cheap as 'data' alone (about 60 ms of CPU for 100 MiB).
  const waiting: Uint8Array[] = []
  let wake: (() => void) | undefined
  let begun = false
  let over = false

  const woken = () => {
    const call = wake
    wake = undefined
    call?.()
  }
  const take = (chunk: Uint8Array) => {
    waiting.push(chunk)
    if (waiting.length >= AHEAD) req.pause()
    woken()
  }
  const begin = () => {
    begun = true
    req.on('data', take).on('end', woken).on('close', woken).on('error', woken)
    req.resume()
  }
  const end = (): IteratorResult<Uint8Array> => {
    if (begun && !over) req.off('data', take).off('end', woken).off('close', woken).pause()
    over = true
    waiting.length = 0
    // The error listener stays: without one, an error after this would end the process.
    return { done: true, value: undefined }
  }

  return {
    async next() {
      if (over) return end()
      if (!begun) begin()
      for (;;) {
        const chunk = waiting.shift()
        if (chunk !== undefined) {
          if (waiting.length === 0 && req.isPaused()) req.resume()
          return { done: false, value: chunk }
        }
        if (req.readableEnded) return end()
        if (req.destroyed) {
          end()
          throw ClientGone().from(req.errored ?? undefined)
        }
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
    },
    return: () => Promise.resolve(end()),
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** The whole body, at most `limit` bytes; BODY_TOO_LARGE (413) as soon as more is announced or comes. */
export async function readBody(req: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(req.headers['content-length'] ?? 0) > limit) throw BodyTooLarge(limit)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bodyChunks(req)) {
    size += chunk.length
    if (size > limit) throw BodyTooLarge(limit)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}
