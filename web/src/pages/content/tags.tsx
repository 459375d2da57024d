import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Tag } from '../../../../src/api/index.ts'
import { type Place, tagsQuery } from '../../api/content.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Digest } from '../../ui/digest.tsx'
import { MenuAt, MenuItem, RowMenuButton } from '../../ui/menu.tsx'
import { Empty } from '../../ui/page.tsx'
import type { Column } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { useChosen } from '../../ui/use-chosen.ts'
import { ContentList } from './content-list.tsx'
import { sizeOf, whatOf } from './kinds.ts'
import { LockMark } from './lock-mark.tsx'
import { LockFields } from './lock-panel.tsx'
import { RowLink } from './row-link.tsx'
import { Untag } from './untag.tsx'
import { inRegion, useAddress } from './use-place.ts'
import { useRows } from './use-rows.ts'

const ORDERS = [
  { value: 'newest', label: 'Newest first' },
  { value: 'oldest', label: 'Oldest first' },
  { value: 'name', label: 'By name' },
] as const

const TRACKS = 'grid-cols-[minmax(0,1fr)_13rem_9rem_5rem_9rem_2rem] max-md:grid-cols-[minmax(0,1fr)_7.5rem_2rem]'

type Asked = { readonly tag: Tag; readonly at: HTMLElement }

type Columns = {
  place: Place
  repository: string
  params: Record<string, string>
  onMenu: (asked: Asked) => void
}

function columnsOf({ place, repository, params, onMenu }: Columns): readonly Column<Tag>[] {
  return [
    {
      head: 'Tag',
      cell: ({ name, digest, attributes }) => (
        <span className="flex items-center gap-2">
          <RowLink
            to="manifest"
            params={params}
            search={{ repository, tag: name, digest, ...inRegion(place) }}
            title={name}
            className="line-clamp-2 font-medium break-all hover:text-water hover:underline md:line-clamp-1"
          >
            {name}
          </RowLink>
          <LockMark of={attributes} />
        </span>
      ),
    },
    { head: 'Digest', wide: true, cell: ({ digest }) => <Digest of={digest} className="text-soft" /> },
    { head: 'Kind', wide: true, className: 'truncate', cell: whatOf },
    {
      head: 'Size',
      wide: true,
      className: 'text-right tabular-nums',
      cell: sizeOf,
    },
    { head: 'Changed', className: 'truncate md:pl-4', cell: ({ updated }) => <Time at={updated} /> },
    {
      head: 'Actions',
      quiet: true,
      cell: tag => <RowMenuButton name={tag.name} onOpen={at => onMenu({ tag, at })} />,
    },
  ]
}

type Props = { place: Place; repository: string; total: number }

/** The names that lead to manifests; they may move, and go without what they lead to. */
export function Tags({ place, repository, total }: Props) {
  const params: Record<string, string> = useParams({ strict: false })
  const { search = '', ...address } = useAddress()
  const order = address.order === 'name' || address.order === 'oldest' ? address.order : 'newest'
  const asked = tagsQuery(place, repository, { search, order })
  const query = useInfiniteQuery({ ...asked, placeholderData: keepPreviousData })
  const { rows, onMore, looking } = useRows(query, page => page.tags)
  const menu = useChosen<Asked>()
  const locking = useChosen<Tag>()
  const ending = useChosen<string>()
  const columns = useMemo(
    () => columnsOf({ place, repository, params, onMenu: menu.choose }),
    [place, repository, params, menu.choose],
  )
  return (
    <ContentList
      {...{ query, rows, columns, onMore }}
      queryKey={asked.queryKey}
      bar={{
        label: 'Search tags',
        orders: ORDERS,
        says: saysOf({ search, found: rows.length, looking, more: query.hasNextPage, total }),
      }}
      label="Tags"
      tracks={TRACKS}
      keyOf={({ name }) => name}
      total={search === '' ? total : undefined}
      empty={<Empty says={nothing(search, looking)} />}
    >
      <MenuAt open={menu.open} onOpenChange={menu.onOpenChange} at={menu.value?.at}>
        <MenuItem onClick={() => menu.value && locking.choose(menu.value.tag)}>Locks …</MenuItem>
        <MenuItem danger onClick={() => menu.value && ending.choose(menu.value.tag.name)}>
          Untag …
        </MenuItem>
      </MenuAt>
      <Dialog open={locking.open} onOpenChange={locking.onOpenChange} title={`Locks of “${locking.value?.name}”`}>
        {locking.value ? (
          <LockFields
            place={place}
            subject={{ repository, tag: locking.value.name }}
            attributes={rows.find(({ name }) => name === locking.value?.name)?.attributes ?? locking.value.attributes}
          />
        ) : null}
      </Dialog>
      <Untag place={place} repository={repository} asked={ending} />
    </ContentList>
  )
}

function nothing(search: string, looking: boolean): string {
  if (looking) return 'Looking …'
  return search === ''
    ? 'No tags: what this repository holds goes by its digests, see Manifests.'
    : `No tag has “${search}” in its name.`
}

type Found = { search: string; found: number; looking: boolean; more: boolean; total: number }

function saysOf({ search, found, looking, more, total }: Found): string {
  const all = total.toLocaleString()
  if (search === '') return total === 1 ? '1 tag' : `${all} tags`
  if (looking) return `Looking through ${all} …`
  return `${found.toLocaleString()}${more ? ' or more' : ''} of ${all}`
}
