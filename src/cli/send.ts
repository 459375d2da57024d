import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { Unreachable } from './failures.ts'

const PATIENCE_MS = 30_000

type Sent = {
  path: string
  method?: string
  headers: Readonly<Record<string, string>>
  body?: string | undefined
  /** Until all of the answer is there. One of any length may take its time: Infinity. */
  patienceMs?: number
}

/** One request; `Unreachable` where nothing answers. */
export function send(
  server: string,
  { path, method = 'GET', headers, body, patienceMs = PATIENCE_MS }: Sent,
): Promise<IncomingMessage> {
  const url = toUrl(server, path)
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  return new Promise((done, fail) => {
    const start = url.protocol === 'https:' ? secureRequest : plainRequest
    const signal = patienceMs === Number.POSITIVE_INFINITY ? {} : { signal: AbortSignal.timeout(patienceMs) }
    const outgoing = start(
      url,
      { method, headers: { accept: 'application/json', ...headers, ...length }, ...signal },
      done,
    )
    outgoing.on('error', error => fail(Unreachable(server, 'code' in error ? String(error.code) : error.message)))
    outgoing.end(body)
  })
}

function toUrl(server: string, path: string): URL {
  try {
    const url = new URL(path, server)
    if (url.protocol === 'http:' || url.protocol === 'https:') return url
  } catch {
    // Said below.
  }
  throw Unreachable(server, 'not an http or https URL')
}

export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
