import type { TestContext } from 'node:test'
import { type Files, type TestRepository, tempDir, testRepository } from '../../git/repository.fixture.ts'
import { systemClock } from '../../kernel/index.ts'
import type { GoldenSource } from '../config/types.ts'
import { type Index, openIndex } from './open-index.ts'
import type { Progress, Refreshed } from './types.ts'

export const clock = systemClock('test')

export type TestIndex = {
  readonly dir: string
  readonly index: Index
  /** Another one of the same folder, as another process has it. */
  again(): Index
  refresh(golden: readonly GoldenSource[], onProgress?: (progress: Progress) => void): Promise<Refreshed>
}

export function testIndex(t: TestContext, dir = tempDir(t)): TestIndex {
  const again = () => {
    const index = openIndex({ dir, clock })
    t.after(() => index.close())
    return index
  }
  const index = again()
  const { signal } = new AbortController()
  return {
    dir,
    index,
    again,
    refresh: (golden, onProgress = () => undefined) => index.refresh(golden, { signal, onProgress }),
  }
}

export function golden(repository: Pick<TestRepository, 'dir'>, more: Partial<GoldenSource> = {}): GoldenSource {
  return { name: 'team/golden', source: repository.dir, include: [], exclude: [], weight: 1, topics: [], ...more }
}

/** A golden repository with so many TypeScript files, each of one function. */
export function manyFiles(t: TestContext, count: number): TestRepository {
  const files: Files = Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`src/file-${at}.ts`, functionText(at)]),
  )
  return testRepository(t, files)
}

export function functionText(at: number): string {
  return `/** Adds ${at}. */\nexport function add${at}(to: number): number {\n  return to + ${at}\n}\n`
}
