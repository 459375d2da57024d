import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

export type Received = { headers: IncomingHttpHeaders; body: string }

/** How it answers from now on. `silent` takes the request and says nothing. */
export type Mood = { status: number; body?: string; headers?: Record<string, string>; delay?: number } | 'silent'

/** Somebody's server for webhooks. Answers as told, and remembers what it has accepted with 2xx, in order. */
export class Receiver {
  readonly port: number
  readonly accepted: Received[] = []
  /** Of any answer. */
  asked = 0
  mood: Mood = { status: 200 }
  #server: Server | undefined

  constructor(port: number) {
    this.port = port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook/path-secret?code=query-secret`
  }

  async start(): Promise<void> {
    const server = createServer(async (req, res) => {
      const body = await text(req)
      this.asked++
      const mood = this.mood
      if (mood === 'silent') return
      if (mood.delay) await sleep(mood.delay)
      if (mood.status < 300) this.accepted.push({ headers: req.headers, body })
      res.writeHead(mood.status, mood.headers).end(mood.body ?? '')
    })
    this.#server = server
    await new Promise<void>(resolve => server.listen(this.port, '127.0.0.1', resolve))
  }

  /** Its port refuses connections. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (!server) return
    const closed = new Promise(resolve => server.close(resolve))
    server.closeAllConnections()
    await closed
  }
}
