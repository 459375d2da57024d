import { connect, type Socket } from 'node:net'
import { systemClock } from '../clock.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { type HttpHandler, type HttpOptions, type HttpServer, serveHttp } from './serve.ts'

export type TestServer = HttpServer & { port: number; logged: string[]; metric: (line: string) => number }

/** A server on a free port of the loopback, its log lines and its numbers. Tests only. */
export async function testServer(handler: HttpHandler, options: Partial<HttpOptions> = {}): Promise<TestServer> {
  const logged: string[] = []
  const metrics = createMetrics()
  const server = await serveHttp({
    handler,
    listen: [{ host: '127.0.0.1', port: 0 }],
    limits: { headerBytes: 16 * 1024, idleTimeout: 60_000 },
    log: createLog({ level: 'trace', format: 'json', role: 'test', write: line => logged.push(line) }),
    metrics,
    clock: systemClock('test'),
    ...options,
  })
  const [address] = server.addresses
  const port = address && 'port' in address ? address.port : 0
  const metric = (line: string) => {
    const found = metrics
      .text()
      .split('\n')
      .find(text => text.startsWith(`${line} `))
    return Number(found?.slice(line.length) ?? 0)
  }
  return { ...server, port, logged, metric }
}

/** A client that sends exactly these bytes; `ended` gives all that came back once the connection is over. */
export function rawClient(
  port: number,
  ...sends: string[]
): { socket: Socket; ended: Promise<string>; seen: () => string } {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.setEncoding('latin1')
  socket.on('data', chunk => {
    text += chunk
  })
  const ended = new Promise<string>(resolve => {
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
  })
  for (const send of sends) socket.write(send)
  return { socket, ended, seen: () => text }
}

/** Waits for something that comes by itself; the test's own time limit ends it otherwise. */
export async function until(done: () => boolean): Promise<void> {
  const clock = systemClock('test')
  const held = setInterval(() => {}, 1000)
  try {
    while (!done()) await clock.sleep(2)
  } finally {
    clearInterval(held)
  }
}
