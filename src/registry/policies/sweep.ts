import type { Ms, ReadTx } from '../../kernel/index.ts'
import type { RepoRef } from '../content/change.ts'
import type { Cutoff } from './cutoff.ts'
import type { Immutable } from './immutable.ts'
import { type Goes, sweepManifests } from './sweep-manifests.ts'
import { sweepTags } from './sweep-tags.ts'
import type { Keeps, TagRule } from './tag-rule.ts'

/** What goes from a repository, by policy or by hand. */
export type Sweep = {
  readonly tags?: TagRule
  /** Manifests that lose their last tag by it. */
  readonly follow?: Cutoff
  /** Manifests that nothing keeps already. */
  readonly unkept?: Cutoff
}

export type Stays = Keeps | 'of-kept' | 'locked' | 'immutable'
export type Judged = RepoRef & {
  readonly kind: 'tag' | 'manifest'
  /** The tag's name, or the digest. */
  readonly name: string
  readonly digest: string
  /** When it was pushed. */
  readonly pushedAt: Ms
} & ({ readonly goes: true; readonly why: 'unmatched' | Goes } | { readonly goes: false; readonly why: Stays })

/** What must hold still when it is removed, asked in the transaction that does. */
export type Check =
  | { readonly kind: 'tag'; readonly hlc: string; readonly pulledSince: Ms | undefined }
  | { readonly kind: 'manifest'; readonly cutoff: Cutoff | undefined }

export type Hands = {
  /** Removes it, or would. False where it stays, as something has changed. */
  take(item: Judged, check: Check): Promise<boolean>
  keep(item: Judged): void
  /** Whether `take` removes nothing. */
  readonly isDry: boolean
  /** Enough for now. */
  stopped(): boolean
  /** What is gone and still in the rows; empty where `take` removes. */
  readonly gone: { readonly tags: Set<string>; readonly manifests: Set<string> }
}

export type Sweeping = {
  readonly db: ReadTx
  readonly repo: RepoRef
  readonly immutable: readonly Immutable[]
  readonly hands: Hands
}

/** One repository: its tags from the newest on, then its manifests. */
export async function sweepRepository(sweeping: Sweeping, { tags, follow, unkept }: Sweep): Promise<void> {
  if (tags) await sweepTags(sweeping, tags, follow)
  if (unkept && !sweeping.hands.stopped()) await sweepManifests(sweeping, unkept)
}
