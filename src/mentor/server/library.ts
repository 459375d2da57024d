import type { GoldenReader } from '../citations/golden-reader.ts'
import type { GoldenSource, MentorConfig } from '../config/types.ts'
import type { Index } from '../index/open-index.ts'
import type { Mined } from '../norms/mine-index.ts'

/** What the server asks of golden repositories: always those of a project, since the index holds those of others too. */
export type Library = Pick<Index, 'status' | 'refresh' | 'wipe' | 'repair' | 'close'> & {
  readonly reader: GoldenReader
  /** For search. */
  readonly index: Pick<Index, 'db'>
  /** The golden repositories of all projects that are open. */
  use(golden: readonly GoldenSource[]): void
  /** What those that are indexed agree on; nothing where none is. Mined once for what is indexed and asked. */
  mined(config: MentorConfig): Promise<Mined>
}
