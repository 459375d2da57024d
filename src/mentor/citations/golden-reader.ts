import type { Place } from '../place.ts'

/** What citations need of the golden repositories. Every answer is read anew: nothing of it is remembered. */
export type GoldenReader = {
  /** The whole file at that commit, as bytes; undefined where there is none, or no longer. */
  read(file: Pick<Place, 'repository' | 'commit' | 'path'>): Promise<Uint8Array | undefined>
  /** The full id of the commit that is indexed now; undefined where the repository is no golden one, or no longer. */
  current(repository: string): Promise<string | undefined>
  /** Every path of that commit. */
  paths(repository: string, commit: string): Promise<readonly string[]>
}
