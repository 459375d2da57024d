import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { UsageHistory } from '../../../../src/api/index.ts'
import type { Place } from '../../api/content.ts'
import { usageHistoryQuery } from '../../api/usage.ts'
import { bytes } from '../../ui/bytes.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { Panel } from '../../ui/page.tsx'
import { Segments } from '../../ui/segments.tsx'
import { TimeChart } from '../../ui/time-chart.tsx'
import { total } from './total.ts'

const SPANS = [
  { value: '24', label: '24 hours' },
  { value: '168', label: '7 days' },
] as const
const count = (value: number) => value.toLocaleString()

/** What a region served of the registry in the last day, or week. */
export function History({ place }: { place: Place }) {
  const [hours, setHours] = useState<(typeof SPANS)[number]['value']>('24')
  const history = useQuery(usageHistoryQuery(place, hours))
  return (
    <Panel
      title="What was served"
      actions={<Segments label="How far back" value={hours} options={SPANS} onChange={setHours} />}
    >
      {/* As high as its charts: what is below stays where it is. */}
      <div className="min-h-210">
        <Loaded query={history} loading={<p className="px-4 py-3 text-soft max-sm:px-3">Loading what was served…</p>}>
          {data => <Charts history={data} />}
        </Loaded>
      </div>
    </Panel>
  )
}

function Charts({ history: { step, points } }: { history: UsageHistory }) {
  const lines = useMemo(
    () => ({
      times: points.map(({ from }) => from),
      requests: [
        { label: 'Answered', tone: 'water', values: points.map(({ requests }) => total(requests, 'used')) },
        { label: 'Pushes of them', tone: 'good', values: points.map(({ requests }) => requests.write.used) },
        { label: 'Told to wait', tone: 'danger', values: points.map(({ requests }) => total(requests, 'refused')) },
      ] as const,
      images: [
        { label: 'Images pulled', tone: 'water', values: points.map(({ pulls }) => pulls) },
        { label: 'Manifests pushed', tone: 'good', values: points.map(({ pushes }) => pushes) },
      ] as const,
      moved: [
        { label: 'Sent', tone: 'water', values: points.map(({ bytesOut }) => bytesOut) },
        { label: 'Taken in', tone: 'good', values: points.map(({ bytesIn }) => bytesIn) },
      ] as const,
    }),
    [points],
  )
  const { times } = lines
  const each = step < 3_600_000 ? 'each 5 minutes' : 'each hour'
  return (
    <>
      <TimeChart label={`Requests, ${each}`} times={times} series={lines.requests} format={count} />
      <TimeChart label={`Pulls and pushes, ${each}`} times={times} series={lines.images} format={count} />
      <TimeChart label={`Bytes, ${each}`} times={times} series={lines.moved} format={bytes} />
      <p className="border-t border-line px-4 py-2 text-soft max-sm:px-3">
        Written down once a minute; the last point is as far as it went then.
      </p>
    </>
  )
}
