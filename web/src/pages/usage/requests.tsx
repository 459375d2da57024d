import { useMemo } from 'react'
import type { OperationClass, Usage } from '../../../../src/api/index.ts'
import { Empty, Panel } from '../../ui/page.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { TimeChart } from '../../ui/time-chart.tsx'
import { CLASSES, KINDS, total } from './total.ts'
import type { Sample } from './use-samples.ts'

type Row = Usage['requests'][OperationClass] & { readonly kind: OperationClass }

const count = (value: number) => value.toLocaleString()
const limit = (value: number) => (value === 0 ? 'None' : count(value))

const columns: readonly Column<Row>[] = [
  { head: 'Of the last minute', cell: ({ kind }) => CLASSES[kind] },
  { head: 'Answered', cell: ({ used }) => count(used) },
  { head: 'Told to wait', cell: ({ refused }) => count(refused) },
  { head: 'Limit', wide: true, cell: row => limit(row.limit.registry) },
  { head: 'For each identity', wide: true, cell: row => limit(row.limit.identity) },
]

const identityColumns: readonly Column<Usage['identities'][number]>[] = [
  { head: 'Who', cell: ({ identity }) => <code>{identity}</code> },
  { head: 'Answered', cell: one => count(total(one, 'used')) },
  { head: 'Pushes', wide: true, cell: ({ write }) => count(write.used) },
  { head: 'Told to wait', cell: one => count(total(one, 'refused')) },
]

/** How many requests a minute there were since the page was opened, of which kind, and by whom. */
export function Requests({ usage, samples }: { usage: Usage; samples: readonly Sample[] }) {
  const { requests, identities, nodes } = usage
  const lines = useMemo(
    () => ({
      times: samples.map(({ at }) => at),
      series: [
        { label: 'Answered', tone: 'water', values: samples.map(one => total(one.usage.requests, 'used')) },
        { label: 'Pushes of them', tone: 'good', values: samples.map(one => one.usage.requests.write.used) },
        { label: 'Told to wait', tone: 'danger', values: samples.map(one => total(one.usage.requests, 'refused')) },
      ] as const,
    }),
    [samples],
  )
  return (
    <>
      <Panel title="Requests">
        <TimeChart label="Requests a minute, since this page was opened" {...lines} format={count} />
        <Table
          label="Requests"
          columns={columns}
          rows={KINDS.map(kind => ({ ...requests[kind], kind }))}
          keyOf={({ kind }) => kind}
        />
        {nodes.answered < nodes.all ? (
          <p className="border-t border-line px-4 py-2 text-soft">
            {nodes.answered} of {nodes.all} nodes answered: those of the others are missing here.
          </p>
        ) : null}
      </Panel>
      <Panel title="Who asked most">
        {identities.length === 0 ? (
          <Empty says="Nobody asked anything in the last minute." />
        ) : (
          <Table
            label="Who asked most"
            columns={identityColumns}
            rows={identities}
            keyOf={({ identity }) => identity}
          />
        )}
      </Panel>
    </>
  )
}
