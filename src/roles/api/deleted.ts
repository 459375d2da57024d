import {
  deletedManifestList,
  deletedManifestQuery,
  deletedQuery,
  deletedRepositoryList,
  deletedTagList,
  deletedTagQuery,
  purgedShape,
  purgeQuery,
  repositoryQuery,
  restoreBody,
  restoredShape,
} from '../../api/index.ts'
import type { Config, Store } from '../../kernel/index.ts'
import { inItsRegistry, registryParams } from './in-registry.ts'
import { regionContent } from './region-content.ts'
import { type Route, route } from './route.ts'

/** What was deleted in one region while a soft-delete policy held, and what brings it back. */
export function deletedRoutes({ config, store }: { config: Config; store: Store }): Route[] {
  const content = regionContent({ config, store })
  const decided = { allow: 'decided', ...inItsRegistry(store.read), params: registryParams } as const

  return [
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/repositories/deleted',
      action: 'registry/metadata/read',
      ...decided,
      summary: 'The repositories that have anything in the trash, by name',
      query: deletedQuery,
      answers: { 200: deletedRepositoryList },
      run: async asked => deletedRepositoryList.parse(await content.read(asked, 'deleted')),
    }),
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/repositories/deleted/manifests',
      action: 'registry/metadata/read',
      ...decided,
      summary: 'Deleted manifests of a repository that can be restored, the newest first',
      query: deletedManifestQuery,
      answers: { 200: deletedManifestList },
      run: async asked => deletedManifestList.parse(await content.read(asked, 'deleted-manifests')),
    }),
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/repositories/deleted/tags',
      action: 'registry/metadata/read',
      ...decided,
      summary: 'Deleted tags of a repository and what they led to, the newest first; all or those of one name',
      query: deletedTagQuery,
      answers: { 200: deletedTagList },
      run: async asked => deletedTagList.parse(await content.read(asked, 'deleted-tags')),
    }),
    route({
      method: 'POST',
      url: '/api/v1/registries/:name/repositories/deleted/restore',
      action: 'registry/content/write',
      ...decided,
      summary:
        'Push a tag, a manifest or a whole repository again out of the trash, with all below and what refers to it',
      query: repositoryQuery,
      body: restoreBody,
      answers: { 200: restoredShape },
      run: async ({ body, session, ...asked }) => {
        const { repository } = asked.query
        const digest = body.tag === undefined ? body.digest : (body.digest ?? (await lastDigest(asked, body.tag)))
        const wanted = { ...body, ...(digest === undefined ? {} : { digest }) }
        return restoredShape.parse(await content.change(asked, session(), 'restore', { repository, ...wanted }))
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/registries/:name/repositories/deleted',
      action: 'registry/content/delete',
      ...decided,
      summary: 'Take a tag, a manifest or all of a repository out of the trash for good',
      query: purgeQuery,
      answers: { 200: purgedShape },
      run: async ({ session, ...asked }) => {
        const { region: _, ...what } = asked.query
        return purgedShape.parse(await content.change(asked, session(), 'purge', what))
      },
    }),
  ]

  // A restore is asked for again where its answer was lost, and must not then take the tag of an earlier deletion.
  async function lastDigest(asked: Parameters<typeof content.read>[0], tag: string): Promise<string | undefined> {
    const found = await content.read(asked, 'deleted-tags', { tag, limit: '1' })
    return deletedTagList.parse(found).tags[0]?.digest
  }
}
