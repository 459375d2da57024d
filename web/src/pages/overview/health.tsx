import type { ProcessState, Status } from '../../../../src/api/index.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Facts } from '../../ui/facts.tsx'
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

const NODES: readonly Column<Status['nodes'][number]>[] = [
  { head: 'Region', cell: ({ region }) => <span className="font-medium">{region}</span> },
  { head: 'Node', cell: ({ node }) => <span className="tabular-nums">{node}</span> },
  {
    head: 'Health',
    cell: ({ answers }) => <Badge tone={answers ? 'good' : 'danger'}>{answers ? 'Answers' : 'Does not answer'}</Badge>,
  },
]

export function HealthLoading() {
  return (
    <>
      <Panel title="Processes">
        <TableLoading columns={COLUMNS} rows={4} />
      </Panel>
      <Panel title="Nodes of the regions">
        <TableLoading columns={NODES} rows={2} />
      </Panel>
    </>
  )
}

/** How the platform is: what runs, what answers, and where clients find it. */
export function Health({ status }: { status: Status }) {
  const { processes, nodes, endpoints, version, upSince } = status
  return (
    <>
      {processes ? (
        <Panel title="Processes">
          <Table label="Processes" columns={COLUMNS} rows={processes} keyOf={({ name }) => name} />
        </Panel>
      ) : null}
      <Panel title="Nodes of the regions">
        <Table label="Nodes" columns={NODES} rows={nodes} keyOf={({ region, node }) => `${region} ${node}`} />
      </Panel>
      <Panel title="Endpoints">
        <Facts
          facts={[
            ['Registry', <code key="registry">{endpoints.registry}</code>],
            ...Object.entries(endpoints.regions).map(
              ([region, url]) => [`Region ${region}`, <code key={region}>{url}</code>] as const,
            ),
            ['API', <code key="api">{endpoints.control}</code>],
            ['Version', version],
            ['Up since', <Time key="up" at={upSince} />],
          ]}
        />
      </Panel>
    </>
  )
}
