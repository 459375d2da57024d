import { infiniteQueryOptions } from '@tanstack/react-query'
import type { Import, ImportBody } from '../../../src/api/index.ts'
import { call, path, query } from './call.ts'
import type { Place } from './content.ts'

type Page = { readonly imports: readonly Import[]; readonly next?: string }

// What runs changes all the time, and no event tells of it.
const LOOK_MS = 2_000

export const isUnderWay = ({ state }: Import) => state === 'waiting' || state === 'running'

/** The newest first; asked for again as long as one is under way. */
export const importsQuery = ({ tenant, registry, region = '' }: Place) =>
  infiniteQueryOptions({
    queryKey: ['tenant', tenant, 'registries', registry, 'imports', region],
    queryFn: ({ pageParam: before, signal }) =>
      call<Page>('GET', path`/api/v1/registries/${registry}/imports` + query({ before, region }), { signal }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) => (state.data?.pages.some(page => page.imports.some(isUnderWay)) ? LOOK_MS : false),
  })

export function makeImport({ registry, region }: Place, body: ImportBody): Promise<Import> {
  return call('POST', path`/api/v1/registries/${registry}/imports` + query({ region }), { body })
}

export function cancelImport({ registry, region }: Place, id: string): Promise<unknown> {
  return call('POST', path`/api/v1/registries/${registry}/imports/${id}/cancel` + query({ region }))
}
