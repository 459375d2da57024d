import { CircleCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import type { MissingList, Picked } from '../../../../src/api/index.ts'
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
            {[...Map.groupBy(missing, one => one.remedy)].map(([remedy, alike]) => (
              <li key={remedy} className="border-t border-line px-4 py-3 max-sm:px-3 first:border-t-0">
                <p className="flex flex-wrap items-center gap-1.5">
                  {alike.map(({ action }) => (
                    <code key={action} className="rounded border border-line bg-sunk px-1.5">
                      {action}
                    </code>
                  ))}
                </p>
                <p className="mt-1.5 max-w-prose text-soft [overflow-wrap:anywhere]">
                  {/* A name begins as it is written. */}
                  {alike.some(({ grantors }) => grantors.length > 0) ? remedy : capital(remedy)}.
                </p>
              </li>
            ))}
          </ul>
        </Panel>
      ) : null}
      {problem ? <ProblemNote problem={onPage(problem)} className="mb-4" /> : null}
    </div>
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function Good({ children }: { children: ReactNode }) {
  return (
    <p className="mb-4 flex items-start gap-2.5 rounded-md border border-good/25 bg-good-wash px-3 py-2.5">
      <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />
      <span>{children}</span>
    </p>
  )
}
