import { queryOptions } from '@tanstack/react-query'
import type { Usage } from '../../../src/api/index.ts'
import { call, path } from './call.ts'
import type { Place } from './content.ts'

/** Each answer tells of the last minute, and nothing tells pages of the next. */
const AGAIN_MS = 5_000

export const usageQuery = ({ tenant, registry, region }: Place) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'registries', registry, 'usage', region],
    queryFn: ({ signal }) => {
      const query = region === undefined ? '' : path`?region=${region}`
      return call<Usage>('GET', path`/api/v1/registries/${registry}/usage` + query, { signal })
    },
    refetchInterval: AGAIN_MS,
  })
