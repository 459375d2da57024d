import type { Pool, PoolClient } from 'pg'
import type { Clock } from '../clock.ts'
import { Failure } from '../failure.ts'
import { EncodingRefused, StoreConflict } from './failures.ts'
import { InFlight } from './in-flight.ts'
import { MIGRATION_TABLE } from './migrate.ts'
import { openPool, PostgresPoolReads, PostgresReads, STATEMENT_TIMEOUT_MS } from './postgres-connections.ts'
import { type Fault, postgresFault } from './postgres-errors.ts'
import { migratePostgres } from './postgres-migrate.ts'
import type { Sql } from './sql.ts'
import type { AnyWrite, Migration, ReadTx, Store, Tx } from './types.ts'
import { WriteList } from './write-list.ts'

export type PostgresOptions = {
  /** `postgres://user:password@host:port/database`. */
  url: string
  /** Made when it is missing. One per control plane and region. */
  schema: string
  migrations: readonly Migration[]
  writes: readonly AnyWrite[]
  clock: Clock
  /** Connections of this process at most, for reads and as many for writes. Default 6. */
  connections?: number
}

/** 2.5 s of retries in all; past that others would wait behind this one for nothing. */
const MAX_ATTEMPTS = 12
/** From here on it runs alone: a long write among many short ones would meet one of them each time. */
const ALONE_FROM = 6
const MAX_WAITING = 4096

/**
 * A store on PostgreSQL or a server that speaks like it. Writes are serializable and run again when
 * they meet others; a connection that breaks at the commit also runs the write again.
 */
export async function openPostgres(options: PostgresOptions): Promise<Store> {
  const place = { connections: 6, ...options }
  const writer = await openPool(place, 'write')
  const reader = await openPool(place, 'read')
  try {
    await migratePostgres(writer, options)
    await checkEncoding(reader)
    return postgresStore(reader, writer, options)
  } catch (error) {
    await Promise.all([writer.end(), reader.end()])
    throw postgresFault(error, STATEMENT_TIMEOUT_MS).error
  }
}

function postgresStore(reader: Pool, writer: Pool, { writes, clock }: PostgresOptions): Store {
  const known = new WriteList(writes)
  const inFlight = new InFlight(MAX_WAITING)
  return {
    engine: 'postgres',
    read: new PostgresPoolReads(reader),
    snapshot: query => inFlight.run(() => snapshot(reader, query)),
    write: async (write, input) => {
      const found = known.find(write.name)
      return (await inFlight.run(() => retried(writer, found, input, clock))) as never
    },
    close: async () => {
      await inFlight.close()
      await Promise.all([writer.end(), reader.end()])
    },
  }
}

async function retried(pool: Pool, write: AnyWrite, input: unknown, clock: Clock): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(pool, write, input, clock, attempt >= ALONE_FROM)
    } catch (error) {
      const fault = faultOf(error)
      if (fault.kind === 'other') throw fault.error
      if (attempt >= MAX_ATTEMPTS) {
        throw fault.kind === 'conflict' ? StoreConflict(write.name, attempt).from(error) : fault.error
      }
    }
    // Half of it by chance: two that met do not meet again. 5 ms, then twice as long, 500 ms at most.
    await clock.sleep(Math.min(500, 5 * 2 ** (attempt - 1)) * (0.5 + clock.random() / 2))
  }
}

function faultOf(error: unknown): Fault {
  return error instanceof Failure ? { kind: 'other', error } : postgresFault(error, STATEMENT_TIMEOUT_MS)
}

// The lock comes before the first read, so before the snapshot, and in the same round trip. Weak ones don't wait for each
// other; who takes the strong one waits until the others have ended, and they wait for it.
const begin = (mode: string) => `begin isolation level serializable; lock table ${MIGRATION_TABLE} in ${mode} mode`
const AMONG_OTHERS = begin('row share')
const ALONE = begin('exclusive')

async function once(pool: Pool, write: AnyWrite, input: unknown, clock: Clock, alone: boolean): Promise<unknown> {
  return within(pool, alone ? ALONE : AMONG_OTHERS, client => write.run(new PostgresTx(client, clock), input))
}

async function snapshot<T>(pool: Pool, query: (db: ReadTx) => Promise<T>): Promise<T> {
  try {
    const begin = 'begin isolation level repeatable read, read only'
    return await within(pool, begin, client => query(new PostgresReads(client)))
  } catch (error) {
    throw faultOf(error).error
  }
}

async function within<T>(pool: Pool, begin: string, run: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  // Without a listener a connection that breaks between two statements would end the process.
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    await client.query(begin)
    const result = await run(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((worse: Error) => {
      broken = worse
    })
    throw broken && !(error instanceof Failure) ? preferred(error, broken) : error
  } finally {
    client.off('error', onError)
    // A connection whose rollback failed is closed rather than lent again.
    client.release(broken ?? false)
  }
}

/** Statements sent after the first error say less than that one. */
function preferred(error: unknown, broken: Error): unknown {
  return postgresFault(error, STATEMENT_TIMEOUT_MS).kind === 'other' ? broken : error
}

class PostgresTx extends PostgresReads implements Tx {
  readonly clock: Clock
  constructor(client: PoolClient, clock: Clock) {
    super(client)
    this.clock = clock
  }

  async run(query: Sql): Promise<number> {
    return (await this.query(query)).rowCount ?? 0
  }
}

async function checkEncoding(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ server_encoding: string }>('show server_encoding')
  const encoding = rows[0]?.server_encoding ?? 'unknown'
  if (encoding !== 'UTF8') throw EncodingRefused(encoding)
}
