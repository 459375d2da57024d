import { mediaTypes, parseDigest } from '../../oci/index.ts'
import { PageMalformed, RepositoryUnknown } from '../failures.ts'
import type { Page } from '../read/lists.ts'
import { answerJson, type Headers } from './answer.ts'
import type { DataPlaneParts, Exchange } from './exchange.ts'
import { parseQuery } from './route.ts'

// A page is one answer in memory: 10,000 tags of 128 characters are 1.3 MB.
const NAMES_A_PAGE = 10_000
const REFERRERS_A_PAGE = 1000
const NAME_LENGTH = 255

export async function listTags({ registry }: DataPlaneParts, { res, repo, query }: Exchange): Promise<void> {
  const params = parseQuery(query)
  const page = pageOf(params, NAMES_A_PAGE)
  const listed = await registry.listTags(repo, page)
  if (!listed) throw RepositoryUnknown(repo.repository)
  const link = nextLink(`/v2/${repo.repository}/tags/list`, page, listed.next, params)
  answerJson(res, 200, JSON.stringify({ name: repo.repository, tags: listed.items }), link)
}

/** At `/v2/` and `/acr/v1/`: the same list. */
export async function listCatalog({ registry }: DataPlaneParts, { res, route, repo, query }: Exchange): Promise<void> {
  const params = parseQuery(query)
  const page = pageOf(params, NAMES_A_PAGE)
  const listed = await registry.listRepositories(repo.registryId, page)
  const link = nextLink(route.kind === 'catalog' ? '/v2/_catalog' : '/acr/v1/_catalog', page, listed.next, params)
  answerJson(res, 200, JSON.stringify({ repositories: listed.items }), link)
}

/** An index, also where there is none: a client must never fall back to tags because it got a 404. */
export async function listReferrers({ registry }: DataPlaneParts, { res, repo, route, query }: Exchange) {
  const subject = parseDigest(route.rest)
  const params = parseQuery(query)
  const artifactType = params.get('artifactType') ?? ''
  const page = pageOf(params, REFERRERS_A_PAGE)
  const listed = await registry.listReferrers(repo, subject, { ...page, artifactType })
  // Descriptors are kept as the JSON that they are shown as.
  const text = `{"schemaVersion":2,"mediaType":"${mediaTypes.ociIndex}","manifests":[${listed.items.join(',')}]}`
  answerJson(res, 200, text, [
    'Content-Type',
    mediaTypes.ociIndex,
    ...(artifactType === '' ? [] : ['OCI-Filters-Applied', 'artifactType']),
    ...nextLink(`/v2/${repo.repository}/referrers/${subject}`, page, listed.next, params),
  ])
}

export function pageOf(params: URLSearchParams, most: number): Page {
  const n = params.get('n')
  if (n !== null && !/^\d{1,15}$/.test(n)) throw PageMalformed('n', n)
  const last = params.get('last') ?? ''
  if (last.length > NAME_LENGTH || !last.isWellFormed()) throw PageMalformed('last', last)
  return { n: Math.min(n === null ? most : Number(n), most), last }
}

/** Keeps the other parameters, so that a filter goes on with its list. `last` comes first: PowerShell for ACR looks there. */
export function nextLink(
  path: string,
  page: { n: number },
  next: string | undefined,
  params: URLSearchParams,
): Headers {
  if (next === undefined || page.n === 0) return []
  const others = [...params].filter(([name]) => name !== 'last' && name !== 'n')
  const query = new URLSearchParams([['last', next], ['n', String(page.n)], ...others])
  return ['Link', `<${path}?${query}>; rel="next"`]
}
