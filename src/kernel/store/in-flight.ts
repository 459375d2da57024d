import { StoreBusy, StoreClosed } from './failures.ts'

/** Counts what is under way: refuses past a bound, and lets `close` wait for the rest. */
export class InFlight {
  readonly #limit: number
  #open = 0
  #closed = false
  readonly #empty = Promise.withResolvers<void>()

  constructor(limit: number) {
    this.#limit = limit
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw StoreClosed()
    if (this.#open >= this.#limit) throw StoreBusy(`${this.#limit} requests wait for it`)
    this.#open++
    try {
      return await work()
    } finally {
      this.#open--
      if (this.#closed && this.#open === 0) this.#empty.resolve()
    }
  }

  /** Takes no more; resolves once all that is under way has ended. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#open > 0) await this.#empty.promise
  }
}
