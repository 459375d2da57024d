import { type Clock, Failure } from '../kernel/index.ts'
import { GitFailed } from './failures.ts'
import { runGit } from './run.ts'

const DEADLINE_MS = 600_000

/** What git finds wrong with a repository of ours; undefined where nothing. Reads every object. */
export async function checkMirror(options: {
  dir: string
  clock: Clock
  signal?: AbortSignal
}): Promise<string | undefined> {
  try {
    await runGit(['fsck', '--no-dangling', '--no-progress'], { ...options, deadline: DEADLINE_MS })
    return undefined
  } catch (error) {
    if (error instanceof Failure && error.is(GitFailed)) return error.message
    throw error
  }
}
