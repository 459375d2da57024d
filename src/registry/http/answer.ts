import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { challenge } from '../../identity/index.ts'
import { Failure, isClientGone, type Log, requestId } from '../../kernel/index.ts'
import { AuthenticationNeeded, ReferencesUnknown } from '../failures.ts'

export const API_VERSION = ['Docker-Distribution-Api-Version', 'registry/2.0'] as const

/** Header names and values in turn. */
export type Headers = readonly string[]

export function answerEmpty(res: ServerResponse, status: number, headers: Headers): void {
  res.writeHead(status, [...API_VERSION, ...headers, ...(status === 204 ? [] : ['Content-Length', '0'])])
  res.end()
}

export function answerJson(res: ServerResponse, status: number, text: string, headers: Headers = []): void {
  const type = headers.includes('Content-Type') ? [] : ['Content-Type', 'application/json']
  res.writeHead(status, [...API_VERSION, ...type, 'Content-Length', String(Buffer.byteLength(text)), ...headers])
  res.end(text)
}

/** The failure in the specification's form. What is no failure is a defect: logged, and told as nothing but that. */
export function answerError(
  req: IncomingMessage,
  res: ServerResponse,
  error: unknown,
  log: Log,
  headers: Headers = [],
) {
  if (isClientGone(error)) {
    res.destroy()
    return
  }
  const known = error instanceof Failure ? error : undefined
  const status = known?.status ?? 500
  if (status >= 500)
    log.error({ err: error, request: requestId(req), method: req.method, url: req.url }, 'A registry request failed')
  if (res.headersSent || res.destroyed) {
    // Half an answer is out: cutting it short of its length is the one way left to say so.
    res.destroy()
    return
  }
  const extra = ['X-Request-Id', requestId(req), ...headers, ...retryHeaders(known)]
  answerJson(res, status, JSON.stringify({ errors: known ? entries(known) : UNKNOWN }), extra)
}

const UNKNOWN = [{ code: 'UNKNOWN', message: 'Something failed inside the registry. Its log says what.', detail: {} }]

function entries(failure: Failure): { code: string; message: string; detail: unknown }[] {
  const code = /^[A-Z_]+$/.test(failure.code) ? failure.code : 'UNKNOWN'
  const missing = failure.is(ReferencesUnknown) && failure.detail.missing
  if (Array.isArray(missing)) {
    return missing.map(digest => ({ code, message: `${digest} is unknown. ${failure.next}.`, detail: { digest } }))
  }
  // A list, as distribution's own: ACR's clients read it.
  const access = failure.is(AuthenticationNeeded) ? failure.detail.access : undefined
  return [{ code, message: `${failure.message}. ${failure.next}.`, detail: access ?? failure.detail }]
}

function retryHeaders(failure: Failure | undefined): Headers {
  if (failure?.status !== 429 && failure?.status !== 503) return []
  const after = failure.detail.retryAfter
  return ['Retry-After', typeof after === 'number' ? String(after) : '1']
}

/** Where and for what to get a token; all 401 carry it. */
export function challengeHeaders(req: IncomingMessage, host: string, scope: string | undefined): Headers {
  const tls = (req.socket as TLSSocket).encrypted === true
  const insufficient = req.headers.authorization !== undefined && scope !== undefined
  const error = insufficient ? ({ error: 'insufficient_scope' } as const) : {}
  return ['WWW-Authenticate', challenge({ host, tls, ...(scope === undefined ? {} : { scope }), ...error })]
}
