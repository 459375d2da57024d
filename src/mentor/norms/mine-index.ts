import type { DatabaseSync } from 'node:sqlite'
import type { MentorConfig } from '../config/types.ts'
import { mineNorms } from './mine-norms.ts'
import type { Norm } from './norm.ts'
import { readObservations } from './observation-table.ts'

export type Mined = { readonly norms: readonly Norm[]; readonly undecided: readonly Norm[] }

/** The norms of a project: of what is indexed of its golden repositories, by its thresholds. */
export function mineIndex(
  index: { readonly db: DatabaseSync },
  { golden, norms }: Pick<MentorConfig, 'golden' | 'norms'>,
): Mined {
  const weights = new Map(golden.map(({ name, weight }) => [name, weight]))
  return mineNorms(readObservations(index, golden), { ...norms, weights })
}
