import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, Failure } from '../kernel/index.ts'
import { GitFailed, RefUnknown } from './failures.ts'
import { keptRef, openMirror } from './mirror.ts'
import { type GitOptions, runGit } from './run.ts'
import { checkRef, checkSource } from './source.ts'

export type FetchProgress = { readonly phase: string; readonly percent: number }

export type FetchMirror = {
  readonly source: string
  /** A branch, a tag or a full commit hash; the source's HEAD where none is given. */
  readonly ref?: string | undefined
  /** The bare repository, made where there is none. Only one process may fetch into it at a time. */
  readonly dir: string
  readonly clock: Clock
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: (progress: FetchProgress) => void
}

const IDLE_MS = 90_000
const DEADLINE_MS = 3_600_000
/** What a git that was killed leaves behind, and what keeps the next one from starting. */
const LOCKS = ['shallow.lock', 'config.lock', 'HEAD.lock', 'packed-refs.lock']

/**
 * Brings what the ref means now, one commit deep: golden passages need no history. What is there already is not sent again.
 * Returns the commit.
 */
export async function fetchMirror({ source, ref, dir, clock, signal, onProgress }: FetchMirror): Promise<string> {
  checkSource(source)
  if (ref !== undefined) checkRef(ref)
  const kept = keptRef(ref)
  await mkdir(dir, { recursive: true })
  for (const name of [...LOCKS, `${kept}.lock`]) await rm(join(dir, name), { force: true })
  await runGit(['init', '--quiet', '--bare', '--template=', '--end-of-options', dir], { clock, signal })
  const options: GitOptions = {
    dir,
    clock,
    signal,
    deadline: DEADLINE_MS,
    idle: IDLE_MS,
    ...(onProgress ? { onTold: progressIn(onProgress) } : {}),
  }
  const what = ['--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--progress', '--force', '--depth=1']
  try {
    await runGit(['fetch', ...what, '--end-of-options', source, `${ref ?? 'HEAD'}:${kept}`], options)
  } catch (error) {
    throw isUnknownRef(error) ? RefUnknown(ref ?? 'HEAD').from(error) : error
  }
  const mirror = openMirror({ dir, clock })
  try {
    const commit = await mirror.resolve(ref)
    if (commit === undefined) throw RefUnknown(ref ?? 'HEAD')
    return commit
  } finally {
    mirror.close()
  }
}

function isUnknownRef(error: unknown): boolean {
  return (
    error instanceof Failure &&
    error.is(GitFailed) &&
    /couldn't find remote ref|not our ref|no such remote ref/.test(error.message)
  )
}

/** `Receiving objects:  45% (450/1000)`, many times over one line. */
function progressIn(onProgress: (progress: FetchProgress) => void): (text: string) => void {
  let before = ''
  return text => {
    for (const [, phase = '', percent] of text.matchAll(/([A-Z][a-z]+(?: [a-z]+)*): +(\d{1,3})% /g)) {
      const now = `${phase} ${percent}`
      if (now !== before) onProgress({ phase, percent: Number(percent) })
      before = now
    }
  }
}
