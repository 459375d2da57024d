import { useQuery } from '@tanstack/react-query'
import { ChevronRight } from 'lucide-react'
import { useId, useState } from 'react'
import type { ManifestEntry, ManifestTree } from '../../../../src/api/index.ts'
import { manifestQuery, type Place } from '../../api/content.ts'
import { Badge } from '../../ui/badge.tsx'
import { bytes } from '../../ui/bytes.ts'
import { cx } from '../../ui/cx.ts'
import { Digest } from '../../ui/digest.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, Panel } from '../../ui/page.tsx'
import { Table, TableLoading } from '../../ui/table.tsx'
import { isAttestation, shortType } from './kinds.ts'
import { ManifestLink } from './manifest-link.tsx'
import { numbered, PART_COLUMNS } from './parts.tsx'

type Props = { place: Place; repository: string; tree: ManifestTree }

/** What an index lists; each opens to its layers. */
export function Platforms({ place, repository, tree }: Props) {
  return (
    <Panel title={`Platforms (${(tree.entries.length + tree.moreEntries).toLocaleString()})`}>
      {tree.entries.length === 0 ? <Empty says="This index lists nothing." /> : null}
      <ul aria-label="Platforms">
        {tree.entries.map(entry => (
          <Entry key={entry.digest} place={place} repository={repository} entry={entry} />
        ))}
      </ul>
      {tree.moreEntries > 0 ? (
        <p className="border-t border-line px-4 py-2 text-soft">
          {tree.moreEntries.toLocaleString()} more are not shown.
        </p>
      ) : null}
    </Panel>
  )
}

function Entry({ place, repository, entry }: { place: Place; repository: string; entry: ManifestEntry }) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const { digest, here, imageSize } = entry
  return (
    <li className="border-t border-line first:border-t-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2 max-sm:px-3">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          disabled={!here}
          onClick={() => setOpen(!open)}
          className="-ml-1 flex items-center gap-1.5 rounded pr-1 font-medium disabled:opacity-70"
        >
          <ChevronRight aria-hidden className={cx('size-4 text-soft transition-transform', open && 'rotate-90')} />
          {wordsOf(entry)}
        </button>
        <span className="flex items-center gap-3 max-sm:order-last max-sm:w-full max-sm:pl-5">
          {here ? (
            <ManifestLink place={place} repository={repository} digest={digest}>
              <Digest of={digest} className="text-soft" />
            </ManifestLink>
          ) : (
            <>
              <Digest of={digest} className="text-soft" />
              <Badge tone="warn">Not here</Badge>
            </>
          )}
        </span>
        <span className="ml-auto tabular-nums">{imageSize === undefined ? '' : bytes(imageSize)}</span>
      </div>
      {open ? (
        <div id={id} className="border-t border-line bg-sunk/40 pl-4 max-sm:pl-0">
          <Layers place={place} repository={repository} digest={digest} />
        </div>
      ) : null}
    </li>
  )
}

function Layers({ place, repository, digest }: { place: Place; repository: string; digest: string }) {
  const found = useQuery(manifestQuery(place, repository, digest))
  return (
    <Loaded query={found} loading={<TableLoading columns={PART_COLUMNS} rows={3} />}>
      {({ tree }) =>
        tree === undefined ? (
          <p className="px-4 py-3 text-soft">It is locked against pulls.</p>
        ) : (
          <Table label="Layers" columns={PART_COLUMNS} rows={numbered(tree)} keyOf={({ at }) => String(at)} />
        )
      }
    </Loaded>
  )
}

function wordsOf(entry: ManifestEntry): string {
  if (isAttestation(entry)) return 'Attestation'
  return entry.platform || entry.artifactType || shortType(entry.mediaType)
}
