import { RotateCw } from 'lucide-react'
import type { ReactNode } from 'react'
import type { WebhookEvent } from '../../../../src/api/index.ts'
import { problemOf } from '../../api/problem.ts'
import { redeliver } from '../../api/webhooks.ts'
import { useChange } from '../../app/use-change.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Scroller } from '../../ui/scroller.tsx'
import { SidePanel } from '../../ui/side-panel.tsx'
import { Time } from '../../ui/time.tsx'
import { STATES } from './words.ts'

type Props = {
  registry: string
  webhook: string
  region: string
  delivery: WebhookEvent | undefined
  open: boolean
  onOpenChange: (open: boolean) => void
}

/** One delivery: the request as it went, and what came back. */
export function DeliveryPanel({ registry, webhook, region, delivery, open, onOpenChange }: Props) {
  const again = useChange({
    run: (number: number) => redeliver(registry, webhook, number, region),
    says: number => `Number ${number} is sent again, behind what waits`,
  })
  return (
    <SidePanel
      open={open && delivery !== undefined}
      onOpenChange={next => {
        again.reset()
        onOpenChange(next)
      }}
      title={delivery ? `${delivery.action} ${delivery.image}` : ''}
    >
      {delivery ? (
        <>
          {again.isError ? <ProblemNote problem={problemOf(again.error)} className="m-4 mb-0" /> : null}
          <Whole delivery={delivery} region={region} />
          <div className="flex flex-wrap gap-2 border-t border-line p-4">
            <Button busy={again.isPending} onClick={() => again.mutate(delivery.number)}>
              <RotateCw aria-hidden />
              Send again
            </Button>
            <CopyButton text={JSON.stringify(delivery, undefined, 2)} label="Copy as JSON" />
          </div>
        </>
      ) : null}
    </SidePanel>
  )
}

function Whole({ delivery, region }: { delivery: WebhookEvent; region: string }) {
  const { id, number, state, attempts, createdAt, attemptedAt, error, redeliveryOf } = delivery
  const { eventRequestMessage: request, eventResponseMessage: answer } = delivery
  return (
    <>
      <Facts
        facts={[
          [
            'State',
            <Badge key="state" tone={STATES[state].tone}>
              {STATES[state].says}
            </Badge>,
          ],
          ...(error === '' ? [] : [['What went wrong', error] as const]),
          ['Happened', <Time key="created" at={createdAt} exact />],
          ['Tries', attempts === 0 ? 'None yet' : attempts],
          ...(attemptedAt === null ? [] : [['Last try', <Time key="tried" at={attemptedAt} exact />] as const]),
          ['Number', `${number} of region ${region}`],
          ...(redeliveryOf === null ? [] : [['Repeats', `number ${redeliveryOf}`] as const]),
          ['Event', <code key="id">{id}</code>],
        ]}
      />
      <Section title="Request">
        <Facts
          facts={[
            ['To', <code key="to">{`${request.method} ${request.requestUri}`}</code>],
            ...headersOf(request.headers),
          ]}
        />
        <Body label="Body of the request" text={JSON.stringify(request.content, undefined, 2)} />
      </Section>
      <Section title="Answer">
        {answer ? (
          <>
            <Facts facts={[['Status', `${answer.statusCode} ${answer.reasonPhrase}`], ...headersOf(answer.headers)]} />
            <Body label="Body of the answer" text={answer.content} />
          </>
        ) : (
          <p className="px-4 py-3 text-soft">Nothing was answered.</p>
        )}
      </Section>
    </>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-t border-line pt-3">
      <h3 className="px-4 font-medium">{title}</h3>
      {children}
    </section>
  )
}

function headersOf(headers: Readonly<Record<string, string>>) {
  return Object.entries(headers).map(([name, value]) => [name, <code key={name}>{value}</code>] as const)
}

function Body({ label, text }: { label: string; text: string }) {
  if (text === '') return <p className="px-4 pb-3 text-soft">It has no body.</p>
  return (
    <div className="mx-4 mb-4 rounded-md border border-line bg-sunk">
      <Scroller label={label}>
        <pre className="p-3 font-mono text-xs">{text}</pre>
      </Scroller>
    </div>
  )
}
