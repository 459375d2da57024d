import type { Clock } from '../kernel/index.ts'
import { RefRefused } from './failures.ts'
import { streamGit } from './run.ts'
import { isCommit } from './source.ts'

export type TreeEntry = {
  /** From the repository's root, with `/`. What was no UTF-8 has U+FFFD in it, and can't be asked for by this name. */
  readonly path: string
  readonly oid: string
  readonly size: number
  readonly mode: string
}

const REGULAR = /^100(?:644|755|664)$/

/** Whether it holds a file's text: no symlink, no submodule. */
export function isRegular({ mode }: TreeEntry): boolean {
  return REGULAR.test(mode)
}

/** All files of a commit, in git's order, as git lists them: nothing is held but one chunk. */
export async function* listTree(options: {
  dir: string
  commit: string
  clock: Clock
  signal?: AbortSignal | undefined
}): AsyncGenerator<TreeEntry> {
  const { dir, commit, clock, signal } = options
  if (!isCommit(commit)) throw RefRefused(commit, 'a tree is listed by the full hash of its commit')
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of streamGit(['ls-tree', '-r', '-z', '-l', '--full-tree', commit], {
    dir,
    clock,
    signal,
    deadline: 600_000,
  })) {
    const text = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let from = 0
    for (let to = text.indexOf(0, from); to !== -1; to = text.indexOf(0, from)) {
      yield entryOf(text.subarray(from, to).toString('utf8'))
      from = to + 1
    }
    rest = text.subarray(from)
  }
}

/** `<mode> <type> <oid> <size>\t<path>`; a submodule's size is `-`. */
function entryOf(line: string): TreeEntry {
  const tab = line.indexOf('\t')
  const [mode = '', , oid = '', size = ''] = line.slice(0, tab).split(/ +/)
  return { path: line.slice(tab + 1), oid, size: size === '-' ? 0 : Number(size), mode }
}
