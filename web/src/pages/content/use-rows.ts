import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'

type Pages<T> = { pages: readonly T[] }

// As many as a screen has, and some.
const FULL = 40

/**
 * The rows of all pages that were read. A search answers pages that may be empty and still go on: those that follow are
 * asked for until a screen is full.
 */
export function useRows<P, T>(query: UseInfiniteQueryResult<Pages<P>>, rowsOf: (page: P) => readonly T[]) {
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = query
  // biome-ignore lint/correctness/useExhaustiveDependencies: how rows lie in a page never changes
  const rows = useMemo(() => data?.pages.flatMap(rowsOf) ?? [], [data])
  const more = hasNextPage && !isFetching && !isError
  const empty = more && rows.length < FULL
  useEffect(() => {
    if (empty) fetchNextPage()
  }, [empty, fetchNextPage])
  return { rows, onMore: more ? fetchNextPage : undefined, looking: hasNextPage && rows.length < FULL }
}
