import { queryOptions } from '@tanstack/react-query'
import type { Usage, UsageHistory } from '../../../src/api/index.ts'
import { call, path, query } from './call.ts'
import type { Place } from './content.ts'

/** Each answer tells of the last minute, and nothing tells pages of the next. */
const AGAIN_MS = 5_000
/** As often as it is written. */
const WRITTEN_MS = 60_000

export const usageQuery = ({ tenant, registry, region }: Place) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'registries', registry, 'usage', region],
    queryFn: ({ signal }) =>
      call<Usage>('GET', path`/api/v1/registries/${registry}/usage` + query({ region }), { signal }),
    refetchInterval: AGAIN_MS,
  })

/** `hours`: how far back. */
export const usageHistoryQuery = ({ tenant, registry, region }: Place, hours: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'registries', registry, 'usage-history', region, hours],
    queryFn: ({ signal }) =>
      call<UsageHistory>('GET', path`/api/v1/registries/${registry}/usage/history` + query({ hours, region }), {
        signal,
      }),
    refetchInterval: WRITTEN_MS,
  })
