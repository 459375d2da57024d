import { connect, type Socket } from 'node:net'
import type { Clock, Ms } from '../clock.ts'
import { failureFrom, StoreBusy, StoreClosed, StoreUnavailable } from './failures.ts'
import { FrameReader, FrameSender, frame } from './frames.ts'
import { isAnswer, isReady } from './writer-protocol.ts'

/** A writer that was killed is back within a second or two; past this the caller should know. */
const DEADLINE_MS = 30_000
const MAX_WAITING = 4096
const MAX_WAITING_BYTES = 64 * 1024 * 1024

type Waiting = {
  readonly bytes: Buffer
  readonly until: Ms
  readonly resolve: (output: unknown) => void
  readonly reject: (error: unknown) => void
}

export type WriterLinkOptions = {
  socket: string
  clock: Clock
  /** Default 30 s, for a write and for the first connection. */
  deadlineMs?: Ms
  /** Whether the writer's schema will do. May throw: then no connection is tried again. */
  accept: (migrations: readonly string[]) => boolean
}

/**
 * The connection to the writing process. It comes back by itself; writes that were not answered are
 * sent again, so one whose answer was lost runs twice.
 */
export class WriterLink {
  readonly #options: WriterLinkOptions
  readonly #deadlineMs: Ms
  readonly #waiting = new Map<number, Waiting>()
  readonly #ready = Promise.withResolvers<void>()
  readonly #drained = Promise.withResolvers<void>()
  #waitingBytes = 0
  #number = 0
  #watched = false
  #closed = false
  #socket: Socket | undefined
  #sender: FrameSender | undefined
  readonly #stop = new AbortController()

  constructor(options: WriterLinkOptions) {
    this.#options = options
    this.#deadlineMs = options.deadlineMs ?? DEADLINE_MS
    this.#ready.promise.catch(() => {})
    void this.#stayConnected()
  }

  /** Resolves once a writer with the right schema answered; rejects after the deadline. */
  async ready(): Promise<void> {
    const waited = this.#options.clock.sleep(this.#deadlineMs, this.#stop.signal).then(
      () => Promise.reject(StoreUnavailable(`no writer answers on ${this.#options.socket}`)),
      () => {},
    )
    await Promise.race([this.#ready.promise, waited])
  }

  send(name: string, input: unknown): Promise<unknown> {
    if (this.#closed) return Promise.reject(StoreClosed())
    if (this.#waiting.size >= MAX_WAITING || this.#waitingBytes >= MAX_WAITING_BYTES) {
      return Promise.reject(StoreBusy(`${this.#waiting.size} writes wait for the writing process`))
    }
    return new Promise((resolve, reject) => {
      const number = ++this.#number
      const bytes = frame([number, name, input])
      const until = this.#options.clock.monotonic() + this.#deadlineMs
      this.#waiting.set(number, { bytes, until, resolve, reject })
      this.#waitingBytes += bytes.length
      this.#sender?.send(bytes)
      if (!this.#watched) void this.#watchDeadlines()
    })
  }

  /** Takes no more writes; waits for the answers to those sent, within their deadline. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#waiting.size > 0) await this.#drained.promise
    this.#stop.abort()
    this.#socket?.destroy()
  }

  async #stayConnected(): Promise<void> {
    const { clock } = this.#options
    for (let failed = 0; !this.#stop.signal.aborted; failed++) {
      if (await this.#connection()) failed = 0
      // 10 ms, then twice as long, 1 s at most; half of it by chance, so that nodes do not come in step.
      const pause = Math.min(1000, 10 * 2 ** Math.min(failed, 10)) * (0.5 + clock.random() / 2)
      await clock.sleep(pause, this.#stop.signal).catch(() => {})
    }
  }

  /** One connection from start to end; true where the writer was ready. */
  #connection(): Promise<boolean> {
    return new Promise(resolve => {
      const socket = connect(this.#options.socket)
      const reader = new FrameReader()
      this.#socket = socket
      let ready = false
      socket.on('data', chunk => {
        try {
          for (const message of reader.push(chunk as Buffer)) {
            if (ready) this.#settle(message)
            else ready = this.#welcome(message, socket)
          }
        } catch (error) {
          socket.destroy(error instanceof Error ? error : undefined)
        }
      })
      // Whatever broke it, the next attempt tells whether it lasts; callers hear of it by their deadline.
      socket.on('error', () => socket.destroy())
      socket.once('close', () => {
        this.#sender = undefined
        resolve(ready)
      })
    })
  }

  #welcome(message: unknown, socket: Socket): boolean {
    if (!isReady(message)) throw new TypeError('the writer speaks another language')
    try {
      if (!this.#options.accept(message[1])) throw new Error('the writer has not migrated yet')
    } catch (error) {
      if (error instanceof Error && 'code' in error) this.#giveUp(error)
      throw error
    }
    this.#sender = new FrameSender(socket)
    for (const { bytes } of this.#waiting.values()) this.#sender.send(bytes)
    this.#ready.resolve()
    return true
  }

  #settle(message: unknown): void {
    if (!isAnswer(message)) throw new TypeError('the writer speaks another language')
    const [number, fine, value] = message
    const waiting = this.#take(number)
    if (fine) waiting?.resolve(value)
    else waiting?.reject(failureFrom(value))
  }

  #take(number: number): Waiting | undefined {
    const waiting = this.#waiting.get(number)
    if (waiting === undefined || !this.#waiting.delete(number)) return
    this.#waitingBytes -= waiting.bytes.length
    if (this.#closed && this.#waiting.size === 0) this.#drained.resolve()
    return waiting
  }

  #giveUp(error: Error): void {
    this.#closed = true
    this.#stop.abort()
    this.#ready.reject(error)
    for (const number of [...this.#waiting.keys()]) this.#take(number)?.reject(error)
  }

  /** One loop for all: a timer a write would cost more than the write. */
  async #watchDeadlines(): Promise<void> {
    this.#watched = true
    const { clock, socket } = this.#options
    while (this.#waiting.size > 0 && !this.#stop.signal.aborted) {
      await clock.sleep(Math.min(250, this.#deadlineMs), this.#stop.signal).catch(() => {})
      const now = clock.monotonic()
      for (const [number, { until }] of this.#waiting) {
        // Numbers grow with time: the first that may wait on ends the search.
        if (until > now) break
        this.#take(number)?.reject(StoreUnavailable(`the writing process did not answer on ${socket}`))
      }
    }
    this.#watched = false
  }
}
