import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { Ms } from '../../kernel/index.ts'
import type { GoldenSource } from '../config/types.ts'
import type { Trouble } from './types.ts'

/** A golden repository as one project wants it: another ref or other globs are another row, and share what is parsed. */
export type RepositoryRow = {
  readonly id: number
  readonly name: string
  readonly source: string
  readonly ref: string | undefined
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  /** '' before the first time. */
  readonly commit: string
  readonly version: string
  readonly indexedAt: Ms
  readonly trouble: Trouble | undefined
}

type Stored = { [Key in keyof RepositoryRow]: RepositoryRow[Key] extends number ? number : string }

const COLUMNS = 'id, name, source, ref, include, exclude, "commit", version, indexed_at AS indexedAt, trouble'

/** All, or only those of these sources, in their order. */
export function readRepositories(db: DatabaseSync, golden?: readonly GoldenSource[]): RepositoryRow[] {
  const rows = db.prepare(`SELECT ${COLUMNS} FROM repository ORDER BY name, id`).all() as Stored[]
  if (golden === undefined) return rows.map(rowOf)
  const byKey = new Map(rows.map(row => [keyOf(row), row]))
  return golden.flatMap(one => {
    const row = byKey.get(keyOf(storedOf(one)))
    return row ? [rowOf(row)] : []
  })
}

/** The row of this source, made where there is none. */
export function wantRepository(db: DatabaseSync, golden: GoldenSource, now: Ms): RepositoryRow {
  const { name, source, ref, include, exclude } = storedOf(golden)
  const row = db
    .prepare(
      `INSERT INTO repository (name, source, ref, include, exclude, asked_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (name, source, ref, include, exclude) DO UPDATE SET asked_at = excluded.asked_at RETURNING ${COLUMNS}`,
    )
    .get(name, source, ref, include, exclude, now)
  return rowOf(row as Stored)
}

export function putTrouble(db: DatabaseSync, id: number, trouble: Trouble): void {
  db.prepare('UPDATE repository SET trouble = ? WHERE id = ?').run(JSON.stringify(trouble), id)
}

/** Where the mirror of a source lies: one for all its refs. */
export function mirrorDir(dir: string, source: string): string {
  return join(dir, 'git', `${createHash('sha256').update(source).digest('hex').slice(0, 20)}.git`)
}

function storedOf({ name, source, ref = '', include, exclude }: GoldenSource) {
  return { name, source, ref, include: JSON.stringify(include), exclude: JSON.stringify(exclude) }
}

function keyOf({ name, source, ref, include, exclude }: ReturnType<typeof storedOf>): string {
  return [name, source, ref, include, exclude].join('\0')
}

function rowOf({ ref, include, exclude, trouble, ...row }: Stored): RepositoryRow {
  return {
    ...row,
    ref: ref === '' ? undefined : ref,
    include: JSON.parse(include),
    exclude: JSON.parse(exclude),
    trouble: trouble === '' ? undefined : JSON.parse(trouble),
  }
}
