import type { DatabaseSync } from 'node:sqlite'
import type { Mirror } from '../../git/index.ts'
import type { Clock } from '../../kernel/index.ts'
import type { Analyzer } from './analyze.ts'
import { inTransaction } from './database.ts'
import { type FileRow, openKnown } from './known.ts'
import { LARGEST_FILE, type Listed, type Listing, listCommit } from './listing.ts'
import type { RepositoryRow } from './repository-rows.ts'
import { analyzerVersion } from './tables.ts'
import type { Progress } from './types.ts'

/** A transaction: some 100 ms of work, which is what a kill costs. */
const BATCH_FILES = 64
const BATCH_BYTES = 2 * 1024 * 1024

export type Ingest = {
  readonly db: DatabaseSync
  readonly clock: Clock
  readonly analyzer: Analyzer
  readonly mirror: Mirror
  readonly repository: RepositoryRow
  readonly commit: string
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

export type Ingested = {
  readonly parsed: number
  readonly changed: number
  readonly faults: readonly { readonly path: string; readonly why: string }[]
}

type Batch = readonly { readonly file: Listed; readonly bytes: Uint8Array | undefined }[]

/**
 * Brings the repository's rows to this commit. What is parsed is kept batch by batch and found again by its content, so a
 * kill costs one batch; the repository's files are exchanged at the end, at once: a reader sees one commit or the other.
 */
export async function ingest(options: Ingest): Promise<Ingested> {
  const { db, mirror, repository, commit, signal, onProgress } = options
  const name = repository.name
  onProgress({ repository: name, phase: 'listing', done: 0, total: 0 })
  const listing = await listCommit(mirror, commit, repository, signal)
  const known = openKnown(db, repository, listing.paths)
  const now = new Map<string, FileRow>()
  const missing: Listed[] = []
  for (const file of listing.files) {
    const { path, oid, skipped } = file
    const still = known.still(path, oid)
    const artifact = skipped === '' && !still ? known.elsewhere(path, oid) : undefined
    if (skipped !== '') now.set(path, { oid, artifact: null, skipped })
    else if (still && still.skipped !== 'excluded' && still.skipped !== 'too large') now.set(path, still)
    else if (artifact !== undefined) now.set(path, { oid, artifact, skipped: '' })
    else missing.push(file)
  }
  const faults = await analyzeAll(options, missing, listing, now)
  return { parsed: missing.length, changed: exchange(options, known.before, now), faults }
}

async function analyzeAll(
  { db, analyzer, mirror, repository, signal, onProgress }: Ingest,
  missing: readonly Listed[],
  { paths }: Listing,
  now: Map<string, FileRow>,
): Promise<Ingested['faults']> {
  const faults: { path: string; why: string }[] = []
  const onFault = (path: string, error: unknown) =>
    faults.push({ path, why: error instanceof Error ? error.message : String(error) })
  const batches = inBatches(missing)
  const read = (batch: readonly Listed[] = []): Promise<Batch> =>
    Promise.all(batch.map(async file => ({ file, bytes: await mirror.blob(file.oid, LARGEST_FILE) })))
  let done = 0
  let next = read(batches[0])
  for (let at = 0; at < batches.length; at++) {
    const batch = await next
    signal.throwIfAborted()
    // Git reads ahead while this one is parsed.
    next = read(batches[at + 1])
    next.catch(() => undefined)
    db.exec('BEGIN IMMEDIATE')
    try {
      for (const { file, bytes } of batch) now.set(file.path, await analyzer.add(file, bytes, paths, onFault))
      db.exec('COMMIT')
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
    done += batch.length
    onProgress({ repository: repository.name, phase: 'indexing', done, total: missing.length })
  }
  return faults
}

function inBatches(files: readonly Listed[]): Listed[][] {
  const batches: Listed[][] = []
  let bytes = 0
  for (const file of files) {
    const last = batches.at(-1)
    bytes += file.size
    if (last && last.length < BATCH_FILES && bytes <= BATCH_BYTES) last.push(file)
    else {
      batches.push([file])
      bytes = file.size
    }
  }
  return batches
}

/** Returns how many files are others than before. */
function exchange(
  { db, clock, repository, commit }: Ingest,
  before: ReadonlyMap<string, FileRow>,
  now: ReadonlyMap<string, FileRow>,
): number {
  const isSame = (a: FileRow, b: FileRow | undefined) =>
    a.oid === b?.oid && a.artifact === b.artifact && a.skipped === b.skipped
  const changed = [...now].filter(([path, row]) => !isSame(row, before.get(path)))
  const gone = [...before.keys()].filter(path => !now.has(path))
  return inTransaction(db, () => {
    const put = db.prepare(
      `INSERT INTO file (repository, path, oid, artifact, skipped) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (repository, path) DO UPDATE SET oid = excluded.oid, artifact = excluded.artifact, skipped = excluded.skipped`,
    )
    const remove = db.prepare('DELETE FROM file WHERE repository = ? AND path = ?')
    for (const [path, { oid, artifact, skipped }] of changed) put.run(repository.id, path, oid, artifact, skipped)
    for (const path of gone) remove.run(repository.id, path)
    db.prepare(`UPDATE repository SET "commit" = ?, version = ?, indexed_at = ?, trouble = '' WHERE id = ?`).run(
      commit,
      analyzerVersion,
      clock.now(),
      repository.id,
    )
    return changed.length + gone.length
  })
}
