import { createServer, type Server, request as send } from 'node:http'

/** Stands before a registry, counts what it gives, and can stop in the middle of a blob. */
export class SlowProxy {
  readonly port: number
  /** Bytes of bodies by path, over all answers. */
  readonly given = new Map<string, number>()
  /** `Range` of each request for a blob. */
  readonly ranges: (string | undefined)[] = []
  /** A path that ends so gives so many bytes, and then nothing. */
  hold: { path: string; bytes: number } | undefined
  readonly #to: string
  #server: Server | undefined

  constructor(port: number, to: string) {
    this.port = port
    this.#to = to
  }

  get host(): string {
    return `127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    this.#server = createServer((req, res) => {
      const path = req.url ?? ''
      const headers = { ...req.headers, host: this.#to }
      if (path.includes('/blobs/')) this.ranges.push(req.headers.range)
      const ask = send(`http://${this.#to}${path}`, { method: req.method, headers }, async answer => {
        res.writeHead(answer.statusCode ?? 502, answer.headers)
        let sent = 0
        for await (const chunk of answer as AsyncIterable<Buffer>) {
          const room = this.hold && path.endsWith(this.hold.path) ? this.hold.bytes - sent : chunk.length
          const piece = chunk.subarray(0, Math.max(0, room))
          sent += piece.length
          this.given.set(path, (this.given.get(path) ?? 0) + piece.length)
          if (piece.length > 0) res.write(piece)
          if (piece.length < chunk.length) return
        }
        res.end()
      })
      ask.on('error', () => res.destroy())
      ask.end()
    })
    await new Promise<void>(done => this.#server?.listen(this.port, '127.0.0.1', done))
  }

  async stop(): Promise<void> {
    const server = this.#server
    if (!server) return
    const closed = new Promise(done => server.close(done))
    server.closeAllConnections()
    await closed
  }
}
