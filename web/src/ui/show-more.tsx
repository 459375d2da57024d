import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { problemOf } from '../api/problem.ts'
import { Button } from './button.tsx'
import { ProblemNote } from './problem-note.tsx'

type Props = {
  query: Pick<
    UseInfiniteQueryResult,
    'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'error' | 'fetchNextPage'
  >
  label: string
}

/** Reads the next page of a list that is short as a rule; nothing where all of it is here. */
export function ShowMore({ query, label }: Props) {
  if (!query.hasNextPage) return null
  return (
    <div className="flex flex-col items-center gap-3 border-t border-line px-4 py-3">
      {query.isFetchNextPageError ? <ProblemNote problem={problemOf(query.error)} /> : null}
      <Button size="small" busy={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
        {label}
      </Button>
    </div>
  )
}
