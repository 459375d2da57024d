import type { Ms } from '../../kernel/index.ts'

export type Progress = {
  /** The golden repository's name; '' where it is about all of them. */
  readonly repository: string
  /** `waiting`: another process is indexing. */
  readonly phase: 'waiting' | 'fetching' | 'listing' | 'indexing' | 'tidying'
  /** Files, or percent while fetching; `total` is 0 where it isn't known. */
  readonly done: number
  readonly total: number
}

/** What went wrong, as plain words that cross a thread and a table. */
export type Trouble = { readonly code: string; readonly says: string; readonly next: string }

export type RefreshedRepository = {
  readonly repository: string
  readonly commit: string | undefined
  /** Files that were parsed now; what was known by its content is not among them. */
  readonly parsed: number
  readonly changed: number
  /** Why it could not be brought or indexed; what was indexed before stays. */
  readonly trouble?: Trouble
}

export type Refreshed = {
  readonly repositories: readonly RefreshedRepository[]
  readonly milliseconds: Ms
}

/** Why a file of a repository is in no table. */
export type Skipped =
  | 'not code'
  | 'excluded'
  | 'too large'
  | 'binary'
  | 'a link'
  | 'a submodule'
  | 'a fault of ours'
  | 'not readable'
  | 'a name that is not UTF-8'

export type RepositoryStatus = {
  readonly repository: string
  readonly source: string
  readonly ref: string | undefined
  /** What is indexed; undefined where nothing is yet. */
  readonly commit: string | undefined
  readonly indexedAt: Ms | undefined
  readonly files: number
  readonly skipped: Readonly<Partial<Record<Skipped, number>>>
  /** Of the last refresh. */
  readonly trouble: Trouble | undefined
}

export type Status = {
  readonly path: string
  readonly bytes: number
  readonly indexing: { readonly pid: number; readonly host: string; readonly since: Ms } | undefined
  readonly repositories: readonly RepositoryStatus[]
  /** Of the index as a whole: damaged, no space. */
  readonly trouble: Trouble | undefined
}
