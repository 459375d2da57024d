import type { IncomingMessage, ServerResponse } from 'node:http'
import { Failure } from '../failure.ts'
import type { Log } from '../log.ts'
import { Broken, isClientGone } from './failures.ts'
import { requestId } from './request-id.ts'

/**
 * So much of a body that nobody wants is read, so that the client gets to see the answer: a connection that is cut
 * while bytes are on their way is reset, and the answer is lost with it. 64 MiB, not 4: clients look for an answer
 * between two pieces of the body, and a busy machine has sent more than 4 MiB by then.
 */
const REST_MAX = 64 * 1024 * 1024

/** `application/problem+json` (RFC 9457): what happened, what to do, under which id the log has it. */
export function answerFailure(
  res: ServerResponse,
  failure: Failure,
  headers: Readonly<Record<string, string>> = {},
): void {
  const id = requestId(res.req)
  const body = JSON.stringify({
    type: `urn:towpath:${failure.code}`,
    title: failure.message,
    status: failure.status,
    detail: failure.next,
    code: failure.code,
    requestId: id,
    ...(Object.keys(failure.detail).length > 0 ? { facts: failure.detail } : {}),
  })
  res.writeHead(failure.status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'x-request-id': id,
    ...headers,
  })
  res.end(body)
}

/** Done by `serveHttp` for every answer. Keeps the connection for the next request where little is left of this one's body; else cuts it. */
export function discardRest(req: IncomingMessage): void {
  if (req.complete || req.destroyed) return
  let rest = 0
  req.on('error', () => {})
  req.on('data', (chunk: Uint8Array) => {
    rest += chunk.length
    if (rest > REST_MAX) req.destroy()
  })
  // Begins to read now: Node drops all of a body that nobody began, however long, when the answer is out.
  req.read(0)
  req.resume()
}

/** The end of a handler that threw: an answer where one is still possible, one log line where it is our fault. */
export function answerThrown(req: IncomingMessage, res: ServerResponse, thrown: unknown, log: Log): void {
  const gone = res.destroyed || req.socket.destroyed
  if (isClientGone(thrown)) {
    // Half an answer must not look whole, whoever is left to see it.
    res.destroy()
    return
  }
  // A refusal that can still be told needs no log line.
  const known = thrown instanceof Failure && thrown.status < 500 && !res.headersSent
  if (!known) log.error({ err: thrown, request: requestId(req), method: req.method, url: req.url }, 'A request failed')
  if (gone) return
  if (res.headersSent) {
    res.destroy()
    return
  }
  for (const name of res.getHeaderNames()) res.removeHeader(name)
  answerFailure(res, thrown instanceof Failure ? thrown : Broken(requestId(req)))
}
