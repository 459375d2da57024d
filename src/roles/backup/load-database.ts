import { endRestored } from '../../identity/index.ts'
import {
  type AnyWrite,
  eachRow,
  Failure,
  failure,
  insertRow,
  listTables,
  type Migration,
  newIncarnation,
  type Row,
  SchemaNewer,
  type Store,
  sql,
  type Table,
  write,
} from '../../kernel/index.ts'
import { readLines } from './lines.ts'
import { BackupNewer, BackupUnreadable, type DumpedDatabase, places } from './manifest.ts'
import { parseRow } from './row-text.ts'

export const RestoreTargetTaken = failure('RESTORE_TARGET_TAKEN', 409, (name: string, table: string) => ({
  says: `The database of ${name} is not empty: table ${table} has rows`,
  next: 'Restore into an empty home or schema. After an interrupted restore remove what it made and run it again',
}))

/**
 * A schema step that is marked as done while a restore runs. No version knows it, so none starts on a database that is
 * half restored: what the schema's own guard is for.
 */
const UNFINISHED: Migration = { id: 'restore-is-not-finished', statements: [] }

export const RestoreInterrupted = failure('RESTORE_INTERRUPTED', 409, (name: string) => ({
  says: `The database of ${name} holds half of a restore that was interrupted`,
  next: 'Remove the home, or drop the schema, and restore again',
}))

const ROWS_A_WRITE = 500
const BYTES_A_WRITE = 4 * 1024 * 1024

const loadRows = write('restore.load-rows', async (tx, { table, rows }: { table: Table; rows: readonly Row[] }) => {
  for (const row of rows) await insertRow(tx, table, row)
})

const beginRestore = write('restore.begin', async (tx, id: string) => {
  const now = tx.clock.now()
  await tx.run(sql`insert into schema_migration (id, applied_at) values (${id}, ${now}) on conflict (id) do nothing`)
})

const finishRestore = write('restore.finish', async (tx, id: string) => {
  await tx.run(sql`delete from schema_migration where id = ${id}`)
})

export type DatabaseTarget = {
  /** Migrations in the order of this version, and the writes that `newIncarnation` belongs to. */
  migrations: readonly Migration[]
  open(schema: { migrations: readonly Migration[]; writes: readonly AnyWrite[] }): Promise<Store>
}

export type LeaveOut = (table: string, row: Row) => boolean

type Options = {
  from: string
  dumped: DumpedDatabase
  target: DatabaseTarget
  /** Rows that are not restored. */
  leaveOut: LeaveOut
}

const writes: readonly AnyWrite[] = [beginRestore, loadRows, finishRestore, newIncarnation, endRestored]

/** Throws where this version does not know the schema of the dump. */
export function checkSchema(dumped: DumpedDatabase, migrations: readonly Migration[]): void {
  const unknown = dumped.migrations.filter(id => !migrations.some(migration => migration.id === id))
  if (unknown.length > 0) throw BackupNewer(`the database of ${dumped.name} has the schema steps ${unknown.join(', ')}`)
}

/** Fills an empty database under the schema that the dump had, then brings it to this version's, then says it is whole. */
export async function loadDatabase({ from, dumped, target, leaveOut }: Options): Promise<void> {
  checkSchema(dumped, target.migrations)
  const then = target.migrations.filter(({ id }) => dumped.migrations.includes(id))
  const old = await openEmpty(dumped.name, target, then)
  try {
    await old.write(beginRestore, UNFINISHED.id)
    await fill(old, from, dumped, leaveOut)
  } finally {
    await old.close()
  }
  const now = await target.open({ migrations: [...target.migrations, UNFINISHED], writes })
  try {
    // Its own numbers start anew: who followed the feed that went on after the backup must not take this one for it.
    if (dumped.kind === 'region') await now.write(newIncarnation, dumped.name)
    else await now.write(endRestored, null)
    await now.write(finishRestore, UNFINISHED.id)
  } finally {
    await now.close()
  }
}

/** Nothing is changed in a database that is in use. */
async function openEmpty(name: string, target: DatabaseTarget, migrations: readonly Migration[]): Promise<Store> {
  let store: Store
  try {
    store = await target.open({ migrations, writes })
  } catch (error) {
    const ids = error instanceof Failure && error.is(SchemaNewer) ? error.detail.ids : undefined
    if (Array.isArray(ids) && ids.includes(UNFINISHED.id)) throw RestoreInterrupted(name).from(error)
    throw error
  }
  for (const table of await listTables(store.read, store.engine)) {
    const rows = eachRow(store.read, table)
    const { done } = await rows.next()
    await rows.return()
    if (done) continue
    await store.close()
    throw RestoreTargetTaken(name, table.name)
  }
  return store
}

async function fill(store: Store, from: string, dumped: DumpedDatabase, leaveOut: LeaveOut): Promise<void> {
  const tables = await listTables(store.read, store.engine)
  for (const { name, rows } of dumped.tables) {
    const path = places(from).table(dumped.name, dumped.kind, name)
    const table = tables.find(one => one.name === name)
    if (!table) throw BackupUnreadable(path, 'its schema has no such table')
    const left = await fillTable(store, table, path, leaveOut)
    const held = await store.read.one<{ count: number }>({ text: `select count(*) as count from ${name}`, values: [] })
    if (held?.count !== rows - left) throw BackupUnreadable(path, `${held?.count} rows came out of ${rows - left}`)
  }
}

/** Returns how many rows stayed out. */
async function fillTable(store: Store, table: Table, path: string, leaveOut: LeaveOut): Promise<number> {
  let rows: Row[] = []
  let bytes = 0
  let left = 0
  const flush = async () => {
    if (rows.length > 0) await store.write(loadRows, { table, rows })
    rows = []
    bytes = 0
  }
  for await (const line of readLines(path)) {
    const row = parseRow(line)
    if (leaveOut(table.name, row)) {
      left += 1
      continue
    }
    checkColumns(row, table, path)
    rows.push(row)
    bytes += line.length
    if (rows.length >= ROWS_A_WRITE || bytes >= BYTES_A_WRITE) await flush()
  }
  await flush()
  return left
}

function checkColumns(row: Row, { columns }: Table, path: string): void {
  const odd = Object.keys(row).find(column => !columns.includes(column)) ?? columns.find(column => !(column in row))
  if (odd !== undefined) throw BackupUnreadable(path, `column ${odd} is not both in the file and in the schema`)
}
