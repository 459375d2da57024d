import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer, Server as SecureServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Clock, Ms } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { answerThrown, discardRest } from './answer.ts'
import { type HttpAddress, type HttpListen, listenOn } from './listen.ts'
import { checkOnce } from './named-once.ts'
import { requestId } from './request-id.ts'
import { refuseMalformed, watchIdle } from './slow-client.ts'
import { readTls, type TlsFiles, watchTls } from './tls-files.ts'

/** May throw or reject: a Failure is answered as it says, anything else is a 500 with the request's id. */
export type HttpHandler = (req: IncomingMessage, res: ServerResponse) => void | Promise<void>

export type HttpOptions = {
  handler: HttpHandler
  listen: readonly HttpListen[]
  /** For every TCP listener; unix sockets stay plain. Files are re-read when they change. */
  tls?: TlsFiles | undefined
  limits: { headerBytes: number; idleTimeout: Ms; drainTimeout?: Ms }
  log: Log
  metrics: Metrics
  clock: Clock
  /** False where the handler itself puts `x-request-id: requestId(req)` among its headers, which is cheaper. */
  idHeader?: boolean
}

export type HttpServer = {
  readonly addresses: readonly HttpAddress[]
  /**
   * Takes no new connection, lets running requests end, closes idle connections; what is left at
   * the deadline is cut. Resolves when nothing is open; the same promise at every call.
   */
  drain(): Promise<void>
}

/** Long enough that a proxy in front, which keeps connections for 60 s, closes first. */
const KEEP_ALIVE_MS = 65_000
const HEADERS_MS = 15_000
const DRAIN_MS = 30_000
const DRAIN_STEP_MS = 25
const TLS_LOOK_MS = 5_000

/** Listens everywhere or, where one listener fails, nowhere. */
export async function serveHttp(options: HttpOptions): Promise<HttpServer> {
  const { handler, log, clock, limits } = options
  const state = { draining: false }
  const stopWatch = new AbortController()
  const pair = options.tls ? await readTls(options.tls) : undefined

  const onRequest = (req: IncomingMessage, res: ServerResponse) => {
    if (state.draining) res.shouldKeepAlive = false
    if (options.idHeader !== false) res.setHeader('x-request-id', requestId(req))
    // A handler may answer before it has read everything, and the next request waits behind the rest.
    if (req.method !== 'GET' && req.method !== 'HEAD') res.once('prefinish', () => discardRest(req))
    try {
      checkOnce(req)
      const running = handler(req, res)
      if (running instanceof Promise) running.catch(error => answerThrown(req, res, error, log))
    } catch (error) {
      answerThrown(req, res, error, log)
    }
  }

  const settings = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: HEADERS_MS,
    // An upload may take hours; watchIdle cuts the ones that stand still.
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: 5_000,
    noDelay: true,
  }
  const servers = options.listen.map(where => {
    const secure = pair !== undefined && !('path' in where)
    const server: Server = secure
      ? createSecureServer(
          { ...settings, cert: pair.cert, key: pair.key, handshakeTimeout: HEADERS_MS, ALPNProtocols: ['http/1.1'] },
          onRequest,
        )
      : createServer(settings, onRequest)
    watchIdle(server, limits.idleTimeout, options.metrics)
    refuseMalformed(server, options.metrics)
    return { server, where, secure }
  })
  countConnections(
    servers.map(({ server }) => server),
    options.metrics,
  )

  const addresses: HttpAddress[] = []
  try {
    for (const { server, where, secure } of servers) addresses.push(await listenOn(server, where, secure))
  } catch (error) {
    await Promise.all(servers.map(({ server }) => closed(server)))
    throw error
  }

  for (const { server } of servers) {
    // Such as no file descriptor left for one more connection: told, and the others go on.
    server.on('error', error => log.error({ err: error }, 'A listener could not take a connection'))
  }

  if (options.tls && pair) {
    const expiry = options.metrics.gauge('http_tls_not_after_seconds', 'When the certificate ends, Unix time.').with({})
    expiry.set(pair.notAfter / 1000)
    const apply = (next: typeof pair) => {
      for (const { server } of servers) if (server instanceof SecureServer) server.setSecureContext(next)
      expiry.set(next.notAfter / 1000)
    }
    void watchTls({ files: options.tls, clock, log, signal: stopWatch.signal, everyMs: TLS_LOOK_MS, apply })
  }

  let drained: Promise<void> | undefined
  return {
    addresses,
    drain: () => {
      drained ??= drainAll()
      return drained
    },
  }

  async function drainAll(): Promise<void> {
    state.draining = true
    stopWatch.abort()
    const open = new Set(servers.map(({ server }) => server))
    const closing = [...open].map(async server => {
      await closed(server)
      open.delete(server)
    })
    const deadline = clock.monotonic() + (limits.drainTimeout ?? DRAIN_MS)
    const finish = new AbortController()
    void Promise.all(closing).then(() => finish.abort())
    // Connections become idle one by one as their requests end; close() alone would wait for keep-alive to run out.
    while (open.size > 0 && clock.monotonic() < deadline) {
      for (const server of open) server.closeIdleConnections()
      await clock.sleep(DRAIN_STEP_MS, finish.signal).catch(() => {})
    }
    if (open.size > 0) log.warn({ listeners: open.size }, 'Cut the requests that did not end before the deadline')
    for (const server of open) server.closeAllConnections()
    await Promise.all(closing)
  }
}

function closed(server: Server): Promise<void> {
  return new Promise(resolve => {
    // The only error is "not running": a listener that never began.
    server.close(() => resolve())
  })
}

function countConnections(servers: readonly Server[], metrics: Metrics): void {
  const open = metrics.gauge('http_connections_open', 'Connections open.').with({})
  const all = metrics.counter('http_connections_total', 'Connections taken.').with({})
  for (const server of servers) {
    server.on('connection', (socket: Socket) => {
      // Each answer that waits its turn in a pipeline listens for the connection's end.
      socket.setMaxListeners(0)
      open.add(1)
      all.add()
      socket.once('close', () => open.add(-1))
    })
  }
}
