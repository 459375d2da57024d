import type { AuditRecord } from '../../../../src/api/index.ts'
import { Badge } from '../../ui/badge.tsx'
import type { Column } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import type { Names } from './names.ts'
import { ResultBadge } from './result-badge.tsx'

type Parts = { names: Names; onOpen: (record: AuditRecord) => void }

/** What, to what, by whom, when, and how it ended; on a phone the rest stands below what. */
export function recordColumns({ names, onOpen }: Parts): readonly Column<AuditRecord>[] {
  return [
    {
      head: 'Action',
      cell: record => (
        <>
          <button
            type="button"
            className="rounded text-left font-medium [overflow-wrap:anywhere] hover:text-water hover:underline"
            onClick={() => onOpen(record)}
          >
            {record.action}
          </button>
          <span className="block text-sm text-soft md:hidden">
            <Who record={record} names={names} />
            <span className="block">
              <Time at={record.time} exact />
            </span>
          </span>
        </>
      ),
    },
    {
      head: 'Resource',
      wide: true,
      className: 'w-2/5',
      cell: ({ resource }) => (
        <code title={resource} className="line-clamp-2 text-soft [overflow-wrap:anywhere]">
          {names.place(resource)}
        </code>
      ),
    },
    { head: 'Who', wide: true, cell: record => <Who record={record} names={names} /> },
    { head: 'Result', className: 'w-0', cell: ({ result }) => <ResultBadge result={result} /> },
    {
      head: 'When',
      wide: true,
      className: 'w-0 tabular-nums text-soft',
      cell: ({ time }) => <Time at={time} exact />,
    },
  ]
}

function Who({ record: { actor, onBehalfOf }, names }: { record: AuditRecord; names: Names }) {
  const [principal] = onBehalfOf
  return (
    <span className="[overflow-wrap:anywhere]">
      {names.who(actor)}
      {principal ? <span className="text-soft"> for {names.who(principal)}</span> : null}
      {names.isOwn(actor.tenantId) || actor.tenantId === '' ? null : (
        <span className="ml-1.5">
          <Badge tone="water">{names.tenant(actor.tenantId)}</Badge>
        </span>
      )}
    </span>
  )
}
