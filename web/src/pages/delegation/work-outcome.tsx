import { CircleCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import type { MissingList, Picked } from '../../../../src/api/index.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Panel } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { joined, onPage } from './words.ts'

type Props = {
  worker: string
  /** Undefined until it was looked up. */
  missing: MissingList['missing'] | undefined
  added: Picked['added'] | undefined
  problem: unknown
  busy: boolean
  onAdd: () => void
}

/** What an agent lacks, who can grant it, and what was added. */
export function WorkOutcome({ worker, missing, added = [], problem, busy, onAdd }: Props) {
  return (
    <div aria-live="polite">
      {added.length > 0 ? (
        <Good>
          {worker} got {joined(added.map(({ role }) => role))}.
        </Good>
      ) : null}
      {missing?.length === 0 ? <Good>Nothing is missing: {worker} can work there.</Good> : null}
      {missing && missing.length > 0 ? (
        <Panel
          title={missing.length === 1 ? 'One permission is missing' : `${missing.length} permissions are missing`}
          actions={
            <Button look="primary" size="small" busy={busy} onClick={onAdd}>
              Add what is missing
            </Button>
          }
        >
          <ul>
            {missing.map(one => (
              <li key={one.action} className="border-t border-line px-4 py-2.5 first:border-t-0">
                <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
                  <code className="font-medium">{one.action}</code>
                  {one.grantors.length > 0 ? (
                    <Badge tone="water">Can be added</Badge>
                  ) : (
                    <Badge tone="warn">Not by this tenant</Badge>
                  )}
                </p>
                <p className="mt-0.5 max-w-prose text-soft [overflow-wrap:anywhere]">{one.says}</p>
              </li>
            ))}
          </ul>
        </Panel>
      ) : null}
      {problem ? <ProblemNote problem={onPage(problem)} className="mb-4" /> : null}
    </div>
  )
}

function Good({ children }: { children: ReactNode }) {
  return (
    <p className="mb-4 flex items-start gap-2.5 rounded-md border border-good/25 bg-good-wash px-3 py-2.5">
      <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />
      <span>{children}</span>
    </p>
  )
}
