import type { GoldenReader } from '../citations/golden-reader.ts'
import type { MentorConfig } from '../config/types.ts'
import type { Norm } from '../norms/norm.ts'
import type { SearchIndex } from '../search/passage.ts'

/** What the server asks of golden repositories: always those of a project, since the index holds those of others too. */
export type Library = {
  readonly reader: GoldenReader
  readonly index: SearchIndex
  /** What those that are indexed agree on; none where nothing is. */
  norms(config: MentorConfig): Promise<readonly Norm[]>
}
