import { type Clock, Failure } from '../../kernel/index.ts'
import { baseUrl, followed } from './address.ts'
import { parseChallenges } from './challenge.ts'
import { ProtocolBroken, RegistryUnreachable } from './failures.ts'
import { createKeyring, type Keyring } from './keyring.ts'
import { refusal } from './reply.ts'
import { isTransient, longestWait, waitBefore } from './retry.ts'
import type { Credentials } from './token.ts'
import type { Body, HttpReply, HttpRequest, HttpSend } from './transport.ts'

export type ClientOptions = {
  readonly send: HttpSend
  readonly clock: Clock
  /** For a host such as `registry.example.org:5000`; undefined asks as anybody. */
  readonly credentials?: (host: string) => Credentials | undefined | Promise<Credentials | undefined>
  /** Hosts besides this machine that are reached without TLS. */
  readonly plainHttp?: (host: string) => boolean
  /** Tries in all of each request, and of a transfer without any progress. 5 where not said. */
  readonly attempts?: number
  /** What a registry wants its user to know (`Warning` headers). */
  readonly onWarning?: (host: string, text: string) => void
  readonly userAgent?: string
}

export type Call = {
  readonly method: HttpRequest['method']
  /** The registry that is spoken to: its credentials are for it alone, wherever `url` leads. */
  readonly host: string
  /** A path such as `/v2/`, or where the registry said to go on. */
  readonly to: string | URL
  readonly scopes: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Body
  readonly streams?: boolean
  /** Statuses that are an answer; others are retried or refused. */
  readonly expect: readonly number[]
  /** For messages: `manifest 1.0 of team/app`. */
  readonly what: string
  /** False where the caller itself goes on from where the transfer broke. */
  readonly retry?: boolean
  readonly signal?: AbortSignal | undefined
}

/** An answer, and the address that gave it after all redirects. */
export type Answer = { readonly reply: HttpReply; readonly url: URL }

export type Session = {
  readonly clock: Clock
  readonly attempts: number
  call(call: Call): Promise<Answer>
  /** Waits before the next try of a transfer; throws `cause` where there were too many. */
  pause(attempt: number, cause: unknown, signal: AbortSignal | undefined): Promise<void>
  url(host: string, path: string): URL
}

// Chains of redirects in the wild have one link, rarely two.
const mostRedirects = 5

export function createSession(options: ClientOptions): Session {
  const { clock, attempts = 5 } = options
  // The host as it was asked for, by the one in addresses: docker.io is another there, and :443 falls away.
  const names = new Map<string, string>()
  const keyring = createKeyring({
    send: options.send,
    clock,
    credentials: async host => options.credentials?.(names.get(host) ?? host),
  })
  const url = (host: string, path: string) => new URL(path, baseUrl(host, options.plainHttp?.(host) ?? false))

  const call = async (call: Call): Promise<Answer> => {
    const registry = url(call.host, '/')
    names.set(registry.host, call.host)
    for (let attempt = 1; ; attempt++) {
      const last = attempt >= attempts || call.retry === false
      const outcome = await tryOnce(options, keyring, registry, call)
      if ('error' in outcome) {
        if (last || !isCut(outcome.error)) throw outcome.error
        await clock.sleep((waitBefore(clock, attempt) ?? 0) + resting(outcome.error), call.signal)
        continue
      }
      const { reply } = outcome
      for (const text of reply.headers('warning').flatMap(readWarning)) options.onWarning?.(call.host, text)
      if (call.expect.includes(reply.status)) return outcome
      const wait =
        isTransient(reply.status) && !last ? waitBefore(clock, attempt, reply.header('retry-after')) : undefined
      if (wait === undefined) {
        const { host, what } = call
        throw await refusal(reply, { host, what, credentials: await keyring.has(registry), now: clock.now() })
      }
      reply.discard()
      await clock.sleep(wait, call.signal)
    }
  }

  const pause = async (attempt: number, cause: unknown, signal: AbortSignal | undefined) => {
    if (attempt >= attempts) throw cause
    await clock.sleep((waitBefore(clock, attempt) ?? 0) + resting(cause), signal)
  }

  return { clock, attempts, call, pause, url }
}

/** Whether the way broke, not the registry's answer: a fault that time may heal. */
export function isCut(error: unknown): boolean {
  return error instanceof Failure && error.is(RegistryUnreachable)
}

/** The same, or an answer such as 503. */
export function isPassing(error: unknown): boolean {
  if (isCut(error)) return true
  return error instanceof Failure && (error.code === 'OCI_FAULT' || error.code === 'OCI_TOO_MANY')
}

// What the kernel's HTTP client says where no whole answer came.
const cuts = ['HOST_UNREACHABLE', 'HOST_SILENT', 'HOST_RESTING', 'ANSWER_CUT']

export function cutFrom(host: string, error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason
  if (error instanceof Failure && !cuts.includes(error.code)) return error
  return RegistryUnreachable(host, error instanceof Error ? reasonOf(error) : String(error)).from(error)
}

/** How long not to ask again: what the registry said, or that its host is left alone for a while. */
function resting(error: unknown): number {
  for (let at = error; at instanceof Failure; at = at.cause) {
    const ms = at.detail.retryAfterMs
    if (typeof ms === 'number') return Math.min(ms, longestWait)
  }
  return 0
}

async function tryOnce(
  options: ClientOptions,
  keyring: Keyring,
  registry: URL,
  call: Call,
): Promise<Answer | { error: unknown }> {
  const send = async (authorization: string | undefined) => {
    try {
      return await follow(options, registry, call, authorization)
    } catch (error) {
      return { error: cutFrom(call.host, error, call.signal) }
    }
  }
  call.signal?.throwIfAborted()
  try {
    const first = await send(await keyring.header(registry, call.scopes))
    if ('error' in first || first.reply.status !== 401 || first.url.origin !== registry.origin) return first
    const challenges = first.reply.headers('www-authenticate').flatMap(parseChallenges)
    const answer = await keyring.answer(registry, call.scopes, challenges)
    if (answer === undefined) return first
    first.reply.discard()
    return await send(answer)
  } catch (error) {
    // The token service is part of the way: where it cannot be reached, trying again helps.
    return { error: cutFrom(call.host, error, call.signal) }
  }
}

async function follow(
  options: ClientOptions,
  registry: URL,
  call: Call,
  authorization: string | undefined,
): Promise<Answer> {
  let url = call.to instanceof URL ? call.to : new URL(call.to, registry)
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const reply = await options.send({
      method: call.method,
      url,
      headers: {
        'user-agent': options.userAgent ?? 'towpath',
        // A body that something between compresses has another digest.
        'accept-encoding': 'identity',
        ...call.headers,
        // Credentials are for the registry that they were asked for, and for nobody that it points to.
        ...(authorization !== undefined && url.origin === registry.origin ? { authorization } : {}),
      },
      ...(call.body ? { body: call.body } : {}),
      ...(call.streams ? { streams: true } : {}),
      ...(call.signal ? { signal: call.signal } : {}),
    })
    const location = reply.header('location')
    if (![301, 302, 303, 307, 308].includes(reply.status) || location === undefined) return { reply, url }
    reply.discard()
    const safe = call.method === 'GET' || call.method === 'HEAD'
    if (!safe && reply.status !== 307 && reply.status !== 308) {
      throw ProtocolBroken(
        call.host,
        `it answers ${call.method} with a redirect of status ${reply.status} (${call.what})`,
      )
    }
    url = followed(url, location)
  }
  throw ProtocolBroken(call.host, `it redirects more than ${mostRedirects} times (${call.what})`)
}

// 299 - "text" "date" (RFC 7234, section 5.5; the distribution specification keeps 299 alone).
function readWarning(header: string): string[] {
  return [...header.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(match => (match[1] ?? '').replace(/\\(.)/g, '$1'))
}

function reasonOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return error.message.includes(code) ? error.message : `${code} ${error.message}`.trim()
}
