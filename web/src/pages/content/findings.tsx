import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Finding, Severity } from '../../../../src/api/index.ts'
import type { Place } from '../../api/content.ts'
import { reportPages } from '../../api/supply-chain.ts'
import { Badge } from '../../ui/badge.tsx'
import { Select } from '../../ui/field.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty } from '../../ui/page.tsx'
import { ShowMore } from '../../ui/show-more.tsx'
import { SidePanel } from '../../ui/side-panel.tsx'
import type { Chosen } from '../../ui/use-chosen.ts'
import { SEVERITIES } from './referrer-row.tsx'

type Props = { place: Place; repository: string; report: Chosen<string> }

/** What a report found, the worst first. */
export function Findings({ place, repository, report }: Props) {
  return (
    <SidePanel open={report.open} onOpenChange={report.onOpenChange} title="Findings">
      {report.value === undefined ? null : <Whole place={place} repository={repository} report={report.value} />}
    </SidePanel>
  )
}

function Whole({ place, repository, report }: { place: Place; repository: string; report: string }) {
  const [severity, setSeverity] = useState<Severity>()
  const query = useInfiniteQuery(reportPages(place, repository, report, severity))
  const findings = query.data?.pages.flatMap(page => page.findings) ?? []
  const untold = query.data?.pages[0]?.untold ?? 0
  return (
    <>
      <div className="border-b border-line px-4 py-3">
        <Select
          aria-label="Severity"
          value={severity ?? ''}
          options={[
            { value: '', label: 'All findings' },
            ...SEVERITIES.map(([value, words]) => ({ value, label: `Only ${words}` })),
          ]}
          onChange={event => setSeverity(SEVERITIES.find(([value]) => value === event.currentTarget.value)?.[0])}
        />
      </div>
      <Loaded query={query} loading={<div aria-busy="true" className="skeleton m-4 h-40" />}>
        {() =>
          findings.length === 0 ? (
            <Empty says="Nothing of that kind was found." />
          ) : (
            <ul aria-label="Findings">
              {findings.map((one, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: one id may stand there twice, and none changes places
                <One key={at} finding={one} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <ShowMore query={query} label="Show more" />
      {!query.hasNextPage && untold > 0 ? (
        <p className="border-t border-line px-4 py-3 text-soft">
          {untold.toLocaleString()} more stand in the report alone.
        </p>
      ) : null}
    </>
  )
}

function One({ finding }: { finding: Finding }) {
  const { id, severity, score, version, fixedVersion, title, location, url } = finding
  const [, words = severity, tone = 'plain'] = SEVERITIES.find(([value]) => value === severity) ?? []
  return (
    <li className="border-t border-line px-4 py-2.5 first:border-t-0">
      <p className="flex flex-wrap items-center gap-2">
        <Badge tone={tone}>
          {words}
          {score === null ? '' : ` ${score.toFixed(1)}`}
        </Badge>
        {/^https:\/\//.test(url) ? (
          <a href={url} target="_blank" rel="noreferrer" className="font-medium underline hover:text-water">
            {id}
          </a>
        ) : (
          <span className="font-medium">{id}</span>
        )}
      </p>
      {title === '' ? null : <p className="mt-1 [overflow-wrap:anywhere]">{title}</p>}
      <p className="mt-0.5 text-soft [overflow-wrap:anywhere]">
        {[
          finding.package === '' ? '' : `${finding.package} ${version}`.trim(),
          fixedVersion === '' ? '' : `fixed in ${fixedVersion}`,
          location,
        ]
          .filter(text => text !== '')
          .join(', ')}
      </p>
    </li>
  )
}
