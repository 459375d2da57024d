import { extname } from 'node:path/posix'
import type { Clock } from '../kernel/index.ts'
import type { Batch } from './batch.ts'
import { runGit } from './run.ts'

type Looked = { dir: string; clock: Clock; batch: Batch; commit: string; path: string; text: string }

/** As git's own rename detection: half of the lines. */
const ALIKE = 0.5
const MOST_COMPARED = 50
const MOST_BYTES = 1024 * 1024

/**
 * The name that a file without a past had before: one of the same kind that the commit has and the work tree has not, and of
 * whose lines most stand in the text. By the text and not by git's index, so that it holds before `git add` and before saving.
 */
export async function findOrigin({ dir, clock, batch, commit, path, text }: Looked): Promise<string | undefined> {
  const args = [
    'diff-index',
    '--name-only',
    '-z',
    '--no-renames',
    '--diff-filter=D',
    '--ignore-submodules',
    commit,
    '--',
  ]
  const { bytes } = await runGit(args, { dir, clock })
  const gone = bytes
    .toString('utf8')
    .split('\0')
    .filter(name => name !== '' && extname(name) === extname(path))
  let best: { name: string; alike: number } | undefined
  for (const name of gone.slice(0, MOST_COMPARED)) {
    const old = await batch.read(`${commit}:${name}`, MOST_BYTES)
    if (old?.type !== 'blob' || old.bytes === undefined) continue
    const alike = likeness(new TextDecoder().decode(old.bytes), text)
    if (alike >= ALIKE && alike > (best?.alike ?? 0)) best = { name, alike }
  }
  return best?.name
}

/** The share of lines that both have, of the longer one. */
function likeness(a: string, b: string): number {
  const [old, now] = [wordsOf(a), wordsOf(b)]
  const left = new Map<string, number>()
  for (const line of old) left.set(line, (left.get(line) ?? 0) + 1)
  let both = 0
  for (const line of now) {
    const count = left.get(line) ?? 0
    if (count === 0) continue
    left.set(line, count - 1)
    both++
  }
  return both / Math.max(old.length, now.length, 1)
}

function wordsOf(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
}
