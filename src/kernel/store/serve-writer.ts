import { chmod, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { Failure } from '../failure.ts'
import { failureData, WriteCrashed, WriterRunning } from './failures.ts'
import { FrameReader, FrameSender, frame } from './frames.ts'
import { openSqlite, type SqliteOptions } from './sqlite.ts'
import type { Store } from './types.ts'
import { WriteList } from './write-list.ts'
import { isRequest, type Request } from './writer-protocol.ts'

export type ServeWriterOptions = SqliteOptions & {
  /** Path of the unix socket, in a folder only this user can enter; at most about 100 bytes long. */
  socket: string
  /** Ends it: writes that were received are answered first. */
  signal: AbortSignal
}

export type Writer = {
  /** The same store, for work of this process. */
  readonly store: Store
  /** Settles once the socket and the file are closed. */
  readonly stopped: Promise<void>
}

/** A client that reads no answers is cut off here. */
const MAX_UNSENT = 64 * 1024 * 1024

/** The one process that writes a SQLite file: it migrates, then answers named writes on a unix socket. */
export async function serveWriter(options: ServeWriterOptions): Promise<Writer> {
  if (await answers(options.socket)) throw WriterRunning(options.socket)
  await rm(options.socket, { force: true })
  const store = await openSqlite(options)
  const clients = new Set<Client>()
  const known = new WriteList(options.writes)
  const ready = frame(['ready', options.migrations.map(({ id }) => id)])
  const server = createServer(socket => {
    const client = new Client(socket, store, known)
    clients.add(client)
    socket.once('close', () => clients.delete(client))
    client.sender.send(ready)
  })
  try {
    await listen(server, options.socket)
  } catch (error) {
    await store.close()
    throw error
  }
  const stopped = aborted(options.signal).then(async () => {
    server.close()
    await Promise.all(Array.from(clients, client => client.finish()))
    await store.close()
  })
  return { store, stopped }
}

class Client {
  readonly sender: FrameSender
  readonly #socket: Socket
  readonly #store: Store
  readonly #known: WriteList
  readonly #open = new Set<Promise<void>>()

  constructor(socket: Socket, store: Store, known: WriteList) {
    this.#socket = socket
    this.#store = store
    this.#known = known
    this.sender = new FrameSender(socket)
    const reader = new FrameReader()
    // The client reconnects and sends again what was not answered.
    socket.on('error', () => socket.destroy())
    socket.on('data', chunk => this.#receive(reader, chunk as Buffer))
  }

  /** Answers what was received, then hangs up. */
  async finish(): Promise<void> {
    this.#socket.pause()
    await Promise.all(this.#open)
    this.sender.flush()
    await new Promise<void>(resolve => {
      this.#socket.once('close', () => resolve())
      if (this.#socket.closed) resolve()
      this.#socket.end(() => this.#socket.destroy())
    })
  }

  #receive(reader: FrameReader, chunk: Buffer): void {
    try {
      for (const message of reader.push(chunk)) {
        if (!isRequest(message)) throw new TypeError('not a request')
        const run = this.#answer(message).finally(() => this.#open.delete(run))
        this.#open.add(run)
      }
    } catch (error) {
      // Not one of ours, or of another version: nothing after this can be trusted.
      this.#socket.destroy(error instanceof Error ? error : undefined)
    }
  }

  async #answer([number, name, input]: Request): Promise<void> {
    const answer = await this.#run(number, name, input)
    this.sender.send(answer)
    if (this.#socket.writableLength > MAX_UNSENT) this.#socket.destroy()
  }

  async #run(number: number, name: string, input: unknown): Promise<Buffer> {
    try {
      return frame([number, true, await this.#store.write(this.#known.find(name), input)])
    } catch (error) {
      const told = error instanceof Failure ? error : WriteCrashed(name, String(error))
      return frame([number, false, failureData(told)])
    }
  }
}

/** Whether somebody listens there. A socket left by a killed process refuses. */
function answers(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  await chmod(path, 0o600)
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}
