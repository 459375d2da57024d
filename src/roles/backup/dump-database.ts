import { mkdir } from 'node:fs/promises'
import { eachRow, listTables, type ReadTx, type Store, sql, type Table } from '../../kernel/index.ts'
import { syncFolder } from './copy-blobs.ts'
import { LineWriter } from './lines.ts'
import { type DumpedDatabase, places } from './manifest.ts'
import { formatRow } from './row-text.ts'

type Options = {
  name: string
  kind: DumpedDatabase['kind']
  store: Pick<Store, 'engine' | 'snapshot'>
  /** The backup's folder. */
  to: string
}

/** Every table of a database as a file of lines, all from one snapshot. */
export async function dumpDatabase({ name, kind, store, to }: Options): Promise<DumpedDatabase> {
  const at = places(to)
  await mkdir(at.folder(name, kind), { recursive: true, mode: 0o700 })
  const dumped = await store.snapshot(async db => {
    const migrations = await db.all<{ id: string }>(sql`select id from schema_migration order by id`)
    const tables: DumpedDatabase['tables'] = []
    for (const table of await listTables(db, store.engine)) {
      tables.push({ name: table.name, ...(await dumpTable(db, table, at.table(name, kind, table.name))) })
    }
    return { name, kind, engine: store.engine, migrations: migrations.map(row => row.id), tables }
  })
  await syncFolder(at.folder(name, kind))
  return dumped
}

async function dumpTable(db: ReadTx, table: Table, path: string) {
  const lines = await LineWriter.create(path)
  try {
    for await (const row of eachRow(db, table)) await lines.add(formatRow(row))
  } catch (error) {
    await lines.abandon()
    throw error
  }
  return lines.end()
}
