import { infiniteQueryOptions } from '@tanstack/react-query'
import type { Report, Severity, SupplyChain } from '../../../src/api/index.ts'
import { call, path, query } from './call.ts'
import type { Place } from './content.ts'

export const supplyChainPages = (place: Place, repository: string, digest: string) =>
  infiniteQueryOptions({
    queryKey: [...keyOf(place), repository, digest],
    queryFn: ({ pageParam: last, signal }) =>
      call<SupplyChain>('GET', at(place, '', { repository, digest, last }), { signal }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  })

/** Of those of one severity, or of all. */
export const reportPages = (place: Place, repository: string, report: string, severity: Severity | undefined) =>
  infiniteQueryOptions({
    queryKey: [...keyOf(place), repository, 'report', report, severity ?? ''],
    queryFn: ({ pageParam: after, signal }) =>
      call<Report>('GET', at(place, '/report', { repository, report, after, severity }), { signal }),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
    // A report is bytes under a digest: it never changes.
    staleTime: Number.POSITIVE_INFINITY,
  })

function keyOf({ tenant, registry, region = '' }: Place) {
  return ['tenant', tenant, 'registries', registry, 'supply-chain', region] as const
}

function at({ registry, region }: Place, below: string, said: Parameters<typeof query>[0]): string {
  return path`/api/v1/registries/${registry}/supply-chain` + below + query({ ...said, region })
}
