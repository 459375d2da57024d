import { isRegular, type Mirror, type TreeEntry } from '../../git/index.ts'
import { createMatcher } from '../config/glob.ts'
import { languageOf } from '../parse/language.ts'
import { AskedPaths } from './asked-paths.ts'
import { TooManyFiles } from './failures.ts'
import type { Skipped } from './types.ts'

/** Larger ones are generated or data, and take seconds to parse. */
export const LARGEST_FILE = 1024 * 1024
/** The index is for repositories that people read; the largest public ones have half as many. */
const MOST_FILES = 500_000

export type Listed = TreeEntry & {
  /** '' where it is to be parsed. */
  readonly skipped: Skipped | ''
}

export type Listing = { readonly files: readonly Listed[]; readonly paths: AskedPaths }

type Globs = { readonly include: readonly string[]; readonly exclude: readonly string[] }

/** All files of a commit, and which of them are to be parsed. */
export async function listCommit(mirror: Mirror, commit: string, globs: Globs, signal: AbortSignal): Promise<Listing> {
  const skippedOf = skipper(globs)
  const files: Listed[] = []
  const paths = new AskedPaths()
  for await (const entry of mirror.tree(commit, signal)) {
    if (files.length === MOST_FILES) throw TooManyFiles(MOST_FILES)
    if (isRegular(entry)) paths.add(entry.path)
    files.push({ ...entry, skipped: skippedOf(entry) })
  }
  return { files, paths }
}

function skipper({ include, exclude }: Globs): (entry: TreeEntry) => Skipped | '' {
  const isIncluded = include.length === 0 ? () => true : createMatcher(include)
  const isExcluded = createMatcher(exclude)
  return entry => {
    const { path, size, mode } = entry
    if (mode === '120000') return 'a link'
    if (!isRegular(entry)) return 'a submodule'
    // Git could not be asked for it by this name, and two of them might be the same.
    if (path.includes('\uFFFD')) return 'a name that is not UTF-8'
    if (!isIncluded(path) || isExcluded(path)) return 'excluded'
    if (languageOf(path) === undefined) return 'not code'
    return size > LARGEST_FILE ? 'too large' : ''
  }
}
