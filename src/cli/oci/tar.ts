import { failure } from '../../kernel/index.ts'

/** One entry of a tar archive, as far as a folder needs it. */
export type TarEntry = { readonly path: string } & (
  | { readonly kind: 'folder' }
  | { readonly kind: 'file'; readonly size: number; readonly executable: boolean; bytes(): AsyncIterable<Uint8Array> }
  | { readonly kind: 'link'; readonly target: string }
)

export const SourceFileChanged = failure('CLI_FILE_CHANGED', 409, (path: string) => ({
  says: `${path} changed while it was read`,
  next: 'Do it again when nothing writes to it',
}))

const block = 512
const zeros = Buffer.alloc(2 * block)

/**
 * A tar archive (POSIX pax) that is the same for the same files: no owner, no time, two modes. Streams.
 * The caller gives the entries in order, folders before what is in them.
 */
export async function* packTar(entries: AsyncIterable<TarEntry> | Iterable<TarEntry>): AsyncGenerator<Uint8Array> {
  for await (const entry of entries) {
    const path = entry.kind === 'folder' ? `${entry.path}/` : entry.path
    const size = entry.kind === 'file' ? entry.size : 0
    const target = entry.kind === 'link' ? entry.target : ''
    const long = [
      ...(fits(path) ? [] : [record('path', path)]),
      ...(fits(target) ? [] : [record('linkpath', target)]),
      ...(size < 8 ** 11 ? [] : [record('size', String(size))]),
    ]
    if (long.length > 0) {
      const bytes = Buffer.concat(long)
      yield header({ name: 'pax', mode: 0o644, size: bytes.length, type: 'x', target: '' })
      yield bytes
      yield padding(bytes.length)
    }
    const mode = entry.kind === 'file' && !entry.executable ? 0o644 : 0o755
    const type = entry.kind === 'file' ? '0' : entry.kind === 'link' ? '2' : '5'
    yield header({ name: path, mode, size: size < 8 ** 11 ? size : 0, type, target })
    if (entry.kind !== 'file') continue
    let left = size
    for await (const chunk of entry.bytes()) {
      left -= chunk.length
      if (left < 0) throw SourceFileChanged(entry.path)
      yield chunk
    }
    if (left > 0) throw SourceFileChanged(entry.path)
    yield padding(size)
  }
  yield zeros
}

type Head = { name: string; mode: number; size: number; type: string; target: string }

function header({ name, mode, size, type, target }: Head): Buffer {
  const head = Buffer.alloc(block)
  // What does not fit is in the pax record before; the cut name here is for readers that know none.
  head.write(asciiCut(name), 0, 100, 'latin1')
  head.write(octal(mode, 7), 100, 'latin1')
  head.write(octal(0, 7), 108, 'latin1')
  head.write(octal(0, 7), 116, 'latin1')
  head.write(octal(size, 11), 124, 'latin1')
  head.write(octal(0, 11), 136, 'latin1')
  head.write(' '.repeat(8), 148, 'latin1')
  head.write(type, 156, 'latin1')
  head.write(asciiCut(target), 157, 100, 'latin1')
  head.write('ustar\u000000', 257, 'latin1')
  let sum = 0
  for (const byte of head) sum += byte
  head.write(`${octal(sum, 6)} `, 148, 'latin1')
  return head
}

function octal(value: number, digits: number): string {
  return `${value.toString(8).padStart(digits, '0')}\u0000`
}

function fits(text: string): boolean {
  return text.length <= 100 && /^[\x20-\x7e]*$/.test(text)
}

function asciiCut(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '_').slice(0, 100)
}

// "<length> <key>=<value>\n", where the length counts itself.
function record(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`)
  let length = rest.length + 1
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length
  return Buffer.concat([Buffer.from(String(length)), rest])
}

function padding(size: number): Buffer {
  return zeros.subarray(0, (block - (size % block)) % block)
}
