import type { Clock } from '../../kernel/index.ts'
import { type Environment, openEmbedder } from '../../models/index.ts'
import type { MentorConfig } from '../config/types.ts'
import { createPrivacy } from '../privacy/create-privacy.ts'
import { createSearchByMeaning, type SearchByMeaning } from './by-meaning.ts'
import { search } from './search.ts'

export type ProjectSearch = { readonly search: SearchByMeaning; close(): void }

/** Search as the project has it: by words, and by meaning too where an endpoint is set and allowed. */
export function openProjectSearch(
  { embeddings, privacy: { never } }: Pick<MentorConfig, 'embeddings' | 'privacy'>,
  { folder, clock, env }: { folder: string; clock: Clock; env: Environment },
): ProjectSearch {
  if (embeddings === undefined) {
    const byWords: SearchByMeaning = async (index, question, { signal: _, ...options }) => ({
      passages: search(index, question, options),
      failure: undefined,
    })
    return { search: byWords, close: () => undefined }
  }
  const embedder = openEmbedder(embeddings, { clock, env })
  // Questions and passages of golden repositories: no file of the user is asked about.
  const privacy = createPrivacy({ root: folder, never, isIgnored: async () => false })
  return { search: createSearchByMeaning({ embedder, privacy, clock }), close: () => embedder.close() }
}
