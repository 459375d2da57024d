import { reportQuery, reportShape, supplyChainQuery, supplyChainShape } from '../../api/index.ts'
import type { Config, Store } from '../../kernel/index.ts'
import { inItsRegistry, registryParams } from './in-registry.ts'
import { regionContent } from './region-content.ts'
import { type Route, route } from './route.ts'

/**
 * Who signed a manifest, what it is made of and what is wrong with it, as one region has it. Out of blobs, so who may
 * read metadata alone is not told.
 */
export function supplyChainRoutes({ config, store }: { config: Config; store: Store }): Route[] {
  const content = regionContent({ config, store })
  const decided = { allow: 'decided', ...inItsRegistry(store.read), params: registryParams } as const

  return [
    route({
      method: 'GET',
      action: 'registry/content/read',
      ...decided,
      url: '/api/v1/registries/:name/supply-chain',
      summary:
        'What refers to a manifest: signatures and who verifies them, SBOMs, attestations, vulnerability reports',
      query: supplyChainQuery,
      answers: { 200: supplyChainShape },
      run: async asked => supplyChainShape.parse(await content.read(asked, 'supply-chain')),
    }),
    route({
      method: 'GET',
      action: 'registry/content/read',
      ...decided,
      url: '/api/v1/registries/:name/supply-chain/report',
      summary: 'What a vulnerability report found, the worst first, a page at a time',
      query: reportQuery,
      answers: { 200: reportShape },
      run: async asked => reportShape.parse(await content.read(asked, 'report')),
    }),
  ]
}
