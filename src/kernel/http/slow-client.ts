import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Ms } from '../clock.ts'
import type { Metrics } from '../metrics.ts'

const CURRENT = Symbol('current response')
type Marked = Socket & { [CURRENT]?: ServerResponse }

/**
 * Cuts a connection on which nothing moved for so long, when it is the client that is waited for:
 * for the rest of a body, or to take what was written. A handler that thinks for long is let be.
 */
export function watchIdle(server: Server, idleMs: Ms, metrics: Metrics): void {
  const cut = metrics.counter('http_connections_cut_total', 'Connections cut by the server.', ['why'])
  const idle = cut.with({ why: 'idle' })
  server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    const socket: Marked = req.socket
    socket[CURRENT] = res
  })
  server.setTimeout(idleMs, (socket: Marked) => {
    const res = socket[CURRENT]
    if (res && !res.writableFinished && !waitsForClient(res)) {
      socket.setTimeout(idleMs)
      return
    }
    // Between two requests nothing is owed: that is the end of keep-alive, not a slow client.
    if (!res?.writableFinished || !res.req.complete) idle.add()
    socket.destroy()
  })
}

function waitsForClient(res: ServerResponse): boolean {
  const { req } = res
  // Somebody reads and nothing is there. A paused or full body means that we are the slow ones.
  const reading = req.readableFlowing === true || req.listenerCount('readable') > 0
  const wantsBody = !req.complete && reading && req.readableLength === 0
  return wantsBody || res.writableLength > 0 || req.socket.writableLength > 0
}

/** What is no HTTP, too large a header, too slow a header: a short answer where one can be given, and the end. */
export function refuseMalformed(server: Server, metrics: Metrics): void {
  const cut = metrics.counter('http_connections_cut_total', 'Connections cut by the server.', ['why'])
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const status = STATUS[error.code ?? ''] ?? '400 Bad Request'
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    cut.with({ why: status.slice(0, 3) }).add()
    // An answer already under way must not be mixed with another one.
    const res = (socket as Marked)[CURRENT]
    if (res?.headersSent && !res.writableFinished) socket.destroy()
    else socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  })
}

const STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}
