import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { problemOf } from '../api/problem.ts'
import { Button } from './button.tsx'
import { ProblemNote } from './problem-note.tsx'

type Props<T> = { query: UseQueryResult<T>; loading: ReactNode; children: (data: T) => ReactNode }

/** What was asked for, once it is here; what stands in its place until then; or why it does not come. */
export function Loaded<T>({ query, loading, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.isPending) return loading
  return (
    <div className="flex flex-col items-start gap-3 p-4">
      <ProblemNote problem={problemOf(query.error)} />
      <Button onClick={() => query.refetch()}>Try again</Button>
    </div>
  )
}
