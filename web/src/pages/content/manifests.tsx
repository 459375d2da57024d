import { useInfiniteQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Manifest } from '../../../../src/api/index.ts'
import { manifestsQuery, type Place } from '../../api/content.ts'
import { Badge } from '../../ui/badge.tsx'
import { shortDigest } from '../../ui/digest.tsx'
import { Empty } from '../../ui/page.tsx'
import { plural } from '../../ui/plural.ts'
import type { Column } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { ContentList } from './content-list.tsx'
import { sizeOf, whatOf } from './kinds.ts'
import { RowLink } from './row-link.tsx'
import { inRegion, useAddress } from './use-place.ts'
import { useRows } from './use-rows.ts'

const ORDERS = [
  { value: 'newest', label: 'Newest first' },
  { value: 'oldest', label: 'Oldest first' },
  { value: 'name', label: 'By digest' },
] as const

const TRACKS = 'grid-cols-[13rem_minmax(0,1fr)_9rem_5rem_9rem] max-md:grid-cols-[minmax(0,13rem)_minmax(0,1fr)]'

function columnsOf(place: Place, repository: string, params: Record<string, string>): readonly Column<Manifest>[] {
  return [
    {
      head: 'Digest',
      cell: ({ digest }) => (
        <RowLink
          to="manifest"
          params={params}
          search={{ repository, digest, ...inRegion(place) }}
          title={digest}
          className="font-mono text-sm font-medium hover:text-water hover:underline"
        >
          {shortDigest(digest)}
        </RowLink>
      ),
    },
    { head: 'Tags', cell: ({ tags, moreTags }) => <TagsOf tags={tags} more={moreTags} /> },
    {
      head: 'Kind',
      wide: true,
      className: 'truncate',
      cell: whatOf,
    },
    {
      head: 'Size',
      wide: true,
      className: 'text-right tabular-nums',
      cell: sizeOf,
    },
    { head: 'Pushed', wide: true, className: 'truncate md:pl-4', cell: ({ updated }) => <Time at={updated} /> },
  ]
}

type Props = { place: Place; repository: string; total: number }

/** All that was pushed, tagged or not. */
export function Manifests({ place, repository, total }: Props) {
  const params: Record<string, string> = useParams({ strict: false })
  const address = useAddress()
  const order = address.order === 'name' || address.order === 'oldest' ? address.order : 'newest'
  const asked = manifestsQuery(place, repository, order)
  const query = useInfiniteQuery(asked)
  const { rows, onMore } = useRows(query, page => page.manifests)
  const columns = useMemo(() => columnsOf(place, repository, params), [place, repository, params])
  return (
    <ContentList
      {...{ query, rows, columns, onMore, total }}
      queryKey={asked.queryKey}
      bar={{ orders: ORDERS, says: plural(total, 'manifest') }}
      label="Manifests"
      tracks={TRACKS}
      keyOf={({ digest }) => digest}
      empty={<Empty says="No manifests: blobs alone were pushed here, and go by themselves after a day." />}
    />
  )
}

function TagsOf({ tags, more }: { tags: readonly string[]; more: number }) {
  const [first] = tags
  if (first === undefined) return <span className="text-soft">No tag</span>
  const others = tags.length - 1 + more
  return (
    <span className="flex items-center gap-1.5" title={tags.join(', ')}>
      <span className="truncate">
        <Badge>{first}</Badge>
      </span>
      {others > 0 ? <span className="shrink-0 text-soft">+{others.toLocaleString()}</span> : null}
    </span>
  )
}
