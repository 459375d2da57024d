import type { ManifestEntry, ManifestTree } from '../../../../src/api/index.ts'
import type { Place } from '../../api/content.ts'
import { bytes } from '../../ui/bytes.ts'
import { Digest } from '../../ui/digest.tsx'
import { Empty, Panel } from '../../ui/page.tsx'
import { referrerGroup } from './kinds.ts'
import { ManifestLink } from './manifest-link.tsx'

type Props = { place: Place; repository: string; tree: ManifestTree }

/** What was said about it by others: signatures, bills of materials, reports. */
export function Referrers({ place, repository, tree }: Props) {
  const { referrers, moreReferrers } = tree
  const groups = [...Map.groupBy(referrers, ({ artifactType }) => referrerGroup(artifactType))]
  return (
    <Panel title={`Refers to it (${referrers.length.toLocaleString()}${moreReferrers ? ' or more' : ''})`}>
      {groups.length === 0 ? (
        <Empty says="Nothing refers to it: no signature, no bill of materials, no report." />
      ) : (
        groups.map(([words, entries]) => (
          <section key={words} className="border-t border-line first:border-t-0">
            <h3 className="px-4 pt-2.5 text-sm font-medium text-soft max-sm:px-3">{words}</h3>
            <ul className="pb-1.5">
              {entries.map(entry => (
                <Referrer key={entry.digest} place={place} repository={repository} entry={entry} />
              ))}
            </ul>
          </section>
        ))
      )}
      {moreReferrers ? (
        <p className="border-t border-line px-4 py-2 text-soft">The first {referrers.length} are shown.</p>
      ) : null}
    </Panel>
  )
}

function Referrer({ place, repository, entry }: { place: Place; repository: string; entry: ManifestEntry }) {
  const { digest, artifactType, mediaType, imageSize, size } = entry
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 px-4 py-1.5 max-sm:px-3">
      <ManifestLink place={place} repository={repository} digest={digest} className="min-w-0 [overflow-wrap:anywhere]">
        {artifactType || mediaType}
      </ManifestLink>
      <Digest of={digest} className="text-soft" />
      <span className="ml-auto text-soft tabular-nums">{bytes(imageSize ?? size)}</span>
    </li>
  )
}
