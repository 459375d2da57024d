import type { Clock } from '../clock.ts'
import { Failure } from '../failure.ts'
import { answerOf, type HttpAnswer } from './answer-body.ts'
import { type Breaker, createBreaker } from './breaker.ts'
import { HostSilent, HostUnreachable, TooManyRedirects, UrlUnusable } from './client-failures.ts'
import { createWire, type Proxies, type Timeouts, type Wire } from './exchange.ts'
import { createGuard, type GuardOptions } from './guard.ts'
import { RETRY, type RetryPolicy, retryDelay } from './retry.ts'

export type HttpAsk = {
  url: string | URL
  /** GET. */
  method?: string
  headers?: Readonly<Record<string, string>>
  /** Text and bytes announce their length. A stream can be sent once; a function makes one for each try. */
  body?: string | Uint8Array | AsyncIterable<Uint8Array> | (() => AsyncIterable<Uint8Array>)
  /** Doing it twice is as good as once: it may be tried again after a failure. */
  repeatable?: boolean
  /** How many redirects to follow; 0 hands them back. */
  redirects?: number
  timeouts?: Partial<Timeouts>
  signal?: AbortSignal
  /** Speak to this unix socket; the URL gives only the path and the Host header. */
  socketPath?: string
}

export type HttpClient = {
  /** Any status is an answer; only no answer throws. Read or `discard()` its body. */
  request(ask: HttpAsk): Promise<HttpAnswer>
  close(): void
}

export type HttpClientOptions = GuardOptions & {
  clock: Clock
  /** PEM certificates trusted beside the system's own. */
  ca?: readonly string[]
  /** None by default, whatever the environment says. */
  proxies?: Proxies
  retry?: Partial<RetryPolicy>
  timeouts?: Partial<Timeouts>
}

const TIMEOUTS: Timeouts = { connect: 10_000, firstByte: 60_000, idle: 60_000 }
const REDIRECTS = 5
const REDIRECTED = [301, 302, 303, 307, 308]
/** Never told to another host than the one they were meant for. */
const PRIVATE_HEADERS = ['authorization', 'cookie', 'proxy-authorization']
const BODY_HEADERS = ['content-type', 'content-length', 'content-encoding', 'transfer-encoding', 'content-range']

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { clock } = options
  const wire = createWire({ clock, guard: createGuard(options), ca: options.ca, proxies: options.proxies })
  const parts: Parts = {
    clock,
    wire,
    breaker: createBreaker({ clock }),
    retry: { ...RETRY, ...options.retry },
    timeouts: { ...TIMEOUTS, ...options.timeouts },
  }
  return {
    request: ask => follow(parts, ask),
    close: () => wire.close(),
  }
}

type Parts = { clock: Clock; wire: Wire; breaker: Breaker; retry: RetryPolicy; timeouts: Timeouts }

async function follow(parts: Parts, first: HttpAsk): Promise<HttpAnswer> {
  const limit = first.redirects ?? REDIRECTS
  let ask = { ...first, url: parseUrl(first.url) }
  for (let followed = 0; ; followed++) {
    const answer = await tryOften(parts, ask)
    const { location } = answer.headers
    if (limit === 0 || location === undefined || !REDIRECTED.includes(answer.status)) return answer
    const next = redirected(ask, answer.status, parseUrl(location, ask.url))
    if (next === undefined) return answer
    answer.discard()
    if (followed === limit) throw TooManyRedirects(ask.url.host, limit)
    ask = next
  }
}

type Ask = HttpAsk & { url: URL }

/** The request that a redirect asks for; undefined where its body is gone or its target is no URL's host. */
function redirected(ask: Ask, status: number, url: URL): Ask | undefined {
  const method = ask.method ?? 'GET'
  if (ask.socketPath !== undefined) return undefined
  const toGet = status === 303 ? method !== 'HEAD' : status < 303 && method === 'POST'
  const drop = [...(url.origin === ask.url.origin ? [] : PRIVATE_HEADERS), ...(toGet ? BODY_HEADERS : [])]
  const kept = Object.entries(ask.headers ?? {}).filter(([name]) => !drop.includes(name.toLowerCase()))
  const { body, ...rest } = ask
  const next = { ...rest, url, headers: Object.fromEntries(kept) }
  if (toGet) return { ...next, method: 'GET' }
  if (body === undefined) return next
  return isRepeatableBody(body) ? { ...next, body } : undefined
}

async function tryOften(parts: Parts, ask: Ask): Promise<HttpAnswer> {
  const repeatable = ask.repeatable === true && (ask.body === undefined || isRepeatableBody(ask.body))
  for (let tries = 1; ; tries++) {
    let answer: HttpAnswer | undefined
    let error: unknown
    try {
      answer = await tryOnce(parts, ask)
      if (!repeatable || !parts.retry.statuses.includes(answer.status)) return answer
    } catch (thrown) {
      if (!repeatable || !isUnreached(thrown)) throw thrown
      error = thrown
    }
    const delay = retryDelay(parts.retry, parts.clock, tries, answer?.headers['retry-after'])
    if (delay === undefined) {
      if (answer) return answer
      throw error
    }
    answer?.discard()
    await parts.clock.sleep(delay, ask.signal)
  }
}

async function tryOnce({ wire, breaker, timeouts }: Parts, ask: Ask): Promise<HttpAnswer> {
  const host = ask.socketPath ?? ask.url.host
  const tell = breaker.enter(host)
  try {
    const incoming = await wire.exchange({
      method: ask.method ?? 'GET',
      url: ask.url,
      headers: headersOf(ask),
      body: bodyOf(ask.body),
      socketPath: ask.socketPath,
      timeouts: { ...timeouts, ...ask.timeouts },
      signal: ask.signal,
    })
    const answer = answerOf(incoming, ask.url, host)
    tell(answer.status >= 502 && answer.status <= 504 ? 'bad' : 'good')
    return answer
  } catch (error) {
    // Given up by the caller, or refused before it left: nothing learnt about the host.
    tell(isUnreached(error) ? 'bad' : 'unknown')
    throw error
  }
}

function isUnreached(error: unknown): boolean {
  return error instanceof Failure && (error.is(HostUnreachable) || error.is(HostSilent))
}

function headersOf({ body, headers, socketPath, url }: Ask): Record<string, string> {
  const length = typeof body === 'string' || body instanceof Uint8Array ? Buffer.byteLength(body) : undefined
  return {
    'user-agent': 'towpath',
    ...(socketPath === undefined ? {} : { host: url.host }),
    ...(length === undefined ? {} : { 'content-length': String(length) }),
    ...headers,
  }
}

function bodyOf(body: HttpAsk['body']): Uint8Array | AsyncIterable<Uint8Array> | undefined {
  if (typeof body === 'function') return body()
  return typeof body === 'string' ? Buffer.from(body) : body
}

function isRepeatableBody(body: HttpAsk['body']): boolean {
  return typeof body === 'string' || typeof body === 'function' || body instanceof Uint8Array
}

function parseUrl(url: string | URL, base?: URL): URL {
  const parsed = URL.parse(url, base)
  // The text is not repeated: it may be a signed URL.
  if (parsed === null) throw UrlUnusable('it cannot be parsed')
  return parsed
}
