import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Repository } from '../../../../src/api/index.ts'
import { type Place, repositoriesQuery } from '../../api/content.ts'
import { bytes } from '../../ui/bytes.ts'
import { Empty } from '../../ui/page.tsx'
import type { Column } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { ContentList } from './content-list.tsx'
import { LockMark } from './lock-mark.tsx'
import { FirstPush } from './pull-commands.tsx'
import { RegionSwitch, RegistryFrame } from './registry-frame.tsx'
import { RowLink } from './row-link.tsx'
import { inRegion, useAddress, usePlace } from './use-place.ts'
import { useRows } from './use-rows.ts'

const ORDERS = [
  { value: 'name', label: 'By name' },
  { value: 'newest', label: 'Last changed first' },
] as const

const TRACKS = 'grid-cols-[minmax(0,1fr)_4rem_6rem_5rem_5rem_9rem] max-md:grid-cols-[minmax(0,1fr)_3rem]'
const number = 'text-right tabular-nums'

function columnsOf(place: Place, params: Record<string, string>): readonly Column<Repository>[] {
  return [
    {
      head: 'Repository',
      cell: ({ name, attributes }) => (
        <span className="flex items-center gap-2">
          <RowLink
            to="repository"
            params={params}
            search={{ repository: name, ...inRegion(place) }}
            title={name}
            className="line-clamp-2 font-medium break-all hover:text-water hover:underline md:line-clamp-1"
          >
            {name}
          </RowLink>
          <LockMark of={attributes} />
        </span>
      ),
    },
    { head: 'Tags', className: number, cell: ({ tags }) => tags.toLocaleString() },
    { head: 'Manifests', wide: true, className: number, cell: ({ manifests }) => manifests.toLocaleString() },
    { head: 'Size', wide: true, className: number, cell: ({ bytes: size }) => bytes(size) },
    { head: 'Pulls', wide: true, className: number, cell: ({ pulls }) => pulls.toLocaleString() },
    { head: 'Last change', wide: true, className: 'pl-4', cell: ({ updated }) => <Time at={updated} /> },
  ]
}

/** Everything that was pushed to a registry, as one region has it. */
export function Repositories() {
  const place = usePlace()
  const params: Record<string, string> = useParams({ strict: false })
  const { search = '', ...address } = useAddress()
  const order = address.order === 'newest' ? 'newest' : 'name'
  const asked = repositoriesQuery(place, { search, order })
  const query = useInfiniteQuery({ ...asked, placeholderData: keepPreviousData })
  const { rows, onMore, looking } = useRows(query, page => page.repositories)
  const total = query.data?.pages[0]?.total
  const columns = useMemo(() => columnsOf(place, params), [place, params])
  return (
    <RegistryFrame>
      <ContentList
        {...{ query, rows, columns, onMore }}
        queryKey={asked.queryKey}
        bar={{
          label: 'Search repositories',
          orders: ORDERS,
          says: saysOf({ search, found: rows.length, looking, more: query.hasNextPage, total }),
          children: <RegionSwitch place={place} />,
        }}
        label="Repositories"
        tracks={TRACKS}
        keyOf={({ name }) => name}
        total={search === '' ? total : undefined}
        empty={
          search === '' && !looking ? (
            <Empty says="Nothing was pushed to this registry yet. A repository comes into being with the first push.">
              <FirstPush place={place} />
            </Empty>
          ) : (
            <Empty says={looking ? 'Looking …' : `No repository has “${search}” in its name.`} />
          )
        }
      />
    </RegistryFrame>
  )
}

type Found = { search: string; found: number; looking: boolean; more: boolean; total: number | undefined }

// Nobody counts further than the API does.
const COUNTED = 100_000

function saysOf({ search, found, looking, more, total }: Found): string {
  if (total === undefined) return ''
  const all = `${total.toLocaleString()}${total >= COUNTED ? ' or more' : ''}`
  if (search === '') return total === 1 ? '1 repository' : `${all} repositories`
  if (looking) return `Looking through ${all} …`
  return `${found.toLocaleString()}${more ? ' or more' : ''} of ${all}`
}
