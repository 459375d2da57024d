import { infiniteQueryOptions } from '@tanstack/react-query'
import type { Report, ReportQuery, Severity, SupplyChain, SupplyChainQuery } from '../../../src/api/index.ts'
import { call, path } from './call.ts'
import type { Place } from './content.ts'

export const supplyChainPages = (place: Place, repository: string, digest: string) =>
  infiniteQueryOptions({
    queryKey: [...keyOf(place), repository, digest],
    queryFn: ({ pageParam: last, signal }) => {
      const query: SupplyChainQuery = { repository, digest, ...(last === '' ? {} : { last }) }
      return call<SupplyChain>('GET', at(place, '', query), { signal })
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  })

/** Of those of one severity, or of all. */
export const reportPages = (place: Place, repository: string, report: string, severity: Severity | undefined) =>
  infiniteQueryOptions({
    queryKey: [...keyOf(place), repository, 'report', report, severity ?? ''],
    queryFn: ({ pageParam: after, signal }) => {
      const query: ReportQuery = { repository, report, after, ...(severity === undefined ? {} : { severity }) }
      return call<Report>('GET', at(place, '/report', query), { signal })
    },
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
    // A report is bytes under a digest: it never changes.
    staleTime: Number.POSITIVE_INFINITY,
  })

function keyOf({ tenant, registry, region = '' }: Place) {
  return ['tenant', tenant, 'registries', registry, 'supply-chain', region] as const
}

function at({ registry, region }: Place, below: string, query: object): string {
  const said = Object.entries({ ...query, region }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return `${path`/api/v1/registries/${registry}/supply-chain`}${below}?${new URLSearchParams(said)}`
}
