import {
  attributesBody,
  nothing,
  repositoryGone,
  repositoryList,
  repositoryPageQuery,
  repositoryQuery,
  repositoryShape,
  tagList,
  tagPageQuery,
  tagQuery,
} from '../../api/index.ts'
import type { Config, Store } from '../../kernel/index.ts'
import { inItsRegistry, registryParams } from './in-registry.ts'
import { regionContent } from './region-content.ts'
import { type Route, route } from './route.ts'

/** What a registry holds in one region: repositories and their tags. Names have slashes, so they stand in the query. */
export function repositoryRoutes({ config, store }: { config: Config; store: Store }): Route[] {
  const content = regionContent({ config, store })
  const decided = { allow: 'decided', ...inItsRegistry(store.read), params: registryParams } as const

  return [
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/repositories',
      action: 'registry/metadata/read',
      ...decided,
      summary: 'The repositories of a registry in one region, a page at a time: by name, or the newest first',
      query: repositoryPageQuery,
      answers: { 200: repositoryList },
      run: async asked => repositoryList.parse(await content.read(asked, 'repositories')),
    }),
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/repositories/repository',
      action: 'registry/metadata/read',
      ...decided,
      summary: 'One repository: counts, times, locks',
      query: repositoryQuery,
      answers: { 200: repositoryShape },
      run: async asked => repositoryShape.parse(await content.read(asked, 'repository')),
    }),
    route({
      method: 'PATCH',
      url: '/api/v1/registries/:name/repositories/repository',
      action: 'registry/metadata/write',
      ...decided,
      summary: 'Lock or unlock a repository; what is left out stays',
      query: repositoryQuery,
      body: attributesBody,
      answers: { 204: nothing },
      run: async ({ body: set, reply, session, ...asked }) => {
        const { repository } = asked.query
        const of = { kind: 'repository', name: '' }
        await content.change(asked, session(), 'attributes', { repository, of, set })
        reply.code(204)
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/registries/:name/repositories/repository',
      action: 'registry/content/delete',
      ...decided,
      summary: 'Delete a repository with all that it holds; of a very large one the rest goes in the background',
      query: repositoryQuery,
      answers: { 200: repositoryGone },
      run: async ({ session, ...asked }) => {
        const { repository } = asked.query
        return repositoryGone.parse(await content.change(asked, session(), 'delete-repository', { repository }))
      },
    }),
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/repositories/tags',
      action: 'registry/metadata/read',
      ...decided,
      summary: 'Tags of a repository, a page at a time: by name or by time, all or those of one manifest',
      query: tagPageQuery,
      answers: { 200: tagList },
      run: async asked => tagList.parse(await content.read(asked, 'tags')),
    }),
    route({
      method: 'PATCH',
      url: '/api/v1/registries/:name/repositories/tag',
      action: 'registry/metadata/write',
      ...decided,
      summary: 'Lock or unlock a tag; what is left out stays',
      query: tagQuery,
      body: attributesBody,
      answers: { 204: nothing },
      run: async ({ body: set, reply, session, ...asked }) => {
        const { repository, tag } = asked.query
        await content.change(asked, session(), 'attributes', { repository, of: { kind: 'tag', name: tag }, set })
        reply.code(204)
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/registries/:name/repositories/tag',
      action: 'registry/content/delete',
      ...decided,
      summary: 'Take a tag away; its manifest stays, and with it what other tags it has',
      query: tagQuery,
      answers: { 204: nothing },
      run: async ({ reply, session, ...asked }) => {
        const { repository, tag } = asked.query
        await content.change(asked, session(), 'untag', { repository, tag })
        reply.code(204)
      },
    }),
  ]
}
