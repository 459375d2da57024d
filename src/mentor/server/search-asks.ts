import { z } from 'zod'
import { formatCitation } from '../citations/format-citation.ts'
import { search } from '../search/search.ts'
import { type Asks, ask } from './ask.ts'

const searchShape = z.object({ question: z.string().min(1).max(8_000), limit: z.int().min(1).max(50).default(10) })

export const searchAsks: Asks = {
  search: ask(searchShape, async ({ question, limit }, { session }) => {
    const { library, golden, projects } = session
    const { config } = (await projects.at(undefined)).loaded
    const found = search(library.index, question, { golden: config.golden, limit })
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

export const statusAsks: Asks = {
  status: ask(z.unknown(), async (_, { session }) => session.library.status()),
}
