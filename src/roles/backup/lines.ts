import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'

/** What a file of lines holds: counts and its SHA-256, so that a damaged backup is noticed before anything is changed. */
export type LinesSummary = { rows: number; bytes: number; sha256: string }

const FLUSH_BYTES = 1024 * 1024
const READ_BYTES = 1024 * 1024
const NEWLINE = 10

/** Writes text lines; durable once `end` resolves. */
export class LineWriter {
  readonly #file: FileHandle
  readonly #hash = createHash('sha256')
  #pending: Buffer[] = []
  #pendingBytes = 0
  #rows = 0
  #bytes = 0

  private constructor(file: FileHandle) {
    this.#file = file
  }

  static async create(path: string): Promise<LineWriter> {
    return new LineWriter(await open(path, 'w', 0o600))
  }

  /** `text` has no newline in it: JSON has none. */
  async add(text: string): Promise<void> {
    const line = Buffer.from(`${text}\n`)
    this.#pending.push(line)
    this.#pendingBytes += line.length
    this.#rows += 1
    if (this.#pendingBytes >= FLUSH_BYTES) await this.#flush()
  }

  async end(): Promise<LinesSummary> {
    try {
      await this.#flush()
      await this.#file.sync()
    } finally {
      await this.#file.close()
    }
    return { rows: this.#rows, bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }

  /** For the way out of an error. */
  async abandon(): Promise<void> {
    await this.#file.close()
  }

  async #flush(): Promise<void> {
    const block = Buffer.concat(this.#pending)
    this.#pending = []
    this.#pendingBytes = 0
    this.#hash.update(block)
    this.#bytes += block.length
    for (let done = 0; done < block.length; ) {
      done += (await this.#file.write(block, done, block.length - done, null)).bytesWritten
    }
  }
}

/** The lines of a file in order, memory bounded by the longest. Split at bytes: `node:readline` also splits at U+2028. */
export async function* readLines(path: string): AsyncGenerator<string> {
  const file = await open(path, 'r')
  try {
    const block = Buffer.allocUnsafe(READ_BYTES)
    let rest: Buffer[] = []
    for (;;) {
      const { bytesRead } = await file.read(block, 0, block.length, null)
      if (bytesRead === 0) break
      let from = 0
      for (let at = block.indexOf(NEWLINE); at !== -1 && at < bytesRead; at = block.indexOf(NEWLINE, from)) {
        yield Buffer.concat([...rest, block.subarray(from, at)]).toString('utf8')
        rest = []
        from = at + 1
      }
      if (from < bytesRead) rest.push(Buffer.from(block.subarray(from, bytesRead)))
    }
    if (rest.length > 0) yield Buffer.concat(rest).toString('utf8')
  } finally {
    await file.close()
  }
}

/** Of a whole file, as `LineWriter` counted it. */
export async function summarize(path: string): Promise<LinesSummary> {
  const hash = createHash('sha256')
  const file = await open(path, 'r')
  const block = Buffer.allocUnsafe(READ_BYTES)
  let rows = 0
  let bytes = 0
  try {
    for (;;) {
      const { bytesRead } = await file.read(block, 0, block.length, null)
      if (bytesRead === 0) break
      const part = block.subarray(0, bytesRead)
      hash.update(part)
      bytes += bytesRead
      for (let at = part.indexOf(NEWLINE); at !== -1; at = part.indexOf(NEWLINE, at + 1)) rows += 1
    }
  } finally {
    await file.close()
  }
  return { rows, bytes, sha256: hash.digest('hex') }
}
