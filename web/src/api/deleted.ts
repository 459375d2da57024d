import { infiniteQueryOptions, type QueryClient } from '@tanstack/react-query'
import type { DeletedManifest, DeletedRepository, DeletedTag, RestoreBody, Restored } from '../../../src/api/index.ts'
import { call, path, query } from './call.ts'
import { listKey, type Place } from './content.ts'

type Pages<K extends string, T> = { readonly [name in K]: readonly T[] } & { readonly next?: string }

const options = {
  initialPageParam: '',
  getNextPageParam: ({ next }: { next?: string | undefined }) => next,
}

export const deletedQuery = (place: Place) =>
  infiniteQueryOptions({
    ...options,
    queryKey: [...listKey(place), 'deleted'],
    queryFn: ({ pageParam: last, signal }) =>
      call<Pages<'repositories', DeletedRepository>>('GET', at(place, '', { last }), { signal }),
  })

export const deletedTagsQuery = (place: Place, repository: string) =>
  infiniteQueryOptions({
    ...options,
    queryKey: [...listKey(place), 'deleted', 'tags', repository],
    queryFn: ({ pageParam: last, signal }) =>
      call<Pages<'tags', DeletedTag>>('GET', at(place, '/tags', { repository, last }), { signal }),
  })

export const deletedManifestsQuery = (place: Place, repository: string) =>
  infiniteQueryOptions({
    ...options,
    queryKey: [...listKey(place), 'deleted', 'manifests', repository],
    queryFn: ({ pageParam: last, signal }) =>
      call<Pages<'manifests', DeletedManifest>>('GET', at(place, '/manifests', { repository, last }), { signal }),
  })

/** A tag of a digest, a manifest, or all of a repository that was deleted whole. */
export type Lost = { readonly repository: string; readonly tag?: string; readonly digest?: string }

export function restore(place: Place, { repository, ...what }: Lost, force: boolean): Promise<Restored> {
  const body: RestoreBody = { ...what, force }
  return call('POST', at(place, '/restore', { repository }), { body })
}

/** For good. `more`: the same again goes on. */
export async function purge(place: Place, what: Lost): Promise<void> {
  for (let more = true; more; ) more = (await call<{ more: boolean }>('DELETE', at(place, '', what))).more
}

/** What was restored is in the lists of what is here, and not in those of what is gone. */
export async function listsChanged(queryClient: QueryClient, { tenant, registry }: Place): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: ['content', tenant, registry] })
}

function at({ registry, region }: Place, below: string, said: Readonly<Record<string, string>>): string {
  return path`/api/v1/registries/${registry}/repositories/deleted` + below + query({ ...said, region })
}
