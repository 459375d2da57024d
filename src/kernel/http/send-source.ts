import type { ServerResponse } from 'node:http'
import type { ByteSource } from '../blobs/types.ts'
import { abandon, giveBack, lendBuffer } from './buffer-pool.ts'
import { SourceBroken } from './failures.ts'

/** Up to here one read into a buffer of the right size beats the pool. */
const SMALL = 64 * 1024

/**
 * The source as the body of an answer whose head, with Content-Length = `length`, is written. The next
 * read goes on during the write before it. True when all of it is with the system, false when the
 * client left. Throws SOURCE_BROKEN, the connection already cut, where the source gives less. The
 * source is closed in every case. A client that takes nothing is cut by the server's idle timeout.
 */
export async function sendSource(res: ServerResponse, source: ByteSource, length = source.size): Promise<boolean> {
  try {
    if (length === 0) {
      res.end()
      return true
    }
    return length <= SMALL ? await sendSmall(res, source, length) : await sendLarge(res, source, length)
  } catch (error) {
    res.destroy()
    throw error
  } finally {
    await source.close()
  }
}

async function sendSmall(res: ServerResponse, source: ByteSource, length: number): Promise<boolean> {
  const bytes = Buffer.allocUnsafe(length)
  let held = 0
  while (held < length) {
    const count = await readSome(source, bytes.subarray(held), held, length)
    held += count
  }
  if (res.destroyed) return false
  res.end(bytes)
  return true
}

async function sendLarge(res: ServerResponse, source: ByteSource, length: number): Promise<boolean> {
  const writer = bodyWriter(res)
  let front = lendBuffer(length)
  let back = lendBuffer(length)
  try {
    let taken = await readSome(source, front.subarray(0, Math.min(front.length, length)), 0, length)
    let sent = 0
    for (;;) {
      const written = writer.write(front.subarray(0, taken))
      sent += taken
      const left = length - sent
      const next = left > 0 ? readSome(source, back.subarray(0, Math.min(back.length, left)), sent, length) : undefined
      // Both, whatever happens: neither may still use a buffer when it is given back.
      const [wrote, read] = await Promise.allSettled([written, next])
      if (read.status === 'rejected') throw read.reason
      if (wrote.status === 'rejected' || !wrote.value) return false
      if (read.value === undefined) {
        res.end()
        return true
      }
      taken = read.value
      const other = front
      front = back
      back = other
    }
  } finally {
    for (const buffer of [front, back]) (writer.busy() ? abandon : giveBack)(buffer)
    writer.close()
  }
}

/**
 * Writes one piece at a time. The callback of a write may never come once the connection is gone
 * (a pipelined answer that waits for its turn), so the connection's end counts too: then `busy`
 * stays true and the buffer must not be used again.
 */
function bodyWriter(res: ServerResponse) {
  const { socket } = res.req
  let busy = false
  let settle: ((sent: boolean) => void) | undefined
  const gone = () => settle?.(false)
  socket.on('close', gone)
  return {
    write(bytes: Buffer): Promise<boolean> {
      if (socket.destroyed || res.destroyed) return Promise.resolve(false)
      return new Promise(resolve => {
        settle = resolve
        busy = true
        res.write(bytes, error => {
          if (error === undefined || error === null) busy = false
          resolve(!busy)
        })
      })
    },
    busy: () => busy,
    close() {
      socket.off('close', gone)
    },
  }
}

async function readSome(source: ByteSource, into: Buffer, done: number, length: number): Promise<number> {
  let count: number
  try {
    count = await source.read(into)
  } catch (error) {
    throw SourceBroken(done, length).from(error)
  }
  if (count === 0) throw SourceBroken(done, length)
  return count
}
