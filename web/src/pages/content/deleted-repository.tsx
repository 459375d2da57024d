import { type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query'
import type { DeletedManifest, DeletedTag } from '../../../../src/api/index.ts'
import { deletedManifestsQuery, deletedTagsQuery, type Lost } from '../../api/deleted.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { bytes } from '../../ui/bytes.ts'
import { Digest, shortDigest } from '../../ui/digest.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MenuItem, RowMenu } from '../../ui/menu.tsx'
import { Empty, PageBody, Panel } from '../../ui/page.tsx'
import { ShowMore } from '../../ui/show-more.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { useChosen } from '../../ui/use-chosen.ts'
import { KIND_WORDS, kindOf, shortType } from './kinds.ts'
import { Purge } from './purge.tsx'
import { Restore } from './restore.tsx'
import { inRegion, useAddress, usePlace } from './use-place.ts'

/** What was deleted from one repository, and until when it can be restored. */
export function DeletedRepositoryPage() {
  const place = usePlace()
  const { repository = '' } = useAddress()
  const tags = useInfiniteQuery(deletedTagsQuery(place, repository))
  const manifests = useInfiniteQuery(deletedManifestsQuery(place, repository))
  const restoring = useChosen<Lost>()
  const purging = useChosen<Lost>()
  const actions = <T,>(nameOf: (row: T) => string, lostOf: (row: T) => Lost): Column<T> => ({
    head: 'Actions',
    quiet: true,
    className: 'w-0',
    cell: row => (
      <RowMenu name={nameOf(row)}>
        <MenuItem onClick={() => restoring.choose(lostOf(row))}>Restore …</MenuItem>
        <MenuItem danger onClick={() => purging.choose(lostOf(row))}>
          Purge …
        </MenuItem>
      </RowMenu>
    ),
  })
  const tagActions = actions<DeletedTag>(
    ({ name }) => name,
    ({ name, digest }) => ({ repository, tag: name, digest }),
  )
  const manifestActions = actions<DeletedManifest>(
    ({ digest }) => shortDigest(digest),
    ({ digest }) => ({ repository, digest }),
  )
  return (
    <>
      <BackLink to="/t/$tenant/registries/$name/deleted" search={inRegion(place)}>
        Deleted
      </BackLink>
      <PageBody title={repository} says="Deleted, and kept for the days of the policy. A restore is a new push.">
        <List
          title="Tags"
          query={tags}
          rows={tags.data?.pages.flatMap(page => page.tags) ?? []}
          columns={[...TAGS, tagActions]}
          keyOf={({ name, deletedAt }) => `${name} ${deletedAt}`}
        />
        <List
          title="Manifests"
          query={manifests}
          rows={manifests.data?.pages.flatMap(page => page.manifests) ?? []}
          columns={[...MANIFESTS, manifestActions]}
          keyOf={({ digest, deletedAt }) => `${digest} ${deletedAt}`}
        />
      </PageBody>
      <Restore place={place} asked={restoring} />
      <Purge place={place} asked={purging} />
    </>
  )
}

const TAGS: readonly Column<DeletedTag>[] = [
  { head: 'Tag', cell: ({ name }) => <span className="font-medium break-all">{name}</span> },
  { head: 'Led to', wide: true, cell: ({ digest }) => <Digest of={digest} className="text-soft" /> },
  { head: 'Deleted', wide: true, cell: ({ deletedAt }) => <Time at={deletedAt} /> },
  { head: 'Kept until', cell: ({ purgeAt }) => <Time at={purgeAt} /> },
]

const MANIFESTS: readonly Column<DeletedManifest>[] = [
  { head: 'Manifest', cell: ({ digest }) => <Digest of={digest} /> },
  { head: 'Tags', wide: true, cell: ({ tags }) => <span className="break-all">{tags.join(', ') || '–'}</span> },
  {
    head: 'Kind',
    wide: true,
    cell: ({ mediaType, artifactType }) => {
      // Of a manifest that names no type of artifact it is that of its config.
      const kind = kindOf({ mediaType, configMediaType: artifactType || undefined })
      return kind === 'artifact' ? <code className="text-soft">{shortType(artifactType)}</code> : KIND_WORDS[kind]
    },
  },
  { head: 'Size', wide: true, className: 'text-right whitespace-nowrap', cell: ({ size }) => bytes(size) },
  { head: 'Deleted', wide: true, cell: ({ deletedAt }) => <Time at={deletedAt} /> },
  { head: 'Kept until', cell: ({ purgeAt }) => <Time at={purgeAt} /> },
]

type ListProps<T, P> = {
  title: string
  query: UseInfiniteQueryResult<P>
  rows: readonly T[]
  columns: readonly Column<T>[]
  keyOf: (row: T) => string
}

function List<T, P>({ title, query, rows, columns, keyOf }: ListProps<T, P>) {
  return (
    <Panel title={title}>
      <Loaded query={query} loading={<TableLoading columns={columns} rows={2} />}>
        {() =>
          rows.length === 0 ? (
            <Empty says={`No ${title.toLowerCase()} of it are kept.`} />
          ) : (
            <Table label={`Deleted ${title.toLowerCase()}`} columns={columns} rows={rows} keyOf={keyOf} />
          )
        }
      </Loaded>
      <ShowMore query={query} label="Show more" />
    </Panel>
  )
}
