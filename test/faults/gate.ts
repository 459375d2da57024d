/** Where clients wait while something is killed and checked. Each passes it before every request. */
export class Gate {
  readonly #clients: number
  #waiting = 0
  #closed: PromiseWithResolvers<void> | undefined
  #allWait: PromiseWithResolvers<void> | undefined

  constructor(clients: number) {
    this.#clients = clients
  }

  async pass(): Promise<void> {
    while (this.#closed) {
      this.#waiting++
      if (this.#waiting === this.#clients) this.#allWait?.resolve()
      await this.#closed.promise
      this.#waiting--
    }
  }

  /** Resolves when every client waits here, so no request is under way. */
  close(): Promise<void> {
    this.#closed = Promise.withResolvers<void>()
    this.#allWait = Promise.withResolvers<void>()
    return this.#allWait.promise
  }

  open(): void {
    const closed = this.#closed
    this.#closed = undefined
    closed?.resolve()
  }
}
