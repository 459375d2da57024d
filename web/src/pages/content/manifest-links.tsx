import type { ReactNode } from 'react'
import type { ManifestTree } from '../../../../src/api/index.ts'
import type { Place } from '../../api/content.ts'
import { Digest } from '../../ui/digest.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Panel } from '../../ui/page.tsx'
import { ManifestLink } from './manifest-link.tsx'

type Props = { place: Place; repository: string; tree: ManifestTree }

/** The manifests that it belongs to; nothing where there are none. */
export function ManifestLinks({ place, repository, tree: { subject, listedBy } }: Props) {
  const link = (digest: string): ReactNode => (
    <ManifestLink key={digest} place={place} repository={repository} digest={digest} className="mr-3 inline-block">
      <Digest of={digest} />
    </ManifestLink>
  )
  if (subject === '' && listedBy.length === 0) return null
  return (
    <Panel title="Belongs to">
      <Facts
        facts={[
          ...(subject === '' ? [] : [['Says something of', link(subject)] as const]),
          ...(listedBy.length === 0 ? [] : [['Listed by', listedBy.map(link)] as const]),
        ]}
      />
    </Panel>
  )
}
