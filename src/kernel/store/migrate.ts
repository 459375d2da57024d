import { MigrationTwice, SchemaNewer } from './failures.ts'
import type { Migration } from './types.ts'

type Engine = 'sqlite' | 'postgres'
type Token = 'text' | 'bigint' | 'bytes' | 'strict'

const WORDS = {
  sqlite: { text: 'text', bigint: 'integer', bytes: 'blob', strict: 'strict' },
  // "C": both engines then order text by its UTF-8 bytes.
  postgres: { text: 'text collate "C"', bigint: 'bigint', bytes: 'bytea', strict: '' },
} as const

export const MIGRATION_TABLE = 'schema_migration'

export const createMigrationTable = `create table if not exists ${MIGRATION_TABLE} (
  id {text} not null primary key, applied_at {bigint} not null) {strict}`

/** Writes a statement's tokens in the engine's words. */
export function translate(statement: string, engine: Engine): string {
  return statement.replaceAll(/\{(text|bigint|bytes|strict)\}/g, (_, token: Token) => WORDS[engine][token])
}

/** What is still to be applied. An applied step that this version does not know stops it: it is too old to write here. */
export function pendingMigrations(applied: readonly string[], migrations: readonly Migration[]): Migration[] {
  const known = new Set<string>()
  for (const { id } of migrations) {
    if (known.has(id)) throw MigrationTwice(id)
    known.add(id)
  }
  const unknown = applied.filter(id => !known.has(id))
  if (unknown.length > 0) throw SchemaNewer(unknown)
  const done = new Set(applied)
  return migrations.filter(({ id }) => !done.has(id))
}
