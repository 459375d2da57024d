import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../../kernel/index.ts'
import type { GoldenReader } from '../citations/golden-reader.ts'
import type { GoldenSource } from '../config/types.ts'
import { indexPath, openToRead } from './database.ts'
import { showFiles } from './golden-file-view.ts'
import { refreshInThread } from './in-thread.ts'
import { openReader } from './reader.ts'
import { repair, wipe } from './repair.ts'
import { readRepositories } from './repository-rows.ts'
import { readStatus } from './status.ts'
import type { Progress, Refreshed, Status } from './types.ts'

/** What is indexed of a user's golden repositories, in a folder that all projects of the user share. */
export type Index = {
  /** To read, with `golden_file` as `use` has it. Take it anew for each question: after a repair it is another. */
  readonly db: DatabaseSync
  readonly reader: GoldenReader
  /** Whose files `golden_file` has from now on: of one project, or of several. All that is indexed where it is never said. */
  use(golden: readonly GoldenSource[]): void
  /** In a thread. Goes on where it was stopped; rejects with the signal's reason when called off. */
  refresh(golden: readonly GoldenSource[], how: Refreshing): Promise<Refreshed>
  /** Of those of `use`: what is indexed of each, by its name. One look for all, since each key asks. */
  commits(): ReadonlyMap<string, string>
  status(): Status
  wipe(signal?: AbortSignal): Promise<void>
  /** Takes away what is damaged and says what; the next refresh brings it again. */
  repair(signal?: AbortSignal): Promise<string[]>
  close(): void
}

export type Refreshing = { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void }

/** Opens nothing yet: a damaged index shows in the status, not here. */
export function openIndex({ dir, clock }: { dir: string; clock: Clock }): Index {
  let open: { db: DatabaseSync; file: bigint; shown: string } | undefined
  let used: readonly GoldenSource[] | undefined

  /** Another process may have repaired or wiped it: then the file has another number. */
  function read(): DatabaseSync {
    const file = statSync(indexPath(dir), { throwIfNoEntry: false, bigint: true })?.ino
    if (open && open.file !== file) close()
    if (open === undefined) {
      const db = openToRead(dir)
      open = { db, file: statSync(indexPath(dir), { bigint: true }).ino, shown: 'nothing' }
    }
    show(open)
    return open.db
  }

  /** A repository's row is made by its first refresh, so the view may have to change without `use`. */
  function show(now: { db: DatabaseSync; shown: string }): void {
    const rows = readRepositories(now.db, used)
    const wanted = rows.map(({ id }) => id).join()
    if (wanted === now.shown) return
    showFiles(now.db, rows)
    now.shown = wanted
  }

  function close(): void {
    open?.db.close()
    open = undefined
  }

  const repositories = () => readRepositories(read(), used)
  const reader = openReader({ dir, clock, db: read, repositories })
  const never = new AbortController().signal
  return {
    get db() {
      return read()
    },
    reader,
    use(golden) {
      used = golden
    },
    refresh: (golden, { signal, onProgress }) =>
      refreshInThread({ task: { is: 'mentor index', dir, golden }, clock, signal, onProgress }),
    commits() {
      const commits = new Map<string, string>()
      for (const { name, commit } of repositories()) if (commit !== '' && !commits.has(name)) commits.set(name, commit)
      return commits
    },
    status: () => readStatus({ dir, db: read, repositories }),
    async wipe(signal = never) {
      close()
      reader.close()
      await wipe({ dir, clock, signal })
    },
    async repair(signal = never) {
      close()
      reader.close()
      return await repair({ dir, clock, signal })
    },
    close() {
      close()
      reader.close()
    },
  }
}
