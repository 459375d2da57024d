import { z } from 'zod'
import type { Ms } from '../../kernel/index.ts'
import type { ContentOrigin } from '../content/record-content.ts'

/** `waiting`: for its turn, or for the next try. The last three are its end. */
export type ImportState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'canceled'

/** Where it comes from: one tag or digest, or all tags of the repository. */
export type ImportSource = {
  /** As people write it: `docker.io`, `registry.example:5000`. */
  readonly host: string
  readonly repository: string
  /** '' where it is not by tag. */
  readonly tag: string
  /** '' where it is not by digest. */
  readonly digest: string
  readonly allTags: boolean
}

export type ImportAsked = {
  readonly registryId: string
  /** `imp_…`, made by who asks: the same twice is one import. */
  readonly id: string
  readonly source: ImportSource
  /** Where it goes. */
  readonly repository: string
  /** What it is called there; none: by its digest alone. All tags keep their names. */
  readonly tags: readonly string[]
  /** Tags that lead elsewhere here are moved. */
  readonly force: boolean
  /** Signatures and documents that refer to it come too. */
  readonly referrers: boolean
  /** The source is reached without TLS. */
  readonly plainHttp: boolean
  /** Who asked may read all of the registry, so blobs of its other repositories need not be fetched. */
  readonly mayMount: boolean
  /** Who asked: the audit's actor of all that it brings. */
  readonly by: ContentOrigin
}

type Count = { readonly done: number; readonly total: number }

/** `total`: as far as it is known. What is here already counts as done. */
export type ImportProgress = {
  /** Of all tags: those that are done. */
  readonly tags: number
  readonly manifests: Count
  readonly blobs: Count
  readonly bytes: Count
  /** Bytes of blobs that came from the source, over all tries. */
  readonly fetched: number
}

export const NO_PROGRESS: ImportProgress = {
  tags: 0,
  manifests: { done: 0, total: 0 },
  blobs: { done: 0, total: 0 },
  bytes: { done: 0, total: 0 },
  fetched: 0,
}

/** A failure as data. */
export type ImportError = {
  readonly code: string
  readonly status: number
  readonly says: string
  readonly next: string
}

/** A tag of a whole repository that could not be imported. */
export type ImportProblem = { readonly tag: string } & ImportError

export type Import = ImportAsked & {
  readonly state: ImportState
  /** Tries in a row that brought nothing. */
  readonly failures: number
  /** What the source's tag led to when it was looked up first; '' before, and for all tags. */
  readonly digest: string
  readonly progress: ImportProgress
  /** The first of them. */
  readonly problems: readonly ImportProblem[]
  /** Why it failed, or why the last try did. */
  readonly error: ImportError | undefined
  readonly createdAt: Ms
  /** 0 where it was not begun, or has not ended. */
  readonly startedAt: Ms
  readonly endedAt: Ms
  readonly updatedAt: Ms
}

export type ImportRef = Pick<ImportAsked, 'registryId' | 'id'>

/** What the credentials of an import are sealed for. */
export function importContext({ registryId, id }: ImportRef): string {
  return `registries/${registryId}/imports/${id}`
}

const credentials = z.object({ username: z.string(), password: z.string() })
export type ImportCredentials = z.output<typeof credentials>

export function parseImportCredentials(text: string): ImportCredentials {
  return credentials.parse(JSON.parse(text))
}
