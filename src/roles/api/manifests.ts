import {
  attributesBody,
  manifestPageQuery,
  manifestPageShape,
  manifestQuery,
  nothing,
  wholeManifestShape,
} from '../../api/index.ts'
import type { Config, Store } from '../../kernel/index.ts'
import { inItsRegistry, inRegistry, registryParams, registryScope } from './in-registry.ts'
import { regionContent } from './region-content.ts'
import { type Route, route } from './route.ts'

/** The manifests of a repository in one region, and one of them as the tree that it is. */
export function manifestRoutes({ config, store }: { config: Config; store: Store }): Route[] {
  const content = regionContent({ config, store })
  const decided = { allow: 'decided', ...inItsRegistry(store.read), params: registryParams } as const

  return [
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/repositories/manifests',
      action: 'registry/metadata/read',
      ...decided,
      summary: 'Manifests of a repository, a page at a time: by digest or by time',
      query: manifestPageQuery,
      answers: { 200: manifestPageShape },
      run: async asked => manifestPageShape.parse(await content.read(asked, 'manifests')),
    }),
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/repositories/manifest',
      action: 'registry/metadata/read',
      ...decided,
      summary: 'One manifest: platforms or layers, who shares them, what refers to it; how it runs for who may pull',
      query: manifestQuery,
      answers: { 200: wholeManifestShape },
      run: async ({ session, ...asked }) => {
        const scope = await registryScope(store.read, await inRegistry(store.read, asked.params))
        // The config is a blob: metadata alone does not open it.
        const opens = scope !== undefined && (await session().may('registry/content/read', scope))
        return wholeManifestShape.parse(await content.read(asked, 'manifest', { content: String(opens) }))
      },
    }),
    route({
      method: 'PATCH',
      url: '/api/v1/registries/:name/repositories/manifest',
      action: 'registry/metadata/write',
      ...decided,
      summary: 'Lock or unlock a manifest; what is left out stays',
      query: manifestQuery,
      body: attributesBody,
      answers: { 204: nothing },
      run: async ({ body: set, reply, session, ...asked }) => {
        const { repository, digest } = asked.query
        await content.change(asked, session(), 'attributes', {
          repository,
          of: { kind: 'manifest', name: digest },
          set,
        })
        reply.code(204)
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/registries/:name/repositories/manifest',
      action: 'registry/content/delete',
      ...decided,
      summary: 'Delete a manifest; its tags go with it',
      query: manifestQuery,
      answers: { 204: nothing },
      run: async ({ reply, session, ...asked }) => {
        const { repository, digest } = asked.query
        await content.change(asked, session(), 'delete-manifest', { repository, digest })
        reply.code(204)
      },
    }),
  ]
}
