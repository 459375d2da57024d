import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { AuditQuery, AuditRecordList } from '../../../src/api/index.ts'
import { call, query } from './call.ts'
import { type Held, MOST_SHOWN, reachOf, shownOf, withNewer } from './newer-records.ts'

/** What records must fit to be shown, and whose database they are in; as in the page's address. */
export type AuditFilter = { readonly [name in FilterName | 'region']?: string }
export type FilterName = (typeof FILTERS)[number]
export const FILTERS = [
  'actor',
  'action',
  'resource',
  'result',
  'from',
  'to',
] as const satisfies readonly (keyof AuditQuery)[]

/** Where the API says nothing else; its database has what was done at the API. */
export const CONTROL = 'control'

const PAGE = 50

/** The newest first, a page at a time. A page stays as it was read: what is newer comes by `newerQuery`. */
export const recordsQuery = (tenant: string, filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', tenant, filter],
    queryFn: ({ pageParam, signal }) => read(tenant, filter, { before: pageParam, limit: PAGE }, signal),
    initialPageParam: '',
    getNextPageParam: ({ next }, pages) => (shownOf(pages).length < MOST_SHOWN ? next : undefined),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Puts what is new into `recordsQuery`, each time an event of the tenant makes it stale. Its own answer says nothing. */
export const newerQuery = (tenant: string, filter: AuditFilter) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'audit', 'newer', filter],
    queryFn: async ({ client, signal }) => {
      const { queryKey } = recordsQuery(tenant, filter)
      const limit = PAGE + reachOf(client.getQueryData<Held>(queryKey))
      const page = await read(tenant, filter, { before: '', limit }, signal)
      client.setQueryData<Held>(queryKey, held => held && withNewer(held, page))
      return null
    },
    initialData: null,
    staleTime: Number.POSITIVE_INFINITY,
  })

/** The databases that have a chain of the tenant: control's, and each region's. */
export const chainsQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['audit-chains', tenant],
    queryFn: async ({ signal }) => {
      const at = `/api/v1/audit/chains?${new URLSearchParams({ tenant })}`
      const { chains } = await call<{ chains: { region: string }[] }>('GET', at, { signal })
      return chains.map(({ region }) => region)
    },
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Where a browser gets all that fits, to keep. */
export function exportPath(tenant: string, filter: AuditFilter, format: 'jsonl' | 'ocsf'): string {
  return `/api/v1/audit/export?${new URLSearchParams({ tenant, ...filter, format })}`
}

type Part = { before: string; limit: number }

function read(tenant: string, filter: AuditFilter, { before, limit }: Part, signal: AbortSignal) {
  return call<AuditRecordList>('GET', `/api/v1/audit${query({ tenant, ...filter, limit, before })}`, { signal })
}
