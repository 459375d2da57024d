import { mkdir, open, readdir, rm } from 'node:fs/promises'
import { type BlobStore, type Clock, failure, isCode, newId, type Store, sql } from '../../kernel/index.ts'
import { copyBlobs, syncFolder } from './copy-blobs.ts'
import { dumpDatabase } from './dump-database.ts'
import { type Hold, HoldLost, holdBlobs } from './hold.ts'
import { type BackupManifest, type CopiedBlobs, places, writeManifest } from './manifest.ts'
import type { Progress } from './progress.ts'

export type RegionSource = {
  name: string
  store: Pick<Store, 'engine' | 'read' | 'snapshot' | 'write'>
  blobs: Pick<BlobStore, 'open'>
  /** The folder of the same tree of files, where blobs are files here. */
  linkFrom?: string | undefined
  /** False where nothing runs on the region, so nothing is reclaimed either. */
  hold: boolean
}

export type BackupOptions = {
  to: string
  control: Pick<Store, 'engine' | 'snapshot'>
  regions: readonly RegionSource[]
  clock: Clock
  version: string
  progress: Progress
  /** Finish also where the bytes of some blobs are gone or damaged. */
  acceptLost?: boolean | undefined
}

export const BackupTargetTaken = failure('BACKUP_TARGET_TAKEN', 409, (dir: string, what: string) => ({
  says: `${dir} ${what}`,
  next: 'Name a folder that is empty or does not exist yet',
}))

export const BlobsLost = failure(
  'BACKUP_BLOBS_LOST',
  500,
  (region: string, lost: readonly { key: string; why: string }[]) => ({
    says: `${lost.length} blobs of region ${region} can't be read, first ${lost[0]?.key}: ${lost[0]?.why}`,
    next: 'Look after the disk. `--accept-lost` finishes the backup without them; push their images again after a restore',
    detail: { lost: lost.map(one => one.key).slice(0, 100) },
  }),
)

/**
 * Databases first, each from one snapshot, then the blobs that they name: a blob never changes, and a hold keeps it from being
 * reclaimed meanwhile, so what is pushed and deleted during the backup can't tear it. The manifest comes last.
 */
export async function writeBackup(options: BackupOptions): Promise<BackupManifest> {
  const { to, control, regions, clock, version, progress } = options
  const id = newId(clock, 'bak')
  const startedAt = clock.now()
  await prepare(to)
  const holds: Hold[] = []
  try {
    for (const region of regions) if (region.hold) holds.push(await holdBlobs(region, id, clock))
    const databases = [await dumpDatabase({ name: 'control', kind: 'control', store: control, to })]
    for (const { name, store } of regions) databases.push(await dumpDatabase({ name, kind: 'region', store, to }))
    for (const { name, tables } of databases) {
      progress.say(`${name}: ${sum(tables.map(table => table.rows))} rows in ${tables.length} tables`)
    }
    const blobs: CopiedBlobs[] = []
    for (const region of regions) blobs.push(await copyRegion(region, options))
    for (const hold of holds) hold.check()
    const manifest = { format: 1 as const, id, towpath: version, startedAt, finishedAt: clock.now(), databases, blobs }
    await syncFolder(to)
    await writeManifest(to, manifest)
    await rm(places(to).unfinished)
    await syncFolder(to)
    return manifest
  } finally {
    for (const hold of holds) await hold.release()
  }
}

async function copyRegion(
  { name, store, blobs, linkFrom, hold }: RegionSource,
  { to, progress, acceptLost }: BackupOptions,
): Promise<CopiedBlobs> {
  const at = places(to)
  const counting = progress.count(`${name}: blobs`)
  const copied = await copyBlobs({
    rows: at.table(name, 'region', 'blob'),
    blobs,
    linkFrom,
    to: at.blobs(name),
    isListed: async key => (await store.read.one(sql`select size from blob where blob_key = ${key}`)) !== undefined,
    onBlob: counting.add,
  })
  counting.end()
  // A clock that was set forward, or a machine that slept, and the hold was over before it was renewed.
  if (hold && copied.lost.some(one => one.reclaimed)) throw HoldLost(name)
  const lost = copied.lost.filter(one => !one.reclaimed)
  if (lost.length > 0 && !acceptLost) throw BlobsLost(name, lost)
  for (const { key, why } of lost) progress.say(`${name}: ${key} is left out: ${why}`)
  return { region: name, count: copied.count, bytes: copied.bytes, lost: copied.lost.map(one => one.key) }
}

/** An empty folder, or one that an interrupted backup left: blobs in it are kept, everything else is written anew. */
async function prepare(to: string): Promise<void> {
  const at = places(to)
  await mkdir(to, { recursive: true, mode: 0o700 })
  let names: string[]
  try {
    names = await readdir(to)
  } catch (error) {
    if (isCode(error, 'ENOTDIR')) throw BackupTargetTaken(to, 'is not a folder').from(error)
    throw error
  }
  if (names.length === 0) await (await open(at.unfinished, 'wx', 0o600)).close()
  else if (names.includes('backup.json')) throw BackupTargetTaken(to, 'holds a finished backup')
  else if (!names.includes('unfinished')) throw BackupTargetTaken(to, 'is not empty')
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
