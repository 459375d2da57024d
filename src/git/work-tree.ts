import type { Clock, Ms } from '../kernel/index.ts'
import { type Batch, openBatch } from './batch.ts'
import { diffLines } from './diff-lines.ts'
import { RefRefused, RefUnknown } from './failures.ts'
import { allLines, type LineSet, noLines } from './lines.ts'
import { oidOf } from './oid-of.ts'
import { findOrigin } from './origin.ts'
import { runGit } from './run.ts'
import { checkRef, isCommit } from './source.ts'

/** A repository in which somebody works. Nothing is ever written into it. Paths are from its root, with `/`. */
export type WorkTree = {
  readonly root: string
  /** Undefined before the first commit. */
  head(): Promise<string | undefined>
  /**
   * Which lines of this text are not in HEAD (or not in the base): of a renamed file against its old name; all of them where
   * it is untracked, none where it is ignored.
   */
  changedLines(path: string, text: string): Promise<LineSet>
  /** What is on disk and differs, untracked files among them, ignored ones not. */
  changedFiles(): Promise<string[]>
  /** All that is tracked or new, ignored ones not. */
  files(): Promise<string[]>
  isIgnored(path: string): Promise<boolean>
  /** A file of a commit; undefined where it has none there. */
  show(commit: string, path: string): Promise<Uint8Array | undefined>
  close(): void
}

export type OpenWorkTree = {
  /** Any folder in it. */
  readonly dir: string
  readonly clock: Clock
  /** Compare with where the work left this branch, not with HEAD: what a pull request shows. */
  readonly base?: string
}

/** Larger ones are generated, and no one wants hints in them. */
const FILE_BYTES = 8 * 1024 * 1024
const STATUS = ['status', '--porcelain', '-z', '--untracked-files=all', '--no-renames', '--ignore-submodules=all']
const COMMITTED = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', '--diff-filter=d', '--ignore-submodules=all']

/** A file that is ignored from now on gets hints for so long. */
const IGNORED_MS = 5_000

/** Undefined where there is no repository. */
export async function openWorkTree({ dir, base, clock }: OpenWorkTree): Promise<WorkTree | undefined> {
  const top = await runGit(['rev-parse', '--show-toplevel'], { dir, clock, codes: [0, 128] })
  if (top.code !== 0) return undefined
  const root = top.bytes.toString('utf8').replace(/\r?\n$/, '')
  const batch = openBatch({ dir: root, clock })
  const ask = { dir: root, clock }
  const ignored = new Map<string, { at: Ms; answer: Promise<boolean> }>()
  const origins = new Map<string, Promise<string | undefined>>()

  // Asked of the running git, which looks it up anew: starting one for each key that is pressed would cost more than all else.
  const head = async () => (await batch.read('HEAD', 0))?.oid
  const from = base === undefined ? head : async () => mergeBase(base, ask)

  /** The name under which the old text stands. Looked for once a commit: it lists what is missing in the work tree. */
  function originOf(commit: string, path: string, text: string): Promise<string | undefined> {
    const key = `${commit}:${path}`
    const known = origins.get(key) ?? findOrigin({ ...ask, batch, commit, path, text })
    if (origins.size > 1_000) origins.clear()
    origins.set(key, known)
    return known
  }

  /** Of a file that somebody is writing it is asked again and again. */
  function isIgnoredNow(path: string): Promise<boolean> {
    const now = clock.monotonic()
    const known = ignored.get(path)
    if (known && now - known.at < IGNORED_MS) return known.answer
    if (ignored.size > 1_000) ignored.clear()
    const answer = isIgnored(path, ask)
    ignored.set(path, { at: now, answer })
    answer.catch(() => ignored.delete(path))
    return answer
  }

  return {
    root,
    head,
    async changedLines(path, text) {
      const commit = await from()
      const old = commit && (await textOf(batch, `${commit}:${path}`))
      if (old !== undefined) return diffLines(old, text)
      if (await isIgnoredNow(path)) return noLines
      const origin = commit && (await originOf(commit, path, text))
      const before = origin === undefined ? undefined : await textOf(batch, `${commit}:${origin}`)
      return before !== undefined ? diffLines(before, text) : allLines
    },
    async changedFiles() {
      const { present, gone } = await status(ask)
      const commit = base === undefined ? undefined : await from()
      const committed = commit === undefined ? [] : await names([...COMMITTED, commit, 'HEAD', '--'], ask)
      return [...new Set([...present, ...committed.filter(name => !gone.has(name))])].sort()
    },
    files: () => names(['ls-files', '-z', '--cached', '--others', '--exclude-standard'], ask),
    isIgnored: path => isIgnored(path, ask),
    async show(commit, path) {
      if (!isCommit(commit)) throw RefRefused(commit, 'a file is shown by the full hash of its commit')
      const found = await batch.read(`${commit}:${path}`, FILE_BYTES)
      return found?.type === 'blob' ? found.bytes : undefined
    },
    close: () => batch.close(),
  }
}

type Asking = { readonly dir: string; readonly clock: Clock }

async function mergeBase(base: string, ask: Asking): Promise<string> {
  checkRef(base)
  const commit = await oidOf(`${base}^{commit}`, ask)
  if (commit === undefined) throw RefUnknown(base)
  const { code, bytes } = await runGit(['merge-base', commit, 'HEAD'], { ...ask, codes: [0, 1] })
  return code === 0 ? bytes.toString('utf8').trim() : commit
}

async function isIgnored(path: string, ask: Asking): Promise<boolean> {
  return (await runGit(['check-ignore', '--quiet', '--', path], { ...ask, codes: [0, 1] })).code === 0
}

/** `XY path`, each ended by NUL. Not by `git diff`, which brings the index up to date on the user's disk. */
async function status(ask: Asking): Promise<{ present: string[]; gone: ReadonlySet<string> }> {
  const lines = await names(STATUS, ask)
  const isGone = (line: string) => line[1] === 'D' || line.startsWith('D ')
  const nameOf = (line: string) => line.slice(3)
  return {
    present: lines.filter(line => !isGone(line)).map(nameOf),
    gone: new Set(lines.filter(isGone).map(nameOf)),
  }
}

async function names(args: readonly string[], ask: Asking): Promise<string[]> {
  return (await runGit(args, ask)).bytes
    .toString('utf8')
    .split('\0')
    .filter(name => name !== '')
}

async function textOf(batch: Batch, name: string): Promise<string | undefined> {
  const found = await batch.read(name, FILE_BYTES)
  return found?.type === 'blob' && found.bytes ? new TextDecoder().decode(found.bytes) : undefined
}
