import { relative, resolve, sep } from 'node:path'
import type { WorkTree } from '../../git/index.ts'
import { failure } from '../../kernel/index.ts'

export type Scope = {
  /** All lines of all files, not only what is new. */
  all: boolean
  /** From the working folder; none means the whole repository. */
  paths: readonly string[]
}

export const PathUnknown = failure('MENTOR_PATH_UNKNOWN', 404, (path: string) => ({
  says: `${path} is no file or folder of this repository, or git ignores it`,
  next: 'Name what lies in it, from the working folder',
}))

/** Which files are looked at, and all that there are: norms ask where others lie. Paths from the root, with `/`. */
export async function selectFiles(
  tree: Pick<WorkTree, 'root' | 'files' | 'changedFiles'>,
  folder: string,
  { all, paths }: Scope,
): Promise<{ files: readonly string[]; known: ReadonlySet<string> }> {
  const known = await tree.files()
  const wanted = paths.map(path => {
    const from = relative(tree.root, resolve(folder, path)).replaceAll(sep, '/')
    if (!known.some(file => lies(file, from))) throw PathUnknown(path)
    return from
  })
  const candidates = all ? known : await tree.changedFiles()
  const files = candidates.filter(file => wanted.length === 0 || wanted.some(from => lies(file, from)))
  return { files, known: new Set(known) }
}

/** `from` is '' for the root itself, and begins with `../` for what lies elsewhere. */
function lies(file: string, from: string): boolean {
  return from === '' || file === from || file.startsWith(`${from}/`)
}
