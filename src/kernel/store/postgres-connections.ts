import { createHash } from 'node:crypto'
import type { Pool, PoolClient, QueryConfig } from 'pg'
import { NumberRefused, SchemaName } from './failures.ts'
import { postgresFault } from './postgres-errors.ts'
import type { Sql } from './sql.ts'
import type { ReadTx, Row } from './types.ts'
import { checkValues } from './values.ts'

/** Longer than any page or write of ours takes; a statement past it holds up others for nothing. */
export const STATEMENT_TIMEOUT_MS = 30_000
const CONNECT_TIMEOUT_MS = 10_000

export type PostgresPlace = { url: string; schema: string; connections: number }

/** `pg` is loaded by installations that use it only. */
export async function openPool(place: PostgresPlace, mode: 'read' | 'write'): Promise<Pool> {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(place.schema)) throw SchemaName(place.schema)
  const { Pool } = await import('pg')
  const pool = new Pool({
    connectionString: place.url,
    max: place.connections,
    application_name: 'towpath',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    options: settings(place.schema, mode),
    types: { getTypeParser: parserOf as never },
  })
  // An idle connection that breaks is dropped by the pool; whoever needs one next gets a new one or its error.
  pool.on('error', () => {})
  return pool
}

function settings(schema: string, mode: 'read' | 'write'): string {
  const all = [
    `search_path=${schema}`,
    // A sequential scan is a predicate lock on the whole table, and conflicts with whatever anybody writes there.
    'enable_seqscan=off',
    `statement_timeout=${STATEMENT_TIMEOUT_MS}`,
    // A write waits for nothing but us, a snapshot for a backup's slow disk.
    `idle_in_transaction_session_timeout=${mode === 'write' ? 60_000 : 600_000}`,
    `default_transaction_read_only=${mode === 'read' ? 'on' : 'off'}`,
  ]
  return all.map(setting => `-c ${setting}`).join(' ')
}

type Queryable = Pick<Pool | PoolClient, 'query'>

/** One connection, or the pool where each statement may take any. */
export class PostgresReads implements ReadTx {
  readonly #on: Queryable
  constructor(on: Queryable) {
    this.#on = on
  }

  async one<R extends object = Row>(query: Sql): Promise<R | undefined> {
    return (await this.all<R>(query))[0]
  }

  async all<R extends object = Row>(query: Sql): Promise<R[]> {
    return (await this.query<R>(query)).rows
  }

  protected async query<R extends object>({ text, values }: Sql): Promise<{ rows: R[]; rowCount: number | null }> {
    checkValues(values)
    const { name, numbered } = prepared(text)
    const config: QueryConfig = { name, text: numbered, values: values as unknown[] }
    return this.#on.query<R & Record<string, unknown>>(config)
  }
}

/** Reads outside a transaction: a broken connection is told as such. */
export class PostgresPoolReads extends PostgresReads {
  protected override async query<R extends object>(query: Sql): Promise<{ rows: R[]; rowCount: number | null }> {
    try {
      return await super.query<R>(query)
    } catch (error) {
      throw postgresFault(error, STATEMENT_TIMEOUT_MS).error
    }
  }
}

type Prepared = { readonly name: string; readonly numbered: string }
const statements = new Map<string, Prepared>()

/** `?` numbered, and a name under which each connection prepares it once. */
function prepared(text: string): Prepared {
  const held = statements.get(text)
  if (held) return held
  const made = {
    name: `s${createHash('sha256').update(text).digest('hex').slice(0, 24)}`,
    numbered: numberPlaceholders(text),
  }
  statements.set(text, made)
  return made
}

/** A `?` within quotes is text. */
export function numberPlaceholders(text: string): string {
  let n = 0
  return text.replaceAll(/'[^']*'|"[^"]*"|\?/g, part => (part === '?' ? `$${++n}` : part))
}

const asNumber = (text: string) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw NumberRefused(text)
  return value
}
const PARSERS = new Map<number, (text: string) => unknown>([
  [16, text => (text === 't' ? 1 : 0)],
  [17, text => Uint8Array.fromHex(text.slice(2))],
  [20, asNumber],
  [21, asNumber],
  [23, asNumber],
  // sum() of a bigint.
  [1700, asNumber],
])

/** By type id: what a column gives is what SQLite would give. */
function parserOf(type: number): (text: string) => unknown {
  return PARSERS.get(type) ?? (text => text)
}
