import type { Ms } from '../../kernel/index.ts'

/** Manifests that go: without a tag since before then, or pushed before then. */
export type Cutoff = { readonly by: 'untagged' | 'pushed'; readonly before: Ms }

/** As `manifest_detail` has it. */
export type Age = { untagged_at: Ms; updated_at: Ms }

/** Whatever its age where there is no cutoff. */
export function isOldEnough({ untagged_at, updated_at }: Age, cutoff: Cutoff | undefined): boolean {
  return !cutoff || (cutoff.by === 'pushed' ? updated_at : untagged_at) <= cutoff.before
}
