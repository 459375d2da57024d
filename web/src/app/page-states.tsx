import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { problemOf } from '../api/problem.ts'
import { Button, buttonLook } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'

export function PageLoading() {
  return (
    <div aria-busy="true" className="flex flex-col gap-3">
      <p className="sr-only">Loading</p>
      <div className="skeleton h-8 w-56" />
      <div className="skeleton h-5 w-80 max-w-full" />
      <div className="skeleton mt-3 h-64 w-full" />
    </div>
  )
}

export function PageMissing() {
  return (
    <div className="mx-auto flex max-w-prose flex-col items-start gap-3 p-6">
      <title>Not found · Towpath</title>
      <h1 className="text-xl font-semibold">There is nothing here</h1>
      <p className="text-soft">The page does not exist, or its tenant is one that you may not see.</p>
      <Link to="/" className={buttonLook('primary')}>
        To the start
      </Link>
    </div>
  )
}

export function PageFailed({ error, reset }: ErrorComponentProps) {
  return (
    <div className="mx-auto flex max-w-prose flex-col items-start gap-3 p-6">
      <title>Something went wrong · Towpath</title>
      <h1 className="text-xl font-semibold">This page can not be shown</h1>
      <ProblemNote problem={problemOf(error)} />
      <Button look="primary" onClick={reset}>
        Try again
      </Button>
    </div>
  )
}
