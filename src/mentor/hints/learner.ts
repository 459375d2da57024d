import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../../kernel/index.ts'
import type { HintMode } from '../config/types.ts'
import type { NormId, NormLanguage } from '../norms/norm.ts'
import { type Fading, growHabit, type Habit, NO_HABIT } from './habit.ts'

/** Which norm, in which language: habits of Python are not those of Go. */
export type NormKey = { readonly id: NormId; readonly language: NormLanguage }

/** A mute of this user alone. `root` and `path` are '' where it holds everywhere. */
export type OwnMute = { readonly norm: NormId; readonly root: string; readonly path: string; readonly reason: string }

/** What was counted in a file when it was saved. */
export type Tally = NormKey & { readonly kept: number; readonly lapsed: number }

/**
 * What the mentor remembers of its user, in one file on this machine: how often a norm was kept and broken, what was
 * muted, and the mode. No code, no keys pressed, and of files only salted digests of their paths, save for mutes.
 */
export type Learner = {
  habit(norm: NormKey): Habit
  /** A file was saved. What was counted in it before is not counted again. True where a habit faded or came back. */
  record(file: { root: string; path: string }, tallies: readonly Tally[], fading: Fading): boolean
  mutes(): readonly OwnMute[]
  mute(mute: OwnMute): void
  /** False where it was not muted. */
  unmute(norm: NormId): boolean
  mode(): HintMode | undefined
  setMode(mode: HintMode): void
  close(): void
}

const DAY = 86_400_000
/** A file that nobody saved for so long is forgotten; its next sites count as new. */
const FORGET_DAYS = 90

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS habit (norm TEXT NOT NULL, language TEXT NOT NULL, kept INTEGER NOT NULL, since INTEGER NOT NULL,
    faded INTEGER NOT NULL, lapses INTEGER NOT NULL, PRIMARY KEY (norm, language)) STRICT;
  CREATE TABLE IF NOT EXISTS counted (mark TEXT PRIMARY KEY, kept INTEGER NOT NULL, lapsed INTEGER NOT NULL, day INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS mute (norm TEXT NOT NULL, root TEXT NOT NULL, path TEXT NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (norm, root, path)) STRICT;`

/** The folder exists. Several editors may have the file open. */
export function openLearner({ dir, clock }: { dir: string; clock: Clock }): Learner {
  const db = new DatabaseSync(join(dir, 'learner.sqlite'), { timeout: 2_000 })
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  db.exec(SCHEMA)
  db.prepare('INSERT INTO setting VALUES (?, ?) ON CONFLICT DO NOTHING').run('salt', hex(clock.bytes(16)))
  const today = () => Math.floor(clock.now() / DAY)
  db.prepare('DELETE FROM counted WHERE day < ?').run(today() - FORGET_DAYS)

  const setting = db.prepare('SELECT value FROM setting WHERE name = ?')
  const setSetting = db.prepare(
    'INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  )
  const habitRow = db.prepare('SELECT * FROM habit WHERE norm = ? AND language = ?')
  const setHabit = db.prepare('INSERT OR REPLACE INTO habit VALUES (?, ?, ?, ?, ?, ?)')
  const countedRow = db.prepare('SELECT kept, lapsed FROM counted WHERE mark = ?')
  const setCounted = db.prepare('INSERT OR REPLACE INTO counted VALUES (?, ?, ?, ?)')
  const mutes = db.prepare('SELECT norm, root, path, reason FROM mute ORDER BY norm, root, path')
  const setMute = db.prepare('INSERT OR REPLACE INTO mute VALUES (?, ?, ?, ?)')
  const dropMute = db.prepare('DELETE FROM mute WHERE norm = ?')
  const salt = String(setting.get('salt')?.value)

  const habit = ({ id, language }: NormKey): Habit => {
    const row = habitRow.get(id, language)
    if (row === undefined) return NO_HABIT
    const number = (name: string) => Number(row[name])
    return {
      kept: number('kept'),
      since: number('since'),
      faded: number('faded') === 1,
      lapses: number('lapses'),
    }
  }

  const count = (mark: string, { id, language, kept, lapsed }: Tally, fading: Fading): boolean => {
    const before = countedRow.get(mark)
    const more = {
      kept: Math.max(0, kept - Number(before?.kept ?? 0)),
      lapsed: Math.max(0, lapsed - Number(before?.lapsed ?? 0)),
      day: today(),
    }
    // Fewer than before: they were committed or removed, and what comes next is new.
    setCounted.run(mark, kept, lapsed, more.day)
    const held = habit({ id, language })
    const grown = growHabit(held, more, fading)
    setHabit.run(id, language, grown.kept, grown.since, grown.faded ? 1 : 0, grown.lapses)
    return held.faded !== grown.faded
  }

  return {
    habit,
    record({ root, path }, tallies, fading) {
      db.exec('BEGIN IMMEDIATE')
      try {
        const turned = tallies.map(tally => count(digest(salt, root, path, tally.id, tally.language), tally, fading))
        db.exec('COMMIT')
        return turned.includes(true)
      } catch (error) {
        db.exec('ROLLBACK')
        throw error
      }
    },
    mutes: () =>
      mutes.all().map(row => ({
        norm: text(row.norm),
        root: text(row.root),
        path: text(row.path),
        reason: text(row.reason),
      })),
    mute: ({ norm, root, path, reason }) => void setMute.run(norm, root, path, reason),
    unmute: norm => Number(dropMute.run(norm).changes) > 0,
    mode: () => setting.get('mode')?.value as HintMode | undefined,
    setMode: mode => void setSetting.run('mode', mode),
    close: () => db.close(),
  }
}

function digest(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32)
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function text(value: unknown): string {
  return String(value)
}
