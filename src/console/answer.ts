import type { ConsoleFile } from './files.ts'

export type ConsoleAsk = {
  /** Of the request, without its query. */
  readonly path: string
  readonly acceptEncoding: string | undefined
  readonly ifNoneMatch: string | undefined
}

type ConsoleAnswer = {
  readonly status: 200 | 304
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Scripts, styles and requests of this very host, no word of it inline, and in no other page's frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const SAFE = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  // Addresses name tenants and things: other hosts need not hear of them.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
}

/** A name that changes with what is in it. */
const HASHED = /^\/assets\//

/**
 * Serves the files of a built console out of memory: only a path that is one of them is answered, so none can lead
 * elsewhere. `page` answers a page's address, whichever it is: the console finds out what to show.
 */
export function createConsole(files: ReadonlyMap<string, ConsoleFile>) {
  const index = files.get('/index.html')
  if (!index) throw new Error('A console without index.html')
  return {
    file: (ask: ConsoleAsk): ConsoleAnswer | undefined => {
      const found = files.get(ask.path)
      return found && answer(found, ask, HASHED.test(ask.path) ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
    page: (ask: ConsoleAsk): ConsoleAnswer => answer(index, ask, 'no-cache'),
  }
}

function answer(file: ConsoleFile, { acceptEncoding = '', ifNoneMatch }: ConsoleAsk, cache: string): ConsoleAnswer {
  const headers = { ...SAFE, 'cache-control': cache, vary: 'accept-encoding', etag: file.etag }
  if (ifNoneMatch?.includes(file.etag)) {
    return { status: 304, headers, body: new Uint8Array() }
  }
  const typed = { ...headers, 'content-type': file.type }
  for (const encoding of ['br', 'gzip'] as const) {
    const body = file[encoding]
    if (body && takes(acceptEncoding, encoding))
      return { status: 200, headers: { ...typed, 'content-encoding': encoding }, body }
  }
  return { status: 200, headers: typed, body: file.body }
}

/** Whether a client takes that encoding: named, and not with a weight of 0. */
function takes(header: string, encoding: string): boolean {
  return header.split(',').some(part => {
    const [name = '', ...parameters] = part.split(';').map(text => text.trim().toLowerCase())
    return name === encoding && !parameters.some(text => /^q=0(\.0*)?$/.test(text))
  })
}
