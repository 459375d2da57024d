import type { Socket } from 'node:net'
import { deserialize, serialize } from 'node:v8'
import { FrameTooLarge } from './failures.ts'

/** A 4 MiB manifest, its references and room to spare. */
export const MAX_FRAME = 16 * 1024 * 1024
const HEADER = 4

/** A value with its length before it: 4 bytes, big endian. */
export function frame(value: unknown): Buffer {
  const body = serialize(value)
  if (body.length > MAX_FRAME) throw FrameTooLarge(body.length, MAX_FRAME)
  const head = Buffer.allocUnsafe(HEADER)
  head.writeUInt32BE(body.length)
  return Buffer.concat([head, body])
}

/** Cuts a stream of bytes into values. Throws FrameTooLarge where a length is over the bound: give up the connection. */
export class FrameReader {
  #chunks: Buffer[] = []
  #held = 0
  #wanted = HEADER

  push(chunk: Buffer): unknown[] {
    this.#chunks.push(chunk)
    this.#held += chunk.length
    const values: unknown[] = []
    while (this.#held >= this.#wanted) {
      const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
      const used = this.#cut(bytes, values)
      this.#chunks = used === bytes.length ? [] : [bytes.subarray(used)]
      this.#held = bytes.length - used
    }
    return values
  }

  /** Takes every whole frame; returns how many bytes those were. */
  #cut(bytes: Buffer, values: unknown[]): number {
    let from = 0
    while (true) {
      this.#wanted = HEADER
      if (bytes.length - from < HEADER) return from
      const size = bytes.readUInt32BE(from)
      if (size > MAX_FRAME) throw FrameTooLarge(size, MAX_FRAME)
      this.#wanted = HEADER + size
      if (bytes.length - from < this.#wanted) return from
      values.push(deserialize(bytes.subarray(from + HEADER, from + HEADER + size)))
      from += HEADER + size
    }
  }
}

/** Sends frames of one turn of the event loop in one system call. */
export class FrameSender {
  readonly #socket: Socket
  #frames: Buffer[] = []

  constructor(socket: Socket) {
    this.#socket = socket
  }

  send(bytes: Buffer): void {
    this.#frames.push(bytes)
    if (this.#frames.length === 1) setImmediate(() => this.flush())
  }

  flush(): void {
    const frames = this.#frames
    if (frames.length === 0) return
    this.#frames = []
    if (this.#socket.writable) this.#socket.write(frames.length === 1 ? (frames[0] ?? '') : Buffer.concat(frames))
  }
}
