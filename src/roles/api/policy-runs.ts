import type { z } from 'zod'
import { policyBody, purgeBody, sweepQuery, sweptShape } from '../../api/index.ts'
import type { Config, Store } from '../../kernel/index.ts'
import { findPolicy } from '../../registry/index.ts'
import { askRegion } from '../ask-region.ts'
import { byWhom } from '../node-questions.ts'
import { regionOf } from '../nodes.ts'
import { inItsRegistry, ownedRegistry, registryParams } from './in-registry.ts'
import { onePolicy, policyAt } from './policies.ts'
import { type Route, route } from './route.ts'

/** A region looks for 8 s and says then where to go on. */
const ANSWER_MS = 20_000
/** One that is not saved: none has this id. */
const UNSAVED = 'pol_unsaved'

const told = sweptShape.omit({ region: true })

/** What policies would take from a region, and what a purge takes. */
export function policyRunRoutes({ config, store }: { config: Config; store: Store }): Route[] {
  async function ask(query: z.output<typeof sweepQuery>, what: string, body: unknown) {
    const region = regionOf(config, query)
    const call = { method: 'POST', body: JSON.stringify(body), timeout: ANSWER_MS } as const
    return { ...told.parse(await askRegion(config, region, `/internal/v1/policies/${what}`, call)), region }
  }

  return [
    route({
      method: 'POST',
      url: '/api/v1/registries/:name/policies/preview',
      action: 'registry/metadata/read',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'What a policy that is not saved would delete now in one region, and what keeps the rest',
      params: registryParams,
      query: sweepQuery,
      body: policyBody,
      answers: { 200: sweptShape },
      run: async ({ params, query, body }) => {
        const { registryId } = await ownedRegistry(store.read, params)
        const { status: _, ...given } = body
        // One of that name is meant as it would be after the change.
        const id = (await findPolicy(store.read, registryId, body.name))?.id ?? UNSAVED
        return ask(query, 'preview', { policy: { ...given, registryId, id }, after: query.after })
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/registries/:name/policies/:policy/preview',
      action: 'registry/metadata/read',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'What a policy would delete now in one region, enabled or not, and what keeps the rest',
      params: onePolicy,
      query: sweepQuery,
      answers: { 200: sweptShape },
      run: async ({ params, query }) => {
        const { enabled: _e, createdAt: _c, ...policy } = await policyAt(store.read, params)
        return ask(query, 'preview', { policy, after: query.after })
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/registries/:name/purge',
      action: 'registry/content/delete',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary:
        'Take off old tags of one region and delete manifests without one, as acr purge does, or say what would go',
      params: registryParams,
      query: sweepQuery,
      body: purgeBody,
      answers: { 200: sweptShape },
      run: async ({ params, query, body, session }) => {
        const { registryId, tenantId } = await ownedRegistry(store.read, params)
        const by = byWhom(session(), tenantId)
        return ask(query, 'purge', { ...body, registryId, after: query.after, by })
      },
    }),
  ]
}
