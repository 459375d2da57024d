import { type BlobStore, type Clock, failure } from '../../kernel/index.ts'
import { summarize } from './lines.ts'
import { loadBlobs } from './load-blobs.ts'
import { checkSchema, type DatabaseTarget, type LeaveOut, loadDatabase } from './load-database.ts'
import { type BackupManifest, BackupUnreadable, places, readManifest } from './manifest.ts'
import type { Progress } from './progress.ts'

export type RestoreOptions = {
  from: string
  control: DatabaseTarget
  regions: readonly { name: string; database: DatabaseTarget; blobs: (node: string) => BlobStore; wholeHere: boolean }[]
  clock: Clock
  progress: Progress
}

export const RestoreRegions = failure('RESTORE_REGIONS', 409, (backup: readonly string[], here: readonly string[]) => ({
  says: `The backup has the regions ${backup.join(', ')}, the configuration has ${here.join(', ')}`,
  next: 'Name the same regions in towpath.yaml; their databases and blobs may be elsewhere',
}))

/** Everything that can be known to be wrong is found before anything is written. Blobs come before the rows that name them. */
export async function readBackup({ from, control, regions, clock, progress }: RestoreOptions): Promise<BackupManifest> {
  const manifest = await readManifest(from)
  const at = places(from)
  const had = manifest.databases.filter(one => one.kind === 'region').map(one => one.name)
  const here = regions.map(region => region.name)
  if ([...had].sort().join() !== [...here].sort().join()) throw RestoreRegions(had, here)

  const targetOf = (name: string, kind: string) =>
    kind === 'control' ? control : (regions.find(region => region.name === name)?.database ?? control)
  for (const dumped of manifest.databases) {
    checkSchema(dumped, targetOf(dumped.name, dumped.kind).migrations)
    for (const table of dumped.tables) {
      const path = at.table(dumped.name, dumped.kind, table.name)
      const found = await summarize(path)
      if (found.sha256 !== table.sha256) throw BackupUnreadable(path, `its hash is not the one in ${at.manifest}`)
    }
  }
  progress.say(`${from}: tables of ${manifest.databases.length} databases are as they were written`)

  const lost = new Map(manifest.blobs.map(blobs => [blobs.region, new Set(blobs.lost)]))
  for (const { region, bytes } of manifest.blobs) {
    const target = regions.find(one => one.name === region)
    if (!target) throw RestoreRegions(had, here)
    const counting = progress.count(`${region}: blobs`)
    const rows = at.table(region, 'region', 'blob')
    const known = lost.get(region) ?? new Set()
    await loadBlobs({
      region,
      rows,
      from: at.blobs(region),
      bytes,
      blobs: target.blobs,
      wholeHere: target.wholeHere,
      lost: known,
      clock,
      onBlob: counting.add,
    })
    counting.end()
  }
  // Control last: without it nothing can be started on what is half there.
  for (const dumped of manifest.databases.toSorted(
    (a, b) => Number(a.kind === 'control') - Number(b.kind === 'control'),
  )) {
    await loadDatabase({
      from,
      dumped,
      target: targetOf(dumped.name, dumped.kind),
      leaveOut: leavingOut(manifest, lost.get(dumped.name) ?? new Set()),
    })
    progress.say(`${dumped.name}: ${dumped.tables.reduce((sum, table) => sum + table.rows, 0)} rows`)
  }
  return manifest
}

/** Clocks of two machines may differ by so much. */
const SKEW_MS = 60_000

/**
 * Rows that name a blob whose bytes are not in the backup: a push brings them back. And heads of the audit that were
 * kept while it was made: the other database's snapshot may be older, and would look cut back.
 */
function leavingOut({ startedAt }: BackupManifest, lost: ReadonlySet<string>): LeaveOut {
  return (table, row) => {
    if (table === 'audit_anchor') return Number(row.kept_at) > startedAt - SKEW_MS
    return typeof row.blob_key === 'string' && lost.has(row.blob_key)
  }
}
