import { z } from 'zod'
import type { Store } from '../../kernel/index.ts'
import { CONTROL_REGION } from '../audit.ts'
import { answerHashes, answerHeads, hashesQuery, hashList, headPage, headsQuery } from '../audit-questions.ts'
import type { ConfigFeed } from '../config-feed.ts'
import { type Route, route } from './route.ts'

/** Under the idle timeouts of what may stand between a region and control. */
const LONGEST_WAIT_S = 25

type Parts = { store: Store; feed: ConfigFeed; stopping: AbortSignal }

/** For regions: what they need to know, as soon as it changes; and the heads of the audit, which they keep. */
export function internalRoutes({ store, feed, stopping }: Parts): Route[] {
  return [
    route({
      method: 'GET',
      url: '/internal/v1/config',
      action: 'config.follow',
      allow: 'region',
      summary: 'The configuration, once it differs from If-None-Match; 304 where it did not within `wait` seconds',
      hidden: true,
      query: z.object({ wait: z.coerce.number().min(0).max(LONGEST_WAIT_S).default(0) }),
      answers: { 200: z.string(), 304: z.undefined() },
      run: async ({ query, raw, reply }) => {
        const gone = new AbortController()
        reply.raw.once('close', () => gone.abort())
        const signal = AbortSignal.any([gone.signal, stopping])
        const found = await feed.newer(raw.headers['if-none-match'], query.wait * 1000, signal)
        if (!found) {
          reply.code(304)
          return undefined
        }
        reply.header('etag', found.etag).type('application/json').serializer(String)
        return found.text
      },
    }),
    route({
      method: 'GET',
      url: '/internal/v1/audit/heads',
      action: 'audit.anchor',
      allow: 'region',
      summary: 'The last heads of control’s chains, of tenants after one',
      hidden: true,
      query: headsQuery,
      answers: { 200: headPage },
      run: ({ query }) => answerHeads(store.read, CONTROL_REGION, query),
    }),
    route({
      method: 'GET',
      url: '/internal/v1/audit/hashes',
      action: 'audit.anchor',
      allow: 'region',
      summary: 'Which hashes control’s chains have at some places',
      hidden: true,
      query: hashesQuery,
      answers: { 200: hashList },
      run: ({ query }) => answerHashes(store.read, CONTROL_REGION, query),
    }),
  ]
}
