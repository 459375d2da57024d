import type { EventEmitter } from 'node:events'
import { Agent, type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestSecure, Agent as SecureAgent } from 'node:https'
import { createSecureContext, getCACertificates } from 'node:tls'
import type { Clock, Ms } from '../clock.ts'
import { Failure } from '../failure.ts'
import { HostSilent, HostUnreachable } from './client-failures.ts'
import { createDeadline, type Deadline } from './deadline.ts'
import type { Guard } from './guard.ts'

export type Timeouts = {
  /** Until the connection stands, waiting for a free one included. */
  connect: Ms
  /** From the end of the request's body to the head of the answer. */
  firstByte: Ms
  /** Between two pieces of a body, either way. */
  idle: Ms
  /** Over one try, the answer's body included; none by default. A signal ends all tries. */
  total?: Ms | undefined
}

export type Outgoing = {
  method: string
  url: URL
  headers: Readonly<Record<string, string>>
  body?: Uint8Array | AsyncIterable<Uint8Array> | undefined
  socketPath?: string | undefined
  timeouts: Timeouts
  signal?: AbortSignal | undefined
}

export type Incoming = { message: IncomingMessage; deadline: Deadline; failed: () => unknown }

/** Through which proxy requests leave: URLs, with user and password where it wants them. It resolves names itself, so the guard sees only addresses. */
export type Proxies = {
  http?: string | undefined
  https?: string | undefined
  /** Hosts that are asked directly, as in NO_PROXY. */
  except?: string | undefined
}

export type Wire = { exchange(outgoing: Outgoing): Promise<Incoming>; close(): void }

const SOCKETS_PER_HOST = 64
const FREE_SOCKET_MS = 30_000

/** One request, one answer, over kept connections. `ca`: PEM certificates trusted beside the system's own. */
export function createWire(options: {
  clock: Clock
  guard: Guard
  ca?: readonly string[] | undefined
  proxies?: Proxies | undefined
}): Wire {
  const { http, https, except } = options.proxies ?? {}
  const pool = {
    keepAlive: true,
    maxSockets: SOCKETS_PER_HOST,
    maxFreeSockets: 16,
    timeout: FREE_SOCKET_MS,
    proxyEnv: { HTTP_PROXY: http, HTTPS_PROXY: https, NO_PROXY: except },
  }
  const trust = options.ca && {
    secureContext: createSecureContext({ ca: [...getCACertificates('default'), ...options.ca] }),
  }
  const agents = { plain: new Agent(pool), secure: new SecureAgent({ ...pool, ...trust }) }
  return {
    exchange: outgoing => exchange(outgoing, options.clock, options.guard, agents),
    close: () => {
      agents.plain.destroy()
      agents.secure.destroy()
    },
  }
}

async function exchange(
  outgoing: Outgoing,
  clock: Clock,
  guard: Guard,
  agents: { plain: Agent; secure: SecureAgent },
): Promise<Incoming> {
  const { url, timeouts, signal } = outgoing
  signal?.throwIfAborted()
  const secure = url.protocol === 'https:' && !outgoing.socketPath
  const request = (secure ? requestSecure : requestPlain)({
    method: outgoing.method,
    headers: outgoing.headers,
    path: url.pathname + url.search,
    agent: secure ? agents.secure : agents.plain,
    ...(outgoing.socketPath
      ? { socketPath: outgoing.socketPath }
      : { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port || (secure ? 443 : 80), lookup: guard(url) }),
  })
  const host = outgoing.socketPath ?? url.host
  let failed: unknown
  const fail = (error: unknown) => {
    failed ??= error
    request.destroy(error instanceof Error ? error : undefined)
  }
  const deadline = createDeadline({
    clock,
    total: timeouts.total,
    expired: (what, ms) => fail(HostSilent(host, what, ms)),
  })
  const abort = () => fail(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  request.once('close', () => {
    deadline.stop()
    signal?.removeEventListener('abort', abort)
  })

  deadline.expect('connection', timeouts.connect)
  let answered = false
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', message => {
      answered = true
      resolve(message)
    })
    // Stays on: a late error of a connection that was given up must not end the process.
    request.on('error', error => reject(failed ?? explained(host, error)))
  })
  const steps = {
    connected: () => !answered && deadline.expect('room for the request', timeouts.idle),
    progress: () => !answered && deadline.progress(),
    pause: () => !answered && deadline.pause(),
    sent: () => !answered && deadline.expect('answer', timeouts.firstByte),
  }
  void send(request, outgoing.body, steps).catch(fail)
  const message = await answer
  deadline.expect('more of the answer', timeouts.idle)
  return { message, deadline, failed: () => failed }
}

type Steps = Readonly<Record<'connected' | 'progress' | 'pause' | 'sent', () => void>>

function explained(host: string, error: NodeJS.ErrnoException): unknown {
  if (error instanceof Failure) return error
  const refused = error.code === 'ERR_PROXY_TUNNEL' && 'statusCode' in error
  const why = refused ? `the proxy answered ${error.statusCode}` : (error.code ?? error.message)
  return HostUnreachable(host, why).from(error)
}

/** Sends the body at the pace of the connection; ends early where the answer made the rest pointless. */
async function send(request: ClientRequest, body: Outgoing['body'], steps: Steps): Promise<void> {
  const streamed = body !== undefined && !(body instanceof Uint8Array)
  if (!streamed) request.end(body)
  await connection(request)
  steps.connected()
  if (streamed) {
    for await (const chunk of body) {
      if (request.destroyed) return
      steps.progress()
      if (!request.write(chunk)) await once(request, 'drain')
      // What comes next is up to the body's source.
      steps.pause()
    }
    steps.progress()
    request.end()
  }
  if (!request.writableFinished) await once(request, 'finish')
  steps.sent()
}

/** Resolves when the request has a connection that stands, or when it is over. */
async function connection(request: ClientRequest): Promise<void> {
  if (!request.socket) await once(request, 'socket')
  const { socket } = request
  if (!socket || request.reusedSocket || request.destroyed) return
  await Promise.race([once(socket, 'encrypted' in socket ? 'secureConnect' : 'connect'), once(request, 'close')])
}

/** The event, or the end of the emitter: whoever waits goes on and sees for itself. */
function once(emitter: EventEmitter, event: string): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      emitter.off(event, done)
      emitter.off('close', done)
      resolve()
    }
    emitter.on(event, done)
    emitter.on('close', done)
  })
}
