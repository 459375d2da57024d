import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { AuditRecord } from '../../../../src/api/index.ts'
import { type AuditFilter, FILTERS, newerQuery, recordsQuery } from '../../api/audit.ts'
import { MOST_SHOWN, shownOf } from '../../api/newer-records.ts'
import { problemOf } from '../../api/problem.ts'
import { useTenant } from '../../app/tenant.ts'
import { Button } from '../../ui/button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, Panel } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Table, TableLoading } from '../../ui/table.tsx'
import { useChosen } from '../../ui/use-chosen.ts'
import { MoreWhenSeen } from './more-when-seen.tsx'
import { useNames } from './names.ts'
import { recordColumns } from './record-columns.tsx'
import { RecordPanel } from './record-panel.tsx'

type Props = { filter: AuditFilter; onFilter: (filter: AuditFilter) => void }

/** As many as somebody scrolls through; what comes meanwhile is put on top. */
export function Records({ filter, onFilter }: Props) {
  const tenant = useTenant()
  const names = useNames()
  const records = useInfiniteQuery(recordsQuery(tenant.id, filter))
  const newer = useQuery(newerQuery(tenant.id, filter))
  const looking = useChosen<string>()
  const pages = records.data?.pages
  const shown = useMemo(() => shownOf(pages ?? []), [pages])
  const columns = recordColumns({ names, onOpen: ({ id }) => looking.choose(id) })
  const at = shown.findIndex(({ id }) => id === looking.value)
  const { hasNextPage, fetchNextPage, isFetchingNextPage, isFetchNextPageError } = records
  return (
    <>
      {newer.isError ? <ProblemNote problem={problemOf(newer.error)} className="mb-3" /> : null}
      <Panel>
        <Loaded query={records} loading={<TableLoading columns={columns} rows={12} />}>
          {() =>
            shown.length === 0 && !hasNextPage ? (
              <Empty says={nothingIn(filter)} />
            ) : (
              <Table label="Audit records" columns={columns} rows={shown} keyOf={({ id }) => id} />
            )
          }
        </Loaded>
        {hasNextPage ? (
          <MoreWhenSeen
            busy={isFetchingNextPage}
            error={isFetchNextPageError ? records.error : undefined}
            onMore={() => fetchNextPage()}
          />
        ) : null}
        {shown.length >= MOST_SHOWN ? <Bounded last={shown.at(-1)} filter={filter} onFilter={onFilter} /> : null}
      </Panel>
      <RecordPanel
        record={shown[at]}
        open={looking.open}
        onOpenChange={looking.onOpenChange}
        names={names}
        newer={shown[at - 1]}
        older={shown[at + 1]}
        onGo={({ id }) => looking.choose(id)}
        onFilter={next => {
          looking.close()
          onFilter({ ...next, region: filter.region ?? '' })
        }}
      />
    </>
  )
}

function nothingIn(filter: AuditFilter): string {
  return FILTERS.every(name => filter[name] === undefined)
    ? 'Nothing is recorded here yet. Every change of this tenant will be.'
    : 'No record fits this filter.'
}

function Bounded({ last, filter, onFilter }: Props & { last: AuditRecord | undefined }) {
  if (!last) return null
  // The end is not included, and the last one's millisecond may have more.
  const before = new Date(last.time + 1).toISOString()
  return (
    <div className="flex flex-wrap items-center justify-center gap-3 border-t border-line px-4 py-3 text-soft">
      {MOST_SHOWN.toLocaleString()} records are shown, and no more at once.
      <Button size="small" onClick={() => onFilter({ ...filter, to: before })}>
        Go on from the last
      </Button>
    </div>
  )
}
