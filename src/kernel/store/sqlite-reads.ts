import { SqliteConnection } from './sqlite-connection.ts'
import type { ReadTx } from './types.ts'

/** Snapshots open at once; more wait for one to end. */
const MAX_SNAPSHOTS = 16
/** Connections kept for the next snapshot. */
const MAX_IDLE = 4

/** The reading half of a SQLite file: one connection for single statements, a pool for snapshots. */
export class SqliteReads {
  readonly #path: string
  readonly #single: SqliteConnection
  readonly #idle: SqliteConnection[] = []
  readonly #waiting: (() => void)[] = []
  #open = 0
  #closing: (() => void) | undefined

  constructor(path: string) {
    this.#path = path
    this.#single = new SqliteConnection(path, 'read')
  }

  /** Each statement its own snapshot, answered at once. */
  get read(): ReadTx {
    return this.#single
  }

  async snapshot<T>(query: (db: ReadTx) => Promise<T>): Promise<T> {
    if (this.#open >= MAX_SNAPSHOTS) await new Promise<void>(resolve => this.#waiting.push(resolve))
    else this.#open++
    try {
      return await this.#within(query)
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#leave()
    }
  }

  /** Waits for open snapshots. */
  async close(): Promise<void> {
    if (this.#open > 0) await new Promise<void>(resolve => (this.#closing = resolve))
    for (const connection of this.#idle) connection.close()
    this.#single.close()
  }

  async #within<T>(query: (db: ReadTx) => Promise<T>): Promise<T> {
    const connection = this.#idle.pop() ?? new SqliteConnection(this.#path, 'read')
    let fit = false
    try {
      connection.step('begin')
      const [result] = await Promise.allSettled([query(connection)])
      connection.step('commit')
      fit = true
      if (result.status === 'rejected') throw result.reason
      return result.value
    } finally {
      // One that cannot end its transaction would show the next snapshot an old moment.
      if (fit && this.#idle.length < MAX_IDLE) this.#idle.push(connection)
      else connection.close()
    }
  }

  #leave(): void {
    this.#open--
    if (this.#open === 0) this.#closing?.()
  }
}
