import type { DatabaseSync } from 'node:sqlite'
import type { AskedPaths } from './asked-paths.ts'
import { analyzerVersion } from './tables.ts'
import type { Skipped } from './types.ts'

export type FileRow = { readonly oid: string; readonly artifact: number | null; readonly skipped: Skipped | '' }

export type Known = {
  /** What the repository's rows say of this file, where that still holds. */
  still(path: string, oid: string): FileRow | undefined
  /** An artifact of the same path and bytes whose answers hold in this repository: of an earlier try, or of another repository. */
  elsewhere(path: string, oid: string): number | undefined
  readonly before: ReadonlyMap<string, FileRow>
}

type Repository = { readonly id: number; readonly version: string }

export function openKnown(db: DatabaseSync, repository: Repository, paths: AskedPaths): Known {
  const before = readFiles(db, repository.id)
  const isCurrent = repository.version === analyzerVersion
  const outdated = isCurrent ? outdatedBy(db, repository.id, before, paths) : new Set<number>()
  const candidates = db.prepare('SELECT id, paths FROM artifact WHERE oid = ? AND path = ? AND version = ?')
  const asked = db.prepare('SELECT path, present FROM asked_path WHERE artifact = ?')
  const holds = ({ id, paths: lookedAt }: { id: number; paths: string }) =>
    (lookedAt === '' || lookedAt === paths.digest) &&
    (asked.all(id) as { path: string; present: number }[]).every(one => paths.holds(one.path) === (one.present === 1))
  return {
    before,
    still(path, oid) {
      const row = before.get(path)
      if (!isCurrent || row?.oid !== oid) return undefined
      return row.artifact !== null && outdated.has(row.artifact) ? undefined : row
    },
    elsewhere: (path, oid) =>
      (candidates.all(oid, path, analyzerVersion) as { id: number; paths: string }[]).find(holds)?.id,
  }
}

function readFiles(db: DatabaseSync, repository: number): Map<string, FileRow> {
  const rows = db.prepare('SELECT path, oid, artifact, skipped FROM file WHERE repository = ?').all(repository)
  return new Map((rows as (FileRow & { path: string })[]).map(({ path, ...row }) => [path, row]))
}

/** Artifacts that asked whether a path is there that has come or gone since. */
function outdatedBy(
  db: DatabaseSync,
  repository: number,
  before: ReadonlyMap<string, FileRow>,
  paths: AskedPaths,
): Set<number> {
  const moved = new Set([...before.keys()].filter(path => !paths.holds(path)))
  for (const path of paths.all()) if (!before.has(path)) moved.add(path)
  if (moved.size === 0) return new Set()
  const lookedAtAll = db
    .prepare("SELECT a.id FROM artifact a JOIN file f ON f.artifact = a.id WHERE f.repository = ? AND a.paths <> ''")
    .all(repository)
  const asked = db.prepare('SELECT artifact AS id FROM asked_path WHERE path = ?')
  const rows = [...lookedAtAll, ...[...moved].flatMap(path => asked.all(path))]
  return new Set((rows as { id: number }[]).map(({ id }) => id))
}
