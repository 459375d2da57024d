import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { WebhookEvent } from '../../../../src/api/index.ts'
import type { Place } from '../../api/content.ts'
import { webhookEventsQuery } from '../../api/webhooks.ts'
import { Badge } from '../../ui/badge.tsx'
import { Select } from '../../ui/field.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, Panel } from '../../ui/page.tsx'
import { ShowMore } from '../../ui/show-more.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { useChosen } from '../../ui/use-chosen.ts'
import { RegionSwitch } from '../content/registry-frame.tsx'
import { DeliveryPanel } from './delivery-panel.tsx'
import { STATES } from './words.ts'

type Props = { place: Place; webhook: string }

/** What a region sent, is sending, and gave up. */
export function Deliveries({ place, webhook }: Props) {
  const { tenant, registry, region } = place
  const [state, setState] = useState<WebhookEvent['state']>()
  const events = useInfiniteQuery(webhookEventsQuery(tenant, registry, webhook, { region, state }))
  const looking = useChosen<number>()
  const shown = events.data?.pages.flatMap(page => page.value) ?? []
  const columns: readonly Column<WebhookEvent>[] = [
    {
      head: 'Event',
      cell: ({ number, action, image }) => (
        <button
          type="button"
          className="text-left font-medium hover:text-water hover:underline"
          onClick={() => looking.choose(number)}
        >
          {action}
          {image === '' ? null : <span className="block font-normal text-soft [overflow-wrap:anywhere]">{image}</span>}
        </button>
      ),
    },
    { head: 'State', cell: one => <Badge tone={STATES[one.state].tone}>{STATES[one.state].says}</Badge> },
    { head: 'Answer', wide: true, cell: Answer },
    { head: 'Tries', wide: true, cell: ({ attempts }) => attempts },
    { head: 'When', cell: ({ createdAt }) => <Time at={createdAt} /> },
    { head: 'Number', wide: true, cell: ({ number }) => number },
  ]
  return (
    <Panel
      title="Deliveries"
      actions={
        <div className="flex flex-wrap gap-2">
          <RegionSwitch place={place} />
          <div className="w-36">
            <Select
              aria-label="State"
              value={state ?? ''}
              options={[{ value: '', label: 'Any state' }, ...states]}
              onChange={event => setState(states.find(({ value }) => value === event.currentTarget.value)?.value)}
            />
          </div>
        </div>
      }
    >
      <Loaded query={events} loading={<TableLoading columns={columns} rows={4} />}>
        {() =>
          shown.length === 0 ? (
            <Empty says={state === undefined ? 'Nothing was sent yet. A ping tries it.' : 'There is none of these.'} />
          ) : (
            <Table label="Deliveries" columns={columns} rows={shown} keyOf={({ number }) => String(number)} />
          )
        }
      </Loaded>
      <ShowMore query={events} label="Show older" />
      <DeliveryPanel
        registry={registry}
        webhook={webhook}
        region={events.data?.pages[0]?.region ?? ''}
        delivery={shown.find(({ number }) => number === looking.value)}
        open={looking.open}
        onOpenChange={looking.onOpenChange}
      />
    </Panel>
  )
}

const states = (['pending', 'delivered', 'dead'] as const).map(value => ({ value, label: STATES[value].says }))

function Answer({ eventResponseMessage, error }: WebhookEvent) {
  if (error !== '') return <span className="[overflow-wrap:anywhere]">{error}</span>
  if (!eventResponseMessage) return <span className="text-soft">None yet</span>
  return `${eventResponseMessage.statusCode} ${eventResponseMessage.reasonPhrase}`
}
