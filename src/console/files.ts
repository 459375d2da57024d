import { createHash } from 'node:crypto'
import { type Disk, failure } from '../kernel/index.ts'

/** One file of the built console, in memory. */
export type ConsoleFile = {
  readonly type: string
  readonly etag: string
  readonly body: Uint8Array
  /** The same, compressed when it was built; absent where that saves nothing. */
  readonly br: Uint8Array | undefined
  readonly gzip: Uint8Array | undefined
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
}

/** All of it is kept in memory: ten times what it is today. */
const MOST_BYTES = 32 * 1024 * 1024

export const ConsoleTooLarge = failure('CONSOLE_TOO_LARGE', 500, (dir: string) => ({
  says: `What is in ${dir} is larger than a console can be`,
  next: 'Build it again: remove that folder and run npm start',
}))

/** By path, as `/assets/index-abc.js`. Undefined where no console was built. What is no part of a page is left out. */
export async function readConsole(disk: Disk, dir: string): Promise<ReadonlyMap<string, ConsoleFile> | undefined> {
  const raw = new Map<string, Uint8Array>()
  let size = 0
  for (const folder of ['', '/assets']) {
    for (const name of await disk.list(dir + folder)) {
      if (!Object.hasOwn(TYPES, extension(plain(name)))) continue
      const bytes = await readWhole(disk, `${dir}${folder}/${name}`, MOST_BYTES - size)
      if (!bytes) throw ConsoleTooLarge(dir)
      size += bytes.length
      raw.set(`${folder}/${name}`, bytes)
    }
  }
  if (!raw.has('/index.html')) return undefined
  const files = new Map<string, ConsoleFile>()
  for (const [path, body] of raw) {
    if (path !== plain(path)) continue
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`
    const type = TYPES[extension(path)] ?? ''
    files.set(path, { type, etag, body, br: raw.get(`${path}.br`), gzip: raw.get(`${path}.gz`) })
  }
  return files
}

/** Undefined where it is larger than `most`. */
async function readWhole(disk: Disk, path: string, most: number): Promise<Uint8Array | undefined> {
  const file = await disk.open(path, 'read')
  try {
    const size = await file.size()
    if (size > most) return undefined
    const bytes = new Uint8Array(size)
    for (let at = 0; at < size; ) {
      const read = await file.read(bytes.subarray(at), at)
      if (read === 0) throw new Error(`${path} became shorter while it was read`)
      at += read
    }
    return bytes
  } finally {
    await file.close()
  }
}

/** Without the end that says how it is compressed. */
function plain(name: string): string {
  return name.replace(/\.(br|gz)$/, '')
}

function extension(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
