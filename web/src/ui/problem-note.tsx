import { TriangleAlert } from 'lucide-react'
import type { Problem } from '../api/problem.ts'
import { cx } from './cx.ts'

/** What went wrong and what to do now, where it went wrong. */
export function ProblemNote({ problem, className }: { problem: Problem; className?: string }) {
  return (
    <div
      role="alert"
      className={cx('flex gap-2.5 rounded-md border border-danger/30 bg-danger-wash px-3 py-2.5', className)}
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <p className="font-medium text-ink">{sentence(problem.says)}</p>
        <p className="mt-0.5 text-ink">{sentence(problem.next)}</p>
        <p className="mt-1 font-mono text-xs text-danger">{problem.code}</p>
      </div>
    </div>
  )
}

function sentence(text: string): string {
  return /[.!?…)]$/.test(text) ? text : `${text}.`
}
