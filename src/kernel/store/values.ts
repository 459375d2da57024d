import { NumberRefused, TextRefused } from './failures.ts'
import type { SqlValue } from './sql.ts'

/**
 * What one engine takes and the other refuses, or would change, is refused by both: Postgres has no
 * NUL in text, SQLite stores NaN as NULL. 0.02 µs a text, so reads are checked too.
 */
export function checkValues(values: readonly SqlValue[]): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value === 'string') {
      if (value.includes('\0')) throw TextRefused('a NUL character')
      if (!value.isWellFormed()) throw TextRefused('half of a surrogate pair')
    } else if (typeof value === 'number' && !Number.isSafeInteger(value)) throw NumberRefused(String(value))
  }
}
