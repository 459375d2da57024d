import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { allLines, openWorkTree } from '../../git/index.ts'
import { type Clock, failure } from '../../kernel/index.ts'
import { MentorConfigWrong, NoGolden } from '../config/failures.ts'
import { loadMentorConfig } from '../config/load.ts'
import type { GoldenSource, MentorConfig } from '../config/types.ts'
import { type Citer, createCiter } from '../hints/citer.ts'
import { requireIndexed } from '../index/require-indexed.ts'
import type { Norm } from '../norms/norm.ts'
import { createParser } from '../parse/parser.ts'
import type { Library } from '../server/library.ts'
import { type ChangedFile, checkFiles, type Rules } from './check-files.ts'
import type { Checked } from './finding.ts'
import { ruleId } from './sarif-rule.ts'
import { type Scope, selectFiles } from './select-files.ts'

export type RunCheck = Scope & {
  /** Where it was started: paths go from here. */
  folder: string
  /** What is compared with, instead of the last commit: a branch for a pull request. */
  base?: string
  library: Library
  /** Of `placesOf`. */
  state: string
  clock: Clock
  signal: AbortSignal
  onFile?(done: number, of: number): void
  onChanged?(file: ChangedFile): void
}

export type CheckRun = {
  checked: Checked
  norms: readonly Norm[]
  undecided: readonly Norm[]
  golden: readonly GoldenSource[]
}

export const NoWorkTree = failure('MENTOR_NO_WORK_TREE', 400, (folder: string) => ({
  says: `${folder} is in no git repository`,
  next: 'Run it in one: git says which files there are, and which lines are new',
}))

/** Longer ones are generated or data, and no parser takes them. */
const LARGEST = 2 * 1024 * 1024

/** Looks at the work tree around a folder. What it can't look at it says; with nothing to hold files to, it fails. */
export async function runCheck(options: RunCheck): Promise<CheckRun> {
  const { folder, base, clock, library, state, signal, all, onFile, onChanged } = options
  const tree = await openWorkTree({ dir: folder, clock, ...(base === undefined ? {} : { base }) })
  if (!tree) throw NoWorkTree(folder)
  try {
    const { files, known } = await selectFiles(tree, folder, options)
    const folders = [...new Set([folder, ...files.map(file => dirname(join(tree.root, file)))])]
    const configs = new Map<string, MentorConfig>()
    for (const one of folders) configs.set(one, await configOf(one, state))
    const golden = distinct(
      [...configs.values()].flatMap(config => config.golden),
      JSON.stringify,
    )
    if (golden.length === 0) throw NoGolden(folder)
    library.use(golden)
    requireIndexed(library)

    const citers = new Map<readonly Norm[], Citer>()
    const mined = async (path: string) => {
      const config = configs.get(dirname(join(tree.root, path))) ?? configs.get(folder)
      return { config, mined: config && (await library.mined(config)) }
    }
    const rules = async (path: string): Promise<Rules> => {
      const { config, mined: found } = await mined(path)
      const norms = found?.norms ?? []
      const cite = citers.get(norms) ?? createCiter(library.reader)
      citers.set(norms, cite)
      return { norms, mute: config?.mute ?? [], cite }
    }
    const checked = await checkFiles({
      files,
      absolute: path => join(tree.root, path),
      read: path => readSource(join(tree.root, path)),
      changed: async (path, text) => (all ? allLines : tree.changedLines(path, text)),
      rules,
      facts: { paths: known },
      parser: await createParser(),
      signal,
      ...(onFile ? { onFile } : {}),
      ...(onChanged ? { onChanged } : {}),
    })
    const asked = await Promise.all([...configs.values()].map(config => library.mined(config)))
    return {
      checked,
      golden,
      norms: distinct(
        asked.flatMap(({ norms }) => norms),
        ruleId,
      ),
      undecided: distinct(
        asked.flatMap(({ undecided }) => undecided),
        ruleId,
      ),
    }
  } finally {
    tree.close()
  }
}

async function configOf(folder: string, state: string): Promise<MentorConfig> {
  const { config, problems } = await loadMentorConfig({ folder, state })
  const errors = problems.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw MentorConfigWrong(errors)
  return config
}

/** A link is not followed: one in a pull request may lead anywhere on the machine that checks it. */
async function readSource(path: string): Promise<Uint8Array | 'too large' | undefined> {
  try {
    const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    try {
      const facts = await handle.stat()
      if (!facts.isFile()) return undefined
      return facts.size > LARGEST ? 'too large' : await handle.readFile()
    } finally {
      await handle.close()
    }
  } catch (error) {
    // Gone meanwhile, a link, not ours to read: it is named among what was not looked at.
    if (error instanceof Error && 'code' in error) return undefined
    throw error
  }
}

function distinct<T>(all: readonly T[], keyOf: (one: T) => string): T[] {
  return [...new Map(all.map(one => [keyOf(one), one])).values()]
}
