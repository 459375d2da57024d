import { registryEndpoints } from '../../api/index.ts'
import type { Config, Store } from '../../kernel/index.ts'
import { DEFAULT_REGISTRY } from '../../registry/index.ts'
import { endpoints } from '../endpoints.ts'
import { inItsRegistry, inRegistry, registryParams } from './in-registry.ts'
import { type Route, route } from './route.ts'

/** By which hosts clients reach a registry; a page shows them in the commands that pull from it. */
export function registryEndpointRoutes({ config, store }: { config: Config; store: Store }): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/endpoints',
      action: 'registry/read',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'The hosts of a registry, and the regions that have it',
      params: registryParams,
      answers: { 200: registryEndpoints },
      run: async ({ params }) => {
        const { id, hosts } = await inRegistry(store.read, params)
        const { registry, regions } = endpoints(config)
        // Requests without a host name of their own are for the default one.
        const isDefault = id === DEFAULT_REGISTRY.id
        return {
          hosts: [...hosts, ...(isDefault ? [new URL(registry).host] : [])],
          regions: Object.entries(regions).map(([name, url]) => ({ name, host: isDefault ? new URL(url).host : null })),
        }
      },
    }),
  ]
}
