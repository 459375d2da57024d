import assert from 'node:assert/strict'
import {
  type BlobKey,
  type BlobStore,
  type Disk,
  eachRow,
  insertRow,
  listTables,
  type Row,
  readAll,
  type Store,
  type Table,
  write,
} from '../../src/kernel/index.ts'
import { holdReclaim, releaseReclaim } from '../../src/registry/index.ts'

/** Every row of one moment, and the bytes of every blob that they name. */
export type Backup = { readonly tables: readonly Content[]; readonly blobs: ReadonlyMap<BlobKey, Uint8Array> }
type Content = { readonly table: Table; readonly rows: readonly Row[] }

// Further than a clock here jumps while a backup is made: the real one is renewed each minute.
const HOLD_MS = 30 * 24 * 3600_000
export const HOLDER = 'backup'
const MOST_BYTES = 10_000_000

/** As `towpath backup` does it: a hold, one snapshot, then blob by blob, while everybody goes on. */
export async function takeBackup(store: Store, blobs: BlobStore, pause: () => Promise<void>): Promise<Backup> {
  await store.write(holdReclaim, { holder: HOLDER, forMs: HOLD_MS })
  const tables = await store.snapshot(async db => {
    const all: Content[] = []
    for (const table of await listTables(db, store.engine)) {
      all.push({ table, rows: await Array.fromAsync(eachRow(db, table)) })
    }
    return all
  })
  const copied = new Map<BlobKey, Uint8Array>()
  for (const row of tables.find(({ table }) => table.name === 'blob')?.rows ?? []) {
    await pause()
    const key = row.blob_key as BlobKey
    const source = await blobs.open(key)
    assert.ok(source, `the backup has the row of ${key}, and its bytes are missing`)
    copied.set(key, await readAll(source, MOST_BYTES))
  }
  await store.write(releaseReclaim, { holder: HOLDER })
  return { tables, blobs: copied }
}

/** A write, as all that changes a store. */
export const loadTables = write('sim.load-tables', async (tx, tables: readonly Content[]): Promise<null> => {
  for (const { table, rows } of tables) for (const row of rows) await insertRow(tx, table, row)
  return null
})

export async function placeBlobs(disk: Disk, { blobs }: Backup): Promise<void> {
  for (const [key, bytes] of blobs) {
    const path = blobPath(key)
    await disk.makeDir(path.slice(0, path.lastIndexOf('/')))
    const file = await disk.open(path, 'create')
    await file.write([bytes], 0)
    await file.sync()
    await file.close()
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      await disk.syncDir(path.slice(0, at))
    await disk.syncDir('/')
  }
}

/** Where a region's files driver has the blob. */
export function blobPath(key: string): string {
  return `/data/blobs/${key.replace(/^(sha\d+):(..)/, '$1/$2/$2')}`
}
