import type { ProcessState, Status } from '../../../../src/api/index.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Panel } from '../../ui/page.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

const STATES: Record<ProcessState['state'], { tone: Tone; label: string }> = {
  ready: { tone: 'good', label: 'Ready' },
  starting: { tone: 'warn', label: 'Starting' },
  waiting: { tone: 'danger', label: 'Waiting to restart' },
  stopping: { tone: 'warn', label: 'Stopping' },
  stopped: { tone: 'danger', label: 'Stopped' },
}

const COLUMNS: readonly Column<ProcessState>[] = [
  { head: 'Process', cell: ({ name }) => <span className="font-medium">{name}</span> },
  { head: 'State', cell: ({ state }) => <Badge tone={STATES[state].tone}>{STATES[state].label}</Badge> },
  { head: 'Since', cell: ({ since }) => <Time at={since} /> },
  { head: 'Restarts', wide: true, cell: ({ restarts }) => <span className="tabular-nums">{restarts}</span> },
  { head: 'Last end', wide: true, cell: ({ lastEnd }) => lastEnd ?? '–' },
  { head: 'PID', wide: true, cell: ({ pid }) => <span className="tabular-nums">{pid ?? '–'}</span> },
]

export function HealthLoading() {
  return (
    <Panel title="Processes">
      <TableLoading columns={COLUMNS} rows={4} />
    </Panel>
  )
}

/** How the platform is: what runs, what answers, and where clients find it. */
export function Health({ status }: { status: Status }) {
  const { processes, endpoints, version, upSince } = status
  return (
    <>
      {processes ? (
        <Panel title="Processes">
          <Table label="Processes" columns={COLUMNS} rows={processes} keyOf={({ name }) => name} />
        </Panel>
      ) : null}
      <Panel title="Endpoints">
        <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-6 gap-y-2 px-4 py-3">
          <Row term="Registry">{endpoints.registry}</Row>
          {Object.entries(endpoints.regions).map(([region, url]) => (
            <Row key={region} term={`Region ${region}`}>
              {url}
            </Row>
          ))}
          <Row term="API">{endpoints.control}</Row>
          <dt className="text-soft">Version</dt>
          <dd>
            {version}, up since <Time at={upSince} />
          </dd>
        </dl>
      </Panel>
    </>
  )
}

function Row({ term, children }: { term: string; children: string }) {
  return (
    <>
      <dt className="text-soft">{term}</dt>
      <dd className="[overflow-wrap:anywhere]">
        <code>{children}</code>
      </dd>
    </>
  )
}
