import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a golden file goes through before it is in a table. */
const CODE = '{norms,parse,search}/**/*.{ts,js}'
const TESTS = /\.(?:test|fixture)\.\w+$/

/**
 * What was analysed by other code is analysed again. A digest of that code and not a number, which nobody would think of at
 * each change of a question.
 */
export function analyzerVersion(): string {
  known ??= digest()
  return known
}

let known: string | undefined

function digest(): string {
  const room = join(import.meta.dirname, '..')
  const hash = createHash('sha256')
  for (const path of globSync(CODE, { cwd: room }).sort()) {
    if (!TESTS.test(path) && !path.endsWith('.d.ts')) hash.update(`\0${path}\0`).update(readFileSync(join(room, path)))
  }
  return hash.digest('hex').slice(0, 16)
}
