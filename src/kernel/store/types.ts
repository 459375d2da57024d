import type { Clock } from '../clock.ts'
import type { Sql } from './sql.ts'

/** SQLite answers at once, Postgres later; `await` takes both. */
export type Soon<T> = T | Promise<T>

/** Column values as both engines give them: `bigint` columns are numbers, `bytes` are Uint8Array, nothing else. */
export type Row = Record<string, string | number | Uint8Array | null>

export type ReadTx = {
  /** The first row. */
  one<R extends object = Row>(query: Sql): Soon<R | undefined>
  all<R extends object = Row>(query: Sql): Soon<R[]>
}

export type Tx = ReadTx & {
  /** Returns how many rows changed. */
  run(query: Sql): Soon<number>
  /** Time inside the transaction: a write that runs twice takes a new one. */
  readonly clock: Clock
}

/**
 * A named function over one transaction. It awaits nothing but `tx`, and may run twice: after a
 * serialization failure, or because the caller lost the answer. Input and output cross a process
 * boundary: plain data and Uint8Array only.
 */
export type Write<I, O> = { readonly name: string; readonly run: (tx: Tx, input: I) => Promise<O> }

// biome-ignore lint/suspicious/noExplicitAny: a list of writes of every input and output has no narrower type
export type AnyWrite = Write<any, any>

export type Store = {
  readonly engine: 'sqlite' | 'postgres'
  /** Single statements, each its own snapshot: the hot path. Sees every write acknowledged before. */
  readonly read: ReadTx
  /** Several statements over one snapshot. A write awaited inside never ends in memory, where there is one connection. */
  snapshot<T>(query: (db: ReadTx) => Promise<T>): Promise<T>
  /** Durable when it resolves. A failure thrown by the write rolls it back, and only it. */
  write<I, O>(write: Write<I, O>, input: I): Promise<O>
  close(): Promise<void>
}

/**
 * One step of one room's schema, applied once and in the order of the list. Statements are written
 * for both engines with `{text}`, `{bigint}` and `{bytes}` for the column types and `{strict}` after
 * the closing bracket of a CREATE TABLE.
 */
export type Migration = { readonly id: string; readonly statements: readonly string[] }

export function write<I, O>(name: string, run: (tx: Tx, input: I) => Promise<O>): Write<I, O> {
  return { name, run }
}
