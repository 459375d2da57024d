import { type QueryKey, type UseInfiniteQueryResult, useQueryClient } from '@tanstack/react-query'
import type { ComponentProps, ReactNode } from 'react'
import { problemOf } from '../../api/problem.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { Panel } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { VirtualTable, VirtualTableLoading } from '../../ui/virtual-table.tsx'
import { ListBar } from './list-bar.tsx'

type Props<T> = ComponentProps<typeof VirtualTable<T>> & {
  query: UseInfiniteQueryResult<unknown>
  queryKey: QueryKey
  bar: Omit<ComponentProps<typeof ListBar>, 'busy' | 'onAgain'>
  /** In the place of no rows. */
  empty: ReactNode
  /** What rows open: menus and dialogs. */
  children?: ReactNode
}

/** A list of any length below what narrows and orders it; what reading it says, wherever it stops. */
export function ContentList<T>({ query, queryKey, bar, empty, children, ...table }: Props<T>) {
  const queryClient = useQueryClient()
  return (
    <Panel>
      <ListBar {...bar} busy={query.isFetching} onAgain={() => queryClient.resetQueries({ queryKey, exact: true })} />
      <Loaded query={query} loading={<VirtualTableLoading {...table} />}>
        {() => (table.rows.length > 0 ? <VirtualTable {...table} /> : empty)}
      </Loaded>
      {query.isFetchNextPageError ? <ProblemNote problem={problemOf(query.error)} className="m-4" /> : null}
      {children}
    </Panel>
  )
}
