import { useInfiniteQuery } from '@tanstack/react-query'
import type { ManifestTree, Referrer, TrustVerdict } from '../../../../src/api/index.ts'
import type { Place } from '../../api/content.ts'
import { isRefusal } from '../../api/problem.ts'
import { supplyChainPages } from '../../api/supply-chain.ts'
import { Badge } from '../../ui/badge.tsx'
import { Digest } from '../../ui/digest.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, Panel } from '../../ui/page.tsx'
import { ShowMore } from '../../ui/show-more.tsx'
import { useChosen } from '../../ui/use-chosen.ts'
import { Findings } from './findings.tsx'
import { ReferrerRow } from './referrer-row.tsx'
import { Referrers } from './referrers.tsx'

type Props = { place: Place; repository: string; digest: string; tree: ManifestTree }

const GROUPS: readonly (readonly [kind: Referrer['kind'], words: string])[] = [
  ['signature', 'Signatures'],
  ['report', 'Vulnerability reports'],
  ['sbom', 'Software bills of materials'],
  ['attestation', 'Attestations'],
  ['other', 'Others'],
]

/** Who signed it, what it is made of, what is wrong with it. Who may read metadata alone sees only that there is something. */
export function SupplyChain({ place, repository, digest, tree }: Props) {
  const query = useInfiniteQuery(supplyChainPages(place, repository, digest))
  const report = useChosen<string>()
  if (isRefusal(query.error)) return <Referrers place={place} repository={repository} tree={tree} />
  const pages = query.data?.pages ?? []
  const trust = pages[0]?.trust ?? []
  const referrers = pages.flatMap(page => page.referrers)
  return (
    <Panel title="Supply chain">
      <Loaded query={query} loading={<div aria-busy="true" className="skeleton m-4 h-24" />}>
        {() => (
          <>
            {trust.map(verdict => (
              <Verdict key={verdict.policyId} verdict={verdict} digest={digest} />
            ))}
            {referrers.length === 0 ? (
              <Empty says="Nothing refers to it: no signature, no bill of materials, no report." />
            ) : (
              GROUPS.map(([kind, words]) => {
                const rows = referrers.filter(one => one.kind === kind)
                return rows.length === 0 ? null : (
                  <section key={kind} className="border-t border-line first:border-t-0">
                    <h3 className="px-4 pt-2.5 text-sm font-medium text-soft max-sm:px-3">{words}</h3>
                    <ul className="pb-1.5">
                      {rows.map(one => (
                        <ReferrerRow
                          key={one.digest}
                          place={place}
                          repository={repository}
                          referrer={one}
                          onReport={() => report.choose(one.digest)}
                        />
                      ))}
                    </ul>
                  </section>
                )
              })
            )}
          </>
        )}
      </Loaded>
      <ShowMore query={query} label="Show more" />
      <Findings place={place} repository={repository} report={report} />
    </Panel>
  )
}

/** What a trust policy says of it. */
function Verdict({ verdict, digest }: { verdict: TrustVerdict; digest: string }) {
  const { policy, verified, refuse, key, subject } = verdict
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2.5 max-sm:px-3">
      <Badge tone={verified ? 'good' : refuse ? 'danger' : 'warn'}>{verified ? 'Signed' : 'Not signed'}</Badge>
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {verified ? (
          <>
            Policy {policy}: by the key {key}
            {subject === digest ? '' : ', with the index '}
            {subject === digest ? null : <Digest of={subject} />}
          </>
        ) : (
          `Policy ${policy}: by none of its keys${refuse ? ', so pulls are refused' : ''}`
        )}
      </span>
    </p>
  )
}
