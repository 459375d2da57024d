import { z } from 'zod'
import type { Environment } from '../../models/index.ts'
import { formatCitation } from '../citations/format-citation.ts'
import { openProjectSearch, type ProjectSearch } from '../search/project-search.ts'
import { type Asks, ask } from './ask.ts'
import type { Project } from './projects.ts'
import type { Session } from './session.ts'

const searchShape = z.object({ question: z.string().min(1).max(8_000), limit: z.int().min(1).max(50).default(10) })

/** `env` holds the key that `embeddings` refers to; at `ended` nobody asks any more. */
export function searchAsks(env: Environment, ended: AbortSignal): Asks {
  // One at a time: what its endpoint gave is kept as long as the settings stay.
  let open: { key: string; searching: ProjectSearch } | undefined
  ended.addEventListener('abort', () => open?.searching.close())

  function searchOf({ clock }: Session, { root, loaded: { config } }: Project): ProjectSearch {
    const key = JSON.stringify([root, config.embeddings, config.privacy])
    if (open?.key === key) return open.searching
    open?.searching.close()
    open = { key, searching: openProjectSearch(config, { folder: root, clock, env }) }
    return open.searching
  }

  return {
    search: ask(searchShape, async ({ question, limit }, { session, signal }) => {
      const { library, golden, projects, log } = session
      const project = await projects.at(undefined)
      const options = { golden: project.loaded.config.golden, limit, signal }
      const { passages: found, failure } = await searchOf(session, project).search(library.index, question, options)
      if (failure) log.warn({ code: failure.code }, `Searched by words alone: ${failure.message}. ${failure.next}.`)
      const passages = await Promise.all(
        found.map(async ({ kind, name, ...place }) => {
          const location = await golden.locate(place)
          const text = await golden.passage(place)
          // The index may be older than what git has.
          return location && text !== undefined
            ? [{ citation: formatCitation(place), kind, name, text, ...location }]
            : []
        }),
      )
      return { passages: passages.flat() }
    }),
  }
}

export const statusAsks: Asks = {
  status: ask(z.unknown(), async (_, { session }) => session.library.status()),
}
