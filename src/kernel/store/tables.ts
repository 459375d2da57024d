import { NoPrimaryKey } from './failures.ts'
import { MIGRATION_TABLE } from './migrate.ts'
import type { Sql, SqlValue } from './sql.ts'
import type { ReadTx, Row, Store, Tx } from './types.ts'

export type Table = {
  readonly name: string
  readonly columns: readonly string[]
  /** Columns of the primary key, in its order. */
  readonly key: readonly string[]
  /** Whether a column holds bytes: a row may then be megabytes long. */
  readonly hasBytes: boolean
}

/** A page is in memory at once. Bytes are bounded to a few MiB a row by who writes them. */
const PAGE_ROWS = 500
const PAGE_ROWS_WITH_BYTES = 8

type Column = { table_name: string; column_name: string; type: string; key_position: number }

const sqliteColumns = `select t.name as table_name, c.name as column_name, c.type as type, c.pk as key_position
  from sqlite_schema t join pragma_table_info(t.name) c
  where t.type = 'table' and substr(t.name, 1, 7) <> 'sqlite_' order by t.name, c.cid`

const postgresColumns = `select c.relname as table_name, a.attname as column_name, format_type(a.atttypid, null) as type,
    coalesce(array_position(i.indkey::int2[], a.attnum), -1) + 1 as key_position
  from pg_class c join pg_attribute a on a.attrelid = c.oid left join pg_index i on i.indrelid = c.oid and i.indisprimary
  where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace and a.attnum > 0 and not a.attisdropped
  order by c.relname collate "C", a.attnum`

/** All tables but the schema's own record, by name. Throws NoPrimaryKey: a table without one cannot be dumped. */
export async function listTables(db: ReadTx, engine: Store['engine']): Promise<Table[]> {
  const text = engine === 'sqlite' ? sqliteColumns : postgresColumns
  const byTable = new Map<string, Column[]>()
  for (const column of await db.all<Column>({ text, values: [] })) {
    if (column.table_name === MIGRATION_TABLE) continue
    const columns = byTable.get(column.table_name)
    if (columns) columns.push(column)
    else byTable.set(column.table_name, [column])
  }
  return Array.from(byTable, ([name, columns]) => describe(name, columns))
}

function describe(name: string, columns: readonly Column[]): Table {
  const key = columns.filter(column => column.key_position > 0).sort((a, b) => a.key_position - b.key_position)
  if (key.length === 0) throw NoPrimaryKey(name)
  return {
    name,
    columns: columns.map(column => column.column_name),
    key: key.map(column => column.column_name),
    hasBytes: columns.some(column => /^(blob|bytea)$/i.test(column.type)),
  }
}

/** Every row in the order of the primary key, read in pages. Inside `snapshot` it is one moment of the table. */
export async function* eachRow(db: ReadTx, table: Table): AsyncGenerator<Row, void, void> {
  const limit = table.hasBytes ? PAGE_ROWS_WITH_BYTES : PAGE_ROWS
  for (let after: SqlValue[] | undefined; ; ) {
    const rows = await db.all<Row>(page(table, after, limit))
    yield* rows
    const last = rows.at(-1)
    if (rows.length < limit || last === undefined) return
    after = table.key.map(column => last[column] ?? null)
  }
}

/** Adds a row as `eachRow` gave it. One that is there already stays, so a write that runs twice does no harm. */
export async function insertRow(tx: Tx, table: Table, row: Row): Promise<void> {
  const columns = table.columns.map(quoted).join(', ')
  const places = table.columns.map(() => '?').join(', ')
  const text = `insert into ${quoted(table.name)} (${columns}) values (${places}) on conflict do nothing`
  await tx.run({ text, values: table.columns.map(column => row[column] ?? null) })
}

function page(table: Table, after: SqlValue[] | undefined, limit: number): Sql {
  const key = table.key.map(quoted).join(', ')
  const beyond = after === undefined ? '' : `where (${key}) > (${table.key.map(() => '?').join(', ')})`
  const columns = table.columns.map(quoted).join(', ')
  const text = `select ${columns} from ${quoted(table.name)} ${beyond} order by ${key} limit ?`
  return { text, values: [...(after ?? []), limit] }
}

/** Names come from the database's own catalogue, and still are not text. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
