import { type Digest, isIndex, parseDigest, parseTag } from '../../oci/index.ts'
import { ManifestUnknown, OrderUnknown, RepositoryUnknown, TagUnknown } from '../failures.ts'
import type { Attributes } from '../locks/attributes.ts'
import type { ManifestMetadata, TagMetadata } from '../read/metadata.ts'
import { type ManifestPage, type Order, placeAfter } from '../read/metadata-pages.ts'
import { parseStored, type Stored } from '../read/stored.ts'
import { answerJson } from './answer.ts'
import type { DataPlaneParts, Exchange } from './exchange.ts'
import { parseQuery } from './route.ts'
import { nextLink, pageOf } from './serve-lists.ts'

// ACR's metadata API: what it tells. Shapes: azure-rest-api-specs, containerregistry, data-plane 2021-07-01.

// Entries of about 400 bytes, and up to 1,000 tags a manifest.
const TAGS_A_PAGE = 1000
const MANIFESTS_A_PAGE = 100

export async function getRepository({ registry }: DataPlaneParts, { res, host, repo }: Exchange): Promise<void> {
  const found = await registry.metadata.repository(repo)
  if (!found) throw RepositoryUnknown(repo.repository)
  const { manifests: manifestCount, tags: tagCount } = found
  const changeableAttributes = changeable(found.attributes)
  answer(res, { ...about(host, repo), ...times(found), manifestCount, tagCount, changeableAttributes })
}

export async function getTag({ registry }: DataPlaneParts, { res, host, repo, route }: Exchange): Promise<void> {
  const name = parseTag(route.rest)
  const found = await registry.metadata.tag(repo, name)
  if (!found) throw TagUnknown(repo.repository, name)
  answer(res, { ...about(host, repo), tag: tagOf(found) })
}

export async function listTagMetadata({ registry }: DataPlaneParts, { res, host, repo, query }: Exchange) {
  const params = parseQuery(query)
  const page = placeOf(params, TAGS_A_PAGE)
  const digest = params.get('digest') || ''
  const listed = await registry.metadata.tags(repo, { ...page, digest: digest === '' ? '' : parseDigest(digest) })
  if (!listed) throw RepositoryUnknown(repo.repository)
  const link = nextLink(`/acr/v1/${repo.repository}/_tags`, page, listed.next, params)
  answer(res, { ...about(host, repo), tags: listed.items.map(tagOf) }, link)
}

/** Alone a manifest also tells what it lists; in a list of manifests that would be pages of its own. */
export async function getManifestMetadata({ registry }: DataPlaneParts, { res, host, repo, route }: Exchange) {
  const digest = parseDigest(route.rest)
  const found = await registry.metadata.manifest(repo, digest)
  const stored = found && isIndex(found.mediaType) ? await registry.getManifest(repo, digest) : undefined
  if (!found) throw ManifestUnknown(repo.repository, digest)
  const references = stored && { references: listedIn(stored) }
  answer(res, { ...about(host, repo), manifest: { ...manifestOf(found), ...references } })
}

export async function listManifestMetadata({ registry }: DataPlaneParts, { res, host, repo, query }: Exchange) {
  const params = parseQuery(query)
  const page = placeOf(params, MANIFESTS_A_PAGE)
  const listed = await registry.metadata.manifests(repo, page)
  if (!listed) throw RepositoryUnknown(repo.repository)
  const link = nextLink(`/acr/v1/${repo.repository}/_manifests`, page, listed.next, params)
  answer(res, { ...about(host, repo), manifests: listed.items.map(manifestOf) }, link)
}

const ORDERS: Readonly<Record<string, Order>> = { '': 'name', none: 'name', timeasc: 'oldest', timedesc: 'newest' }

function placeOf(params: URLSearchParams, most: number): ManifestPage {
  const { n, last } = pageOf(params, most)
  const asked = params.get('orderby') ?? ''
  const order = Object.hasOwn(ORDERS, asked) ? ORDERS[asked] : undefined
  if (!order) throw OrderUnknown(asked)
  return { n, order, ...placeAfter(order, last) }
}

function about(registry: string, { repository: imageName }: Exchange['repo']) {
  return { registry, imageName }
}

function times({ created, updated }: { created: number; updated: number }) {
  return { createdTime: new Date(created).toISOString(), lastUpdateTime: new Date(updated).toISOString() }
}

function changeable(of: Attributes) {
  return { deleteEnabled: of.delete, writeEnabled: of.write, readEnabled: of.read, listEnabled: of.list }
}

function tagOf({ name, digest, attributes, ...when }: TagMetadata) {
  return { name, digest, ...times(when), changeableAttributes: changeable(attributes) }
}

/** What a manifest does not have, and what is not known of it yet, is left out. */
function manifestOf({ digest, mediaType, tags, described, attributes, ...when }: ManifestMetadata) {
  const { imageSize, ...texts } = described ?? {}
  const said = Object.entries(texts).filter(([, text]) => text !== '')
  return {
    digest,
    ...(imageSize === undefined ? {} : { imageSize }),
    ...times(when),
    ...Object.fromEntries(said),
    mediaType,
    ...(tags.length === 0 ? {} : { tags }),
    changeableAttributes: changeable(attributes),
  }
}

function listedIn(stored: Stored): { digest: Digest; architecture?: string; os?: string }[] {
  return parseStored(stored).manifests.map(({ digest, platform }) => ({
    digest,
    ...(platform ? { architecture: platform.architecture, os: platform.os } : {}),
  }))
}

function answer(res: Exchange['res'], value: object, headers: readonly string[] = []): void {
  answerJson(res, 200, JSON.stringify(value), headers)
}
