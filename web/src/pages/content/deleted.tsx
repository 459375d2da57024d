import { useInfiniteQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { DeletedRepository } from '../../../../src/api/index.ts'
import { deletedQuery, type Lost } from '../../api/deleted.ts'
import { problemOf } from '../../api/problem.ts'
import { Badge } from '../../ui/badge.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MenuItem, RowMenu } from '../../ui/menu.tsx'
import { Empty, Panel } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import type { Column } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { useChosen } from '../../ui/use-chosen.ts'
import { VirtualTable, VirtualTableLoading } from '../../ui/virtual-table.tsx'
import { Purge } from './purge.tsx'
import { RegionSwitch, RegistryFrame } from './registry-frame.tsx'
import { Restore } from './restore.tsx'
import { RowLink } from './row-link.tsx'
import { inRegion, usePlace } from './use-place.ts'
import { useRows } from './use-rows.ts'

const TRACKS = 'grid-cols-[minmax(0,1fr)_9rem_9rem_2rem] max-md:grid-cols-[minmax(0,1fr)_7rem_2rem]'

/** The repositories that something was deleted from, while a policy keeps it. */
export function Deleted() {
  const place = usePlace()
  const params: Record<string, string> = useParams({ strict: false })
  const query = useInfiniteQuery(deletedQuery(place))
  const { rows, onMore } = useRows(query, page => page.repositories)
  const restoring = useChosen<Lost>()
  const purging = useChosen<Lost>()
  const columns = useMemo(
    (): readonly Column<DeletedRepository>[] => [
      {
        head: 'Repository',
        cell: ({ repository }) => (
          <RowLink
            to="deleted-repository"
            params={params}
            search={{ repository, ...inRegion(place) }}
            title={repository}
            className="line-clamp-2 font-medium break-all hover:text-water hover:underline md:line-clamp-1"
          >
            {repository}
          </RowLink>
        ),
      },
      {
        head: 'Gone',
        cell: ({ whole }) => <Badge tone={whole ? 'warn' : 'plain'}>{whole ? 'All of it' : 'Parts'}</Badge>,
      },
      { head: 'Deleted', wide: true, cell: ({ deletedAt }) => <Time at={deletedAt} /> },
      {
        head: 'Actions',
        quiet: true,
        cell: ({ repository, whole }) => (
          <RowMenu name={repository}>
            {whole ? <MenuItem onClick={() => restoring.choose({ repository })}>Restore …</MenuItem> : null}
            <MenuItem danger onClick={() => purging.choose({ repository })}>
              Purge …
            </MenuItem>
          </RowMenu>
        ),
      },
    ],
    [place, params, restoring.choose, purging.choose],
  )
  return (
    <RegistryFrame actions={<RegionSwitch place={place} />}>
      <Panel>
        <Loaded query={query} loading={<VirtualTableLoading columns={columns} tracks={TRACKS} />}>
          {() =>
            rows.length === 0 ? (
              <Empty says="Nothing that was deleted is kept. A soft-delete policy keeps it for some days." />
            ) : (
              <VirtualTable
                label="Deleted repositories"
                columns={columns}
                tracks={TRACKS}
                rows={rows}
                keyOf={({ repository }) => repository}
                total={query.hasNextPage ? undefined : rows.length}
                onMore={onMore}
              />
            )
          }
        </Loaded>
        {query.isFetchNextPageError ? <ProblemNote problem={problemOf(query.error)} className="m-4" /> : null}
      </Panel>
      <Restore place={place} asked={restoring} />
      <Purge place={place} asked={purging} />
    </RegistryFrame>
  )
}
