import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { DelegationBody, Review, ReviewBody } from '../../../../src/api/index.ts'
import { acceptOffer, reviewOffer } from '../../api/delegation.ts'
import { problemOf } from '../../api/problem.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Button } from '../../ui/button.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { onPage } from './words.ts'

type Props = { asked: ReviewBody; review: Review; onBack: () => void }

/** What would be granted, in control's own sentences; what is accepted is that, by its digest, and nothing else. */
export function ReviewOffer({ asked, review: first, onBack }: Props) {
  const tenant = useTenant()
  const navigate = useNavigate()
  const heading = useRef<HTMLHeadingElement>(null)
  const [shown, setShown] = useState(first)
  const accepting = useChange({
    run: (body: DelegationBody) => acceptOffer(tenant.id, body),
    says: () => `The offer “${shown.offer}” is accepted`,
    finish: ({ id }) => navigate({ to: '/t/$tenant/delegation/delegations/$id', params: { tenant: tenant.name, id } }),
  })
  const again = useMutation({
    mutationFn: () => reviewOffer(tenant.id, asked),
    onSuccess: next => {
      accepting.reset()
      setShown(next)
    },
  })
  // Who came here by the button hears and sees the review next, each time that it is another.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the digest says that it is another
  useEffect(() => heading.current?.focus(), [shown.digest])
  const changed = accepting.isError && problemOf(accepting.error).code === 'DELEGATION_REVIEW_CHANGED'
  const problem = again.isError ? again.error : accepting.error
  return (
    <>
      <section className="mb-6 rounded-lg border border-line bg-raised">
        <header className="border-b border-line px-4 py-3 max-sm:px-3">
          <h2 ref={heading} tabIndex={-1} className="font-semibold outline-none">
            “{shown.offer}” of {shown.managingTenant.name}
          </h2>
        </header>
        <ul className="flex flex-col gap-2.5 px-4 py-4 max-sm:px-3">
          {shown.sentences.map(sentence => (
            <li key={sentence} className="max-w-prose border-l-2 border-water/40 pl-3 [overflow-wrap:anywhere]">
              {sentence}
            </li>
          ))}
        </ul>
        <p className="border-t border-line px-4 py-3 max-sm:px-3 text-sm text-soft">
          Fingerprint of this review: <code className="[overflow-wrap:anywhere]">{shown.digest}</code>
        </p>
      </section>
      {problem ? <ProblemNote problem={onPage(problem)} className="mb-4" /> : null}
      <div className="flex flex-wrap gap-2">
        {changed ? (
          <Button look="primary" busy={again.isPending} onClick={() => again.mutate()}>
            Review it again
          </Button>
        ) : (
          <Button
            look="primary"
            busy={accepting.isPending}
            onClick={() => accepting.mutate({ ...asked, digest: shown.digest })}
          >
            Accept
          </Button>
        )}
        <Button onClick={onBack}>Back</Button>
      </div>
    </>
  )
}
