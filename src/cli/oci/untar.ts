import { failure } from '../../kernel/index.ts'
import type { TarEntry } from './tar.ts'

export const TarInvalid = failure('CLI_TAR_INVALID', 400, (why: string) => ({
  says: `The archive cannot be unpacked: ${why}`,
  next: 'Pull with --layout to keep it as it is',
}))

const block = 512
// Names of 4,096 bytes are the most that Linux knows; a record holds a few.
const longestRecord = 64 * 1024

/** The entries of a tar archive in order (ustar, pax, GNU's long names). A file's bytes are to be read before the next entry. */
export async function* unpackTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const input = reader(chunks)
  let next: Record<string, string> = {}
  try {
    for (;;) {
      const head = await input.take(block, true)
      if (!head || head.every(byte => byte === 0)) break
      checkSum(head)
      const type = String.fromCharCode(head[156] ?? 0)
      const size = next.size === undefined ? number(head, 124, 12) : Number(next.size)
      if (!Number.isSafeInteger(size) || size < 0) throw TarInvalid('an entry has no size')
      if ('xgLK'.includes(type)) {
        if (size > longestRecord) throw TarInvalid('a record is too long')
        const body = (await input.take(size, false)) ?? Buffer.alloc(0)
        await input.take((block - (size % block)) % block, false)
        if (type === 'x') next = { ...next, ...records(body) }
        if (type === 'L') next.path = text(body, 0, body.length)
        if (type === 'K') next.linkpath = text(body, 0, body.length)
        continue
      }
      const left = { bytes: size }
      yield entryOf(head, type, next, input, left)
      next = {}
      while (left.bytes > 0) left.bytes -= (await input.some(left.bytes)).length
      await input.take((block - (size % block)) % block, false)
    }
  } finally {
    await input.close()
  }
}

type Reader = ReturnType<typeof reader>

function entryOf(
  head: Buffer,
  type: string,
  extra: Record<string, string>,
  input: Reader,
  left: { bytes: number },
): TarEntry {
  const prefix = text(head, 345, 155)
  const short = text(head, 0, 100)
  const path = (extra.path ?? (prefix === '' || text(head, 257, 5) !== 'ustar' ? short : `${prefix}/${short}`)).replace(
    /\/+$/,
    '',
  )
  if (type === '5') return { kind: 'folder', path }
  if (type === '2') return { kind: 'link', path, target: extra.linkpath ?? text(head, 157, 100) }
  if (type !== '0' && type !== '\0') throw TarInvalid(`${JSON.stringify(path)} is neither a file, a folder nor a link`)
  return {
    kind: 'file',
    path,
    size: left.bytes,
    executable: (number(head, 100, 8) & 0o100) !== 0,
    async *bytes() {
      while (left.bytes > 0) {
        const chunk = await input.some(left.bytes)
        left.bytes -= chunk.length
        yield chunk
      }
    },
  }
}

function records(body: Buffer): Record<string, string> {
  const found: Record<string, string> = {}
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(0x20, at)
    const length = space < 0 ? Number.NaN : Number(body.toString('latin1', at, space))
    if (!(length > 0) || at + length > body.length) throw TarInvalid('a pax record is broken')
    const line = body.toString('utf8', space + 1, at + length - 1)
    const equals = line.indexOf('=')
    const key = line.slice(0, equals)
    if (key === 'path' || key === 'linkpath' || key === 'size') found[key] = line.slice(equals + 1)
    at += length
  }
  return found
}

function reader(chunks: AsyncIterable<Uint8Array>) {
  const source = chunks[Symbol.asyncIterator]()
  let held: Uint8Array = Buffer.alloc(0)
  const fill = async (): Promise<boolean> => {
    while (held.length === 0) {
      const next = await source.next()
      if (next.done) return false
      held = next.value
    }
    return true
  }
  const some = async (most: number): Promise<Uint8Array> => {
    if (!(await fill())) throw TarInvalid('it ends in the middle of an entry')
    const part = held.subarray(0, most)
    held = held.subarray(part.length)
    return part
  }
  return {
    some,
    /** Exactly so many bytes; undefined at the end where that is allowed. */
    async take(size: number, mayEnd: boolean): Promise<Buffer | undefined> {
      if (size === 0) return Buffer.alloc(0)
      if (mayEnd && !(await fill())) return undefined
      const parts: Uint8Array[] = []
      for (let got = 0; got < size; got += parts.at(-1)?.length ?? 0) parts.push(await some(size - got))
      return Buffer.concat(parts)
    },
    close: async () => {
      await source.return?.()
    },
  }
}

function checkSum(head: Buffer): void {
  let sum = 8 * 0x20
  for (const [at, byte] of head.entries()) if (at < 148 || at >= 156) sum += byte
  if (sum !== number(head, 148, 8)) throw TarInvalid('an entry has a wrong check sum')
}

function text(from: Buffer, at: number, length: number): string {
  const end = from.indexOf(0, at)
  return from.toString('utf8', at, end < 0 || end > at + length ? at + length : end)
}

function number(from: Buffer, at: number, length: number): number {
  // GNU's base 256, for sizes past 8 GiB.
  if ((from[at] ?? 0) & 0x80) return Number(BigInt(`0x${from.toString('hex', at + 1, at + length)}`))
  const digits = text(from, at, length).trim()
  return digits === '' ? 0 : /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN
}
