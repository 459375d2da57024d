import { createServer, request } from 'node:http'
import { connect } from 'node:net'

export type TestProxy = { url: string; port: number; seen: string[]; close(): void }

/**
 * A proxy on the loopback: CONNECT for tunnels, whole URLs for plain HTTP. Names that end in `.example` lead to the
 * loopback too. With `user` it wants that user and password. Tests only.
 */
export async function testProxy(options: { user?: string } = {}): Promise<TestProxy> {
  const seen: string[] = []
  const hostOf = (name: string) => (name.endsWith('.example') ? '127.0.0.1' : name)
  const wanted = options.user && `Basic ${Buffer.from(options.user).toString('base64')}`
  const sockets = new Set<{ destroy(): void }>()
  const server = createServer((req, res) => {
    seen.push(`${req.method} ${req.url}`)
    if (wanted && req.headers['proxy-authorization'] !== wanted) return void res.writeHead(407).end()
    const url = new URL(req.url ?? '')
    const up = request({
      host: hostOf(url.hostname),
      port: url.port,
      path: url.pathname + url.search,
      method: req.method,
      headers: req.headers,
    })
    up.on('response', answer => answer.pipe(res.writeHead(answer.statusCode ?? 0, answer.headers)))
    up.on('error', () => res.writeHead(502).end())
    req.pipe(up)
  })
  server.on('connection', socket => sockets.add(socket))
  server.on('connect', (req, socket) => {
    seen.push(`CONNECT ${req.url}`)
    socket.on('error', () => {})
    if (wanted && req.headers['proxy-authorization'] !== wanted) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n')
      return
    }
    const [host = '', port = ''] = (req.url ?? '').split(':')
    const up = connect(Number(port), hostOf(host), () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      up.pipe(socket).pipe(up)
    })
    up.on('error', () => socket.destroy())
    socket.on('close', () => up.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://${options.user ? `${options.user}@` : ''}127.0.0.1:${port}`,
    port,
    seen,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
