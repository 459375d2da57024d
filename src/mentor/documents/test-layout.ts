import { posix } from 'node:path'
import { isTestPath } from '../norms/test-path.ts'
import type { Place } from '../place.ts'
import type { Material } from './material.ts'

type Placement = 'beside the source' | 'in a folder of tests'
type TestHabit = {
  readonly placement: Placement
  readonly pattern: string
  readonly files: number
  readonly example: Place
}

/** Where tests lie and how their files are called, the usual first. */
export function testLayout({ repository, commit, files }: Material): TestHabit[] {
  const folders = new Set(
    files.filter(({ path, language }) => !isTestPath(path, language)).map(({ path }) => posix.dirname(path)),
  )
  const habits = new Map<string, TestHabit>()
  for (const { path, language } of files) {
    const pattern = isTestPath(path, language) ? patternOf(posix.basename(path)) : undefined
    if (pattern === undefined) continue
    const placement = folders.has(posix.dirname(path)) ? 'beside the source' : 'in a folder of tests'
    const key = `${placement} ${pattern}`
    const example = habits.get(key)?.example ?? { repository, commit, path, startLine: 1, endLine: 1 }
    habits.set(key, { placement, pattern, example, files: (habits.get(key)?.files ?? 0) + 1 })
  }
  return [...habits.values()].sort((a, b) => b.files - a.files || (a.pattern < b.pattern ? -1 : 1))
}

/** `*.test.ts` of `parse.test.ts`; undefined where only the folder makes it a test: helpers and fixtures. */
function patternOf(file: string): string | undefined {
  const found =
    /^.+?([._-](?:test|spec)s?\.\w+|_test\.go)$/.exec(file) ?? /^.+?((?:Tests?|IT)\.(?:java|cs))$/.exec(file)
  if (found) return `*${found[1]}`
  return /^test_.+\.py$/.test(file) ? 'test_*.py' : undefined
}
