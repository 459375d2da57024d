import { z } from 'zod'
import {
  importBody,
  importList,
  importListQuery,
  importRegionQuery,
  importShape,
  type Import as Shown,
} from '../../api/index.ts'
import { type Clock, type Config, failure, newId, type Store, type Vault } from '../../kernel/index.ts'
import { parseReference, parseRepository, parseTag } from '../../oci/index.ts'
import { type Import, type ImportAsked, type ImportCredentials, importContext } from '../../registry/index.ts'
import { askRegion } from '../ask-region.ts'
import { byWhom } from '../node-questions.ts'
import { regionOf } from '../nodes.ts'
import { inItsRegistry, inRegistry, ownedRegistry, registryParams, registryScope } from './in-registry.ts'
import { type Route, route } from './route.ts'

const AllOrOne = failure('IMPORT_ALL_OR_ONE', 400, (source: string) => ({
  says: `${JSON.stringify(source.slice(0, 300))} names one image, and all tags are asked for`,
  next: 'Name the repository alone, as host/repository, or leave allTags out',
}))
const TagsKeepNames = failure('IMPORT_TAGS_KEEP_NAMES', 400, () => ({
  says: 'All tags of a repository keep their names',
  next: 'Leave the tags out, and name the repository that they go to',
}))

const oneImport = registryParams.extend({ import: z.string().max(100) })

const failed = z.object({ code: z.string(), status: z.int(), says: z.string(), next: z.string() })
/** As a region's node tells it. */
const told = importShape
  .omit({ region: true, source: true, allTags: true, askedBy: true, error: true, problems: true, digest: true })
  .extend({
    source: z.object({
      ...{ host: z.string(), repository: z.string(), tag: z.string(), digest: z.string(), allTags: z.boolean() },
    }),
    by: z.object({ actor: importShape.shape.askedBy }),
    error: failed.optional(),
    problems: z.array(failed.extend({ tag: z.string() })),
    digest: z.string(),
    startedAt: z.int(),
    endedAt: z.int(),
  })

type Parts = { config: Config; store: Store; clock: Clock; vault: Vault }

/** Content that is brought from other registries. */
export function importRoutes({ config, store, clock, vault }: Parts): Route[] {
  const post = async (region: string, path: string, body: unknown) =>
    shown(region, told.parse(await askRegion(config, region, path, { method: 'POST', body: JSON.stringify(body) })))

  return [
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/imports',
      action: 'registry/metadata/read',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Imports of one region into a registry, the newest first',
      params: registryParams,
      query: importListQuery,
      answers: { 200: importList },
      run: async ({ params, query }) => {
        const { registryId } = await ownedRegistry(store.read, params)
        const region = regionOf(config, query)
        const { before, limit } = query
        const asked = new URLSearchParams({ registryId, limit: String(limit), ...(before ? { before } : {}) })
        const answer = z
          .object({ imports: z.array(told) })
          .parse(await askRegion(config, region, `/internal/v1/imports?${asked}`))
        const found = answer.imports.map(one => shown(region, one))
        const last = found.at(-1)
        return { imports: found, ...(found.length === limit && last ? { next: last.id } : {}) }
      },
    }),
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/imports/:import',
      action: 'registry/metadata/read',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'One import, and how far it is',
      params: oneImport,
      query: importRegionQuery,
      answers: { 200: importShape },
      run: async ({ params, query }) => {
        const { registryId } = await ownedRegistry(store.read, params)
        const region = regionOf(config, query)
        const asked = new URLSearchParams({ registryId, id: params.import })
        return shown(region, told.parse(await askRegion(config, region, `/internal/v1/imports/one?${asked}`)))
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/registries/:name/imports',
      action: 'registry/content/write',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Bring a tag, a digest or a whole repository here from any registry; it goes on in the background',
      params: registryParams,
      query: importRegionQuery,
      body: importBody,
      answers: { 202: importShape },
      run: async ({ params, query, body, session, reply }) => {
        const { registryId, tenantId } = await ownedRegistry(store.read, params)
        const scope = await registryScope(store.read, await inRegistry(store.read, params))
        const mayMount = scope !== undefined && (await session().may('registry/content/read', scope))
        const id = newId(clock, 'imp')
        const by = byWhom(session(), tenantId)
        const { force, referrers, plainHttp, username, password } = body
        const asked: ImportAsked = { registryId, id, ...whatOf(body), force, referrers, plainHttp, mayMount, by }
        // Sealed here, for the region: nothing between sees it.
        const sealed = username && password ? await seal(asked, { username, password }) : ''
        const made = await post(regionOf(config, query), '/internal/v1/imports', { asked, sealed })
        reply.code(202).header('location', `/api/v1/registries/${params.name}/imports/${id}`)
        return made
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/registries/:name/imports/:import/cancel',
      action: 'registry/content/write',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'End an import; what came stays here, and one that has ended stays as it is',
      params: oneImport,
      query: importRegionQuery,
      answers: { 200: importShape },
      run: async ({ params, query, session }) => {
        const { registryId, tenantId } = await ownedRegistry(store.read, params)
        const by = byWhom(session(), tenantId)
        return post(regionOf(config, query), '/internal/v1/imports/cancel', { registryId, id: params.import, by })
      },
    }),
  ]

  function seal(asked: ImportAsked, credentials: ImportCredentials): Promise<string> {
    return vault.seal(JSON.stringify(credentials), importContext(asked))
  }
}

type What = Pick<ImportAsked, 'source' | 'repository' | 'tags'>

/** Where from and where to. What is left out is as at the source, as `az acr import` has it. */
function whatOf({ source, allTags, repository, tags }: z.output<typeof importBody>): What {
  const from = parseReference(source)
  const named = { tag: from.digest || allTags ? '' : (from.tag ?? 'latest'), digest: from.digest ?? '' }
  if (allTags && (from.tag !== undefined || from.digest)) throw AllOrOne(source)
  if (allTags && tags !== undefined && tags.length > 0) throw TagsKeepNames()
  const own = from.tag === undefined ? [named.tag].filter(tag => tag !== '') : [from.tag]
  return {
    source: { host: from.host, repository: from.repository, ...named, allTags },
    repository: parseRepository(repository ?? from.repository),
    tags: allTags ? [] : (tags ?? own).map(parseTag),
  }
}

function shown(region: string, { source, by, error, problems, digest, ...one }: z.output<typeof told>): Shown {
  const name = source.digest === '' ? (source.tag === '' ? '' : `:${source.tag}`) : `@${source.digest}`
  return {
    ...{ ...one, region, source: `${source.host}/${source.repository}${name}`, allTags: source.allTags },
    ...{ digest: digest || null, askedBy: by.actor },
    ...{ startedAt: one.startedAt || null, endedAt: one.endedAt || null },
    error: error ? inWords(error) : null,
    problems: problems.map(({ tag, ...problem }) => ({ tag, ...inWords(problem) })),
  }
}

function inWords({ code, status, says, next }: NonNullable<Import['error']>) {
  return { code, status, title: says, detail: next }
}
