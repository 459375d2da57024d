import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, systemClock } from '../clock.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'
import type { AnyWrite, Migration, Store } from './types.ts'

export type TestStoreOptions = {
  migrations: readonly Migration[]
  writes: readonly AnyWrite[]
  clock?: Clock
}

/** A kind of store to run a suite on: `open` makes an empty one, or a second handle on the `place` of another. */
export type TestEngine = {
  readonly name: string
  /** Whether two handles can be opened on one place. */
  readonly shared: boolean
  place(): { readonly at: string; remove(): Promise<void> }
  open(at: string, options: TestStoreOptions): Promise<Store>
}

const memory: TestEngine = {
  name: 'sqlite in memory',
  shared: false,
  place: () => ({ at: ':memory:', remove: async () => {} }),
  open: (at, { clock = systemClock('test'), ...rest }) => openSqlite({ path: at, clock, ...rest }),
}

const file: TestEngine = {
  name: 'sqlite file',
  shared: true,
  place: () => {
    const dir = mkdtempSync(join(tmpdir(), 'towpath-store-'))
    return { at: join(dir, 'test.sqlite'), remove: async () => rmSync(dir, { recursive: true, force: true }) }
  },
  open: (at, { clock = systemClock('test'), ...rest }) => openSqlite({ path: at, clock, ...rest }),
}

function postgres(url: string): TestEngine {
  return {
    name: 'postgres',
    shared: true,
    place: () => {
      const at = `t_${randomBytes(8).toString('hex')}`
      return { at, remove: () => dropSchema(url, at) }
    },
    open: (at, { clock = systemClock('test'), ...rest }) => openPostgres({ url, schema: at, clock, ...rest }),
  }
}

async function dropSchema(url: string, schema: string): Promise<void> {
  const { Client } = await import('pg')
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(`drop schema if exists ${schema} cascade`)
  await client.end()
}

/** Every engine that a suite must pass on here: Postgres joins where TOWPATH_TEST_POSTGRES holds its URL. */
export function testEngines(): TestEngine[] {
  const url = process.env.TOWPATH_TEST_POSTGRES
  return url ? [memory, file, postgres(url)] : [memory, file]
}

/** An empty store that goes away with its place. */
export async function testStore(engine: TestEngine, options: TestStoreOptions): Promise<Store> {
  const place = engine.place()
  const store = await engine.open(place.at, options)
  return {
    ...store,
    close: async () => {
      await store.close()
      await place.remove()
    },
  }
}
