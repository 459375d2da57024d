import { type InfiniteData, infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import type {
  AttributesBody,
  Manifest,
  ManifestPage,
  RegistryEndpoints,
  Repository,
  RepositoryGone,
  RepositoryList,
  Tag,
  TagList,
  WholeManifest,
} from '../../../src/api/index.ts'
import { call, path, query } from './call.ts'

/** A registry as one region has it; the first region where none is named. */
export type Place = { readonly tenant: string; readonly registry: string; readonly region: string | undefined }
export type Order = 'name' | 'newest' | 'oldest'
export type RepositorySearch = { readonly search: string; readonly order: 'name' | 'newest' }
export type TagSearch = { readonly search: string; readonly order: Order }

const A_PAGE = 100
/** A list that somebody went far into stays as it was read: all its pages anew would be as many requests. */
const FEW_PAGES = 3
const isShort = ({ state }: { state: { data: InfiniteData<unknown> | undefined } }) =>
  (state.data?.pages.length ?? 0) <= FEW_PAGES

const options = {
  initialPageParam: '',
  getNextPageParam: ({ next }: { next?: string | undefined }) => next,
  staleTime: 10_000,
  refetchOnMount: isShort,
  refetchOnWindowFocus: isShort,
  refetchOnReconnect: isShort,
}

export const repositoriesQuery = (place: Place, { search, order }: RepositorySearch) =>
  infiniteQueryOptions({
    ...options,
    queryKey: [...listKey(place), 'repositories', search, order],
    queryFn: ({ pageParam: last, signal }) =>
      read<RepositoryList>(place, '', { search, order, last, limit: A_PAGE }, signal),
  })

export const tagsQuery = (place: Place, repository: string, { search, order }: TagSearch) =>
  infiniteQueryOptions({
    ...options,
    queryKey: [...listKey(place), 'tags', repository, search, order],
    queryFn: ({ pageParam: last, signal }) =>
      read<TagList>(place, '/tags', { repository, search, order, last, limit: A_PAGE }, signal),
  })

export const manifestsQuery = (place: Place, repository: string, order: Order) =>
  infiniteQueryOptions({
    ...options,
    queryKey: [...listKey(place), 'manifests', repository, order],
    queryFn: ({ pageParam: last, signal }) =>
      read<ManifestPage>(place, '/manifests', { repository, order, last, limit: A_PAGE }, signal),
  })

export const repositoryQuery = (place: Place, repository: string) =>
  queryOptions({
    queryKey: [...oneKey(place), 'repository', repository],
    queryFn: ({ signal }) => read<Repository>(place, '/repository', { repository }, signal),
  })

export const manifestQuery = (place: Place, repository: string, digest: string) =>
  queryOptions({
    queryKey: [...oneKey(place), 'manifest', repository, digest],
    queryFn: ({ signal }) => read<WholeManifest>(place, '/manifest', { repository, digest }, signal),
  })

export const endpointsQuery = (tenant: string, registry: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'registries', registry, 'endpoints'],
    queryFn: ({ signal }) => call<RegistryEndpoints>('GET', path`/api/v1/registries/${registry}/endpoints`, { signal }),
  })

/** A repository alone, or with a tag or a digest. */
export type Subject = { readonly repository: string; readonly tag?: string; readonly digest?: string }

export function setLocks(place: Place, subject: Subject, body: AttributesBody): Promise<void> {
  return call('PATCH', at(place, `/${nounOf(subject)}`, { ...subject }), { body })
}

export function untag(place: Place, repository: string, tag: string): Promise<void> {
  return call('DELETE', at(place, '/tag', { repository, tag }))
}

export function deleteManifest(place: Place, repository: string, digest: string): Promise<void> {
  return call('DELETE', at(place, '/manifest', { repository, digest }))
}

export function deleteRepository(place: Place, repository: string): Promise<RepositoryGone> {
  return call('DELETE', at(place, '/repository', { repository }))
}

type Row = Repository | Tag | Manifest
type Change = <T extends Row>(row: T) => T | undefined

/** Changes the row of a thing in lists that were read, or takes it out by undefined; nothing is read again for it. */
export function changeRow(queryClient: QueryClient, place: Place, subject: Subject, change: Change): void {
  const { repository, tag, digest } = subject
  const it = <T extends Row>(row: T) => change(row)
  if (tag !== undefined) {
    changeRows<Tag>(queryClient, place, ['tags', repository], row => (row.name === tag ? it(row) : row))
  } else if (digest !== undefined) {
    changeRows<Manifest>(queryClient, place, ['manifests', repository], row => (row.digest === digest ? it(row) : row))
  } else {
    changeRows<Repository>(queryClient, place, ['repositories'], row => (row.name === repository ? it(row) : row))
  }
}

/** Its tags go with it. */
export function forgetManifest(queryClient: QueryClient, place: Place, repository: string, digest: string): void {
  changeRow(queryClient, place, { repository, digest }, () => undefined)
  changeRows<Tag>(queryClient, place, ['tags', repository], row => (row.digest === digest ? undefined : row))
}

type Lists = InfiniteData<Readonly<Record<string, unknown>>>

/** `key`: first what the rows are called in their pages. */
function changeRows<T>(
  queryClient: QueryClient,
  place: Place,
  key: readonly [kind: string, ...within: string[]],
  change: (row: T) => T | undefined,
): void {
  queryClient.setQueriesData<Lists>({ queryKey: [...listKey(place), ...key] }, data => {
    if (!data) return data
    const pages = data.pages.map(page => ({
      ...page,
      [key[0]]: (page[key[0]] as readonly T[]).flatMap(row => change(row) ?? []),
    }))
    return { ...data, pages }
  })
}

/** Not under the tenant's own key: an event of the tenant says nothing about content. */
export function listKey({ tenant, registry, region = '' }: Place) {
  return ['content', tenant, registry, region] as const
}

function oneKey({ tenant, registry, region = '' }: Place) {
  return ['tenant', tenant, 'registries', registry, 'content', region] as const
}

function nounOf({ tag, digest }: Subject): string {
  if (tag !== undefined) return 'tag'
  return digest === undefined ? 'repository' : 'manifest'
}

type Said = Readonly<Record<string, string | number>>

function at({ registry, region }: Place, below: string, said: Said): string {
  return path`/api/v1/registries/${registry}/repositories` + below + query({ ...said, region })
}

function read<T>(place: Place, below: string, said: Said, signal: AbortSignal): Promise<T> {
  return call('GET', at(place, below, said), { signal })
}
