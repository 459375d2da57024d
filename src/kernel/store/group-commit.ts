import type { Clock } from '../clock.ts'
import { StoreBusy, StoreClosed, WriteWandered } from './failures.ts'
import type { Sql } from './sql.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import type { AnyWrite, Row, Tx } from './types.ts'

/** One fsync for so many writes: at 100 a commit it no longer shows in the cost of a write. */
const MAX_BATCH = 256
/** A batch holds up its event loop; past this the rest waits for the next one. */
const MAX_BATCH_MS = 5
/** Past this a caller hears "busy" rather than waiting for what may be seconds. */
const MAX_WAITING = 4096

type Waiting = {
  readonly write: AnyWrite
  readonly input: unknown
  readonly resolve: (output: unknown) => void
  readonly reject: (error: unknown) => void
}
/**
 * The one writer of a SQLite file. Writes that wait run one after another inside one transaction,
 * each in a savepoint of its own, and all are answered after its COMMIT.
 */
export class GroupCommit {
  readonly #connection: SqliteConnection
  readonly #clock: Clock
  readonly #gather: (start: () => void) => void
  #waiting: Waiting[] = []
  #running: Promise<void> | undefined
  #holds = 0
  #closed = false

  /** `gather` decides when a batch begins after its first write came: later catches more writes. */
  constructor(connection: SqliteConnection, clock: Clock, gather: (start: () => void) => void) {
    this.#connection = connection
    this.#clock = clock
    this.#gather = gather
  }

  /** The batch under way, for readers that share its connection. */
  get running(): Promise<void> | undefined {
    return this.#connection.inTransaction ? this.#running : undefined
  }

  submit(write: AnyWrite, input: unknown): Promise<unknown> {
    if (this.#closed) return Promise.reject(StoreClosed())
    if (this.#waiting.length >= MAX_WAITING) return Promise.reject(StoreBusy(`${MAX_WAITING} writes wait`))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ write, input, resolve, reject })
      this.#start()
    })
  }

  /** Runs something on the connection while no batch does. Several may hold at once. */
  async hold<T>(run: () => Promise<T>): Promise<T> {
    this.#holds++
    try {
      await this.#running
      return await run()
    } finally {
      this.#holds--
      this.#start()
    }
  }

  /** Takes no more writes; resolves once those that wait are answered. */
  async close(): Promise<void> {
    this.#closed = true
    while (this.#running !== undefined || this.#waiting.length > 0) {
      await (this.#running ?? new Promise(resolve => setImmediate(resolve)))
    }
  }

  #start(): void {
    if (this.#running !== undefined || this.#holds > 0 || this.#waiting.length === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#running = promise
    this.#gather(() => {
      void this.#batch().finally(() => {
        this.#running = undefined
        resolve()
        this.#start()
      })
    })
  }

  /** Never rejects: every error goes to the writes it concerns. */
  async #batch(): Promise<void> {
    const taken: Waiting[] = []
    try {
      this.#connection.step('begin immediate')
      const answers = await this.#fill(taken)
      this.#connection.step('commit')
      for (const answer of answers) answer()
    } catch (error) {
      const cause = this.#rollBack(error)
      const lost = taken.length > 0 ? taken : this.#waiting.splice(0, MAX_BATCH)
      for (const { reject } of lost) reject(cause)
    }
  }

  async #fill(taken: Waiting[]): Promise<(() => void)[]> {
    const turn = watchTurn()
    const end = this.#clock.monotonic() + MAX_BATCH_MS
    const answers: (() => void)[] = []
    try {
      while (answers.length < MAX_BATCH && !turn.passed) {
        const next = this.#waiting.shift()
        if (next === undefined) break
        taken.push(next)
        answers.push(await this.#one(next, turn))
        if (this.#clock.monotonic() >= end) break
      }
    } finally {
      turn.stop()
    }
    return answers
  }

  /** Runs one write and returns how it is answered after the commit; throws where the whole batch is lost. */
  async #one({ write, input, resolve, reject }: Waiting, turn: TurnWatch): Promise<() => void> {
    const tx = new SqliteTx(this.#connection, this.#clock)
    this.#connection.step('savepoint one')
    try {
      const output = await Promise.race([write.run(tx, input), turn.over])
      if (output === WANDERED) throw WriteWandered(write.name)
      this.#connection.step('release one')
      return () => resolve(output)
    } catch (error) {
      // A full disk can make SQLite roll back everything; then no write of the batch happened.
      if (!this.#connection.inTransaction) throw error
      this.#connection.step('rollback to one')
      this.#connection.step('release one')
      return () => reject(error)
    } finally {
      tx.end()
    }
  }

  /** Returns what to tell the writes of the batch. */
  #rollBack(error: unknown): unknown {
    try {
      if (this.#connection.inTransaction) this.#connection.step('rollback')
      return error
    } catch (worse) {
      return worse
    }
  }
}

const WANDERED = Symbol('wandered')
type TurnWatch = { readonly passed: boolean; readonly over: Promise<typeof WANDERED>; stop(): void }

/**
 * Notices when the event loop turns while a batch is open: SQLite answers at once, so a write that
 * takes longer awaits something else, and would hold up every other write.
 */
function watchTurn(): TurnWatch {
  const { promise, resolve } = Promise.withResolvers<typeof WANDERED>()
  const watch = { passed: false, over: promise, stop: () => clearImmediate(turn) }
  const turn = setImmediate(() => {
    watch.passed = true
    resolve(WANDERED)
  })
  return watch
}

/** A transaction's handle; useless once the write is over, so that a stray call changes nothing. */
class SqliteTx implements Tx {
  readonly clock: Clock
  #connection: SqliteConnection | undefined

  constructor(connection: SqliteConnection, clock: Clock) {
    this.#connection = connection
    this.clock = clock
  }

  one<R extends object = Row>(query: Sql): R | undefined {
    return this.#open().one(query)
  }

  all<R extends object = Row>(query: Sql): R[] {
    return this.#open().all(query)
  }

  run(query: Sql): number {
    return this.#open().run(query)
  }

  end(): void {
    this.#connection = undefined
  }

  #open(): SqliteConnection {
    if (this.#connection === undefined) throw WriteWandered('over')
    return this.#connection
  }
}
