import {
  heldShape,
  nodeRequestsShape,
  type OperationClass,
  operationClass,
  servedHistoryShape,
  type Usage,
  type UsageHistory,
  usageHistoryQuery,
  usageHistoryShape,
  usageQuery,
  usageShape,
} from '../../api/index.ts'
import type { Config, Store } from '../../kernel/index.ts'
import { readPolicies, readWebhooks } from '../../registry/index.ts'
import { askRegion } from '../ask-region.ts'
import { callNode, nodesOf, regionOf } from '../nodes.ts'
import { inItsRegistry, inRegistry, registryParams } from './in-registry.ts'
import { type Route, route } from './route.ts'

type Counted = { used: number; refused: number }
type ByClass = Record<OperationClass, Counted>
const MOST_IDENTITIES = 10
const NEAR = 0.8

/** What a region holds of a registry, what it may hold, and who asks how much of it. */
export function usageRoutes({ config, store }: { config: Config; store: Store }): Route[] {
  async function requestsOf(region: string, registryId: string) {
    const places = nodesOf(config, region)
    const path = `/internal/v1/usage/requests?registry=${registryId}`
    // One that does not answer has its share of the requests; how many did is said.
    const answers = await Promise.all(places.map(place => callNode(place, path).catch(() => undefined)))
    const told = answers.flatMap(answer =>
      answer?.status === 200 ? [nodeRequestsShape.parse(JSON.parse(answer.body))] : [],
    )
    const all = new Map<string, ByClass>()
    for (const { identity, ...use } of told.flatMap(one => one.identities)) {
      all.set(identity, sumOf([all.get(identity) ?? sumOf([]), use]))
    }
    const identities = [...all].map(([identity, use]) => ({ identity, ...use }))
    identities.sort((a, b) => askedBy(b) - askedBy(a))
    const nodes = { all: places.length, answered: told.length }
    return { requests: sumOf(told.map(one => one.requests)), identities: identities.slice(0, MOST_IDENTITIES), nodes }
  }

  return [
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/usage/history',
      action: 'registry/read',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'What one region served of a registry: each 5 minutes of up to 24 hours, each hour of up to a week',
      params: registryParams,
      query: usageHistoryQuery,
      answers: { 200: usageHistoryShape },
      run: async ({ params, query }): Promise<UsageHistory> => {
        const { id } = await inRegistry(store.read, params)
        const region = regionOf(config, query)
        const path = `/internal/v1/usage/history?registry=${id}&hours=${query.hours}`
        return { region, ...servedHistoryShape.parse(await askRegion(config, region, path)) }
      },
    }),
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/usage',
      action: 'registry/read',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'What one region holds of a registry and may hold, and the requests of the last minute',
      params: registryParams,
      query: usageQuery,
      answers: { 200: usageShape },
      run: async ({ params, query }): Promise<Usage> => {
        const { id, throttle } = await inRegistry(store.read, params)
        const region = regionOf(config, query)
        const held = heldShape.parse(await askRegion(config, region, `/internal/v1/usage/held?registry=${id}`))
        const { requests, ...who } = await requestsOf(region, id)
        const quotas = (await readPolicies(store.read, id)).flatMap(one =>
          one.kind === 'quota' && one.settings.of === 'registry' && one.enabled
            ? [{ policy: one.name, repositories: one.repositories, limit: one.settings.bytes }]
            : [],
        )
        const everywhere = quotas.filter(one => one.repositories === '*').map(one => one.limit)
        const limit = everywhere.length > 0 ? Math.min(...everywhere) : null
        const webhooks = (await readWebhooks(store.read, id)).length
        const count = (name: string, currentValue: number) =>
          ({ name, limit: null, currentValue, unit: 'Count' }) as const
        const limited = (kind: OperationClass) => ({ ...requests[kind], limit: throttle[kind] })
        return {
          region,
          value: [
            { name: 'Size', limit, currentValue: held.bytes, unit: 'Bytes' },
            ...[count('Repositories', held.repositories), count('Manifests', held.manifests)],
            ...[count('Tags', held.tags), count('Webhooks', webhooks)],
          ],
          quotas: quotas.map(one => ({ ...one, state: stateOf(held.bytes, one.limit) })),
          requests: {
            ...{ read: limited('read'), write: limited('write'), delete: limited('delete') },
            ...{ referrers: limited('referrers'), oauth: limited('oauth') },
          },
          ...who,
        }
      },
    }),
  ]
}

function stateOf(bytes: number, limit: number): 'ok' | 'near' | 'full' {
  if (bytes >= limit) return 'full'
  return bytes >= NEAR * limit ? 'near' : 'ok'
}

function sumOf(all: readonly ByClass[]): ByClass {
  const of = (kind: OperationClass): Counted => ({
    used: all.reduce((sum, one) => sum + one[kind].used, 0),
    refused: all.reduce((sum, one) => sum + one[kind].refused, 0),
  })
  return {
    ...{ read: of('read'), write: of('write'), delete: of('delete') },
    ...{ referrers: of('referrers'), oauth: of('oauth') },
  }
}

function askedBy(use: ByClass): number {
  return operationClass.options.reduce((sum, kind) => sum + use[kind].used + use[kind].refused, 0)
}
