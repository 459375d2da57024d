import type { ReactNode } from 'react'
import { problemOf } from '../api/problem.ts'
import { Button } from './button.tsx'
import { ProblemNote } from './problem-note.tsx'

/** Of one answer, or of a list read a page at a time. */
type Query<T> = {
  readonly data: T | undefined
  readonly isPending: boolean
  readonly error: Error | null
  readonly refetch: () => unknown
}
type Props<T> = { query: Query<T>; loading: ReactNode; children: (data: T) => ReactNode }

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
