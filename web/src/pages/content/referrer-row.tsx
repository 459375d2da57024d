import type { Referrer, ReportSummary, Severity, ShownSignature } from '../../../../src/api/index.ts'
import type { Place } from '../../api/content.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { bytes } from '../../ui/bytes.ts'
import { Digest } from '../../ui/digest.tsx'
import { Time } from '../../ui/time.tsx'
import { ManifestLink } from './manifest-link.tsx'

type Props = { place: Place; repository: string; referrer: Referrer; onReport: () => void }

/** One thing that was said of a manifest. */
export function ReferrerRow({ place, repository, referrer, onReport }: Props) {
  const { digest, format, artifactType, mediaType, size, createdAt, tag, signatures, predicateTypes, report } = referrer
  return (
    <li className="px-4 py-1.5 max-sm:px-3">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className="font-medium [overflow-wrap:anywhere]">{format || artifactType || mediaType}</span>
        <ManifestLink place={place} repository={repository} digest={digest}>
          <Digest of={digest} />
        </ManifestLink>
        <span className="text-soft">
          {bytes(size)}, <Time at={createdAt} />
        </span>
        {report ? <Counts report={report} onReport={onReport} /> : null}
      </div>
      {signatures.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no name, and never change places
        <Signature key={at} signature={one} />
      ))}
      {predicateTypes.length > 0 ? (
        <p className="text-soft [overflow-wrap:anywhere]">Says: {predicateTypes.join(', ')}</p>
      ) : null}
      {tag === '' ? null : <p className="text-soft [overflow-wrap:anywhere]">Found by its tag {tag}</p>}
      {referrer.problem === '' ? null : <p className="text-warn [overflow-wrap:anywhere]">{referrer.problem}</p>}
    </li>
  )
}

const STATES: Record<ShownSignature['state'], readonly [tone: Tone, words: string]> = {
  verified: ['good', 'Verified'],
  unverified: ['warn', 'Not verified'],
  shown: ['plain', 'Not checked here'],
}

function Signature({ signature: { state, keys, why, signer } }: { signature: ShownSignature }) {
  const [tone, words] = STATES[state]
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 py-0.5">
      <Badge tone={tone}>{words}</Badge>
      <span className="min-w-0 text-soft [overflow-wrap:anywhere]">
        {[
          keys.length > 0 ? `by ${keys.join(', ')}` : '',
          why,
          signer ? `says that ${signer.subject} signed, by ${signer.issuer}` : '',
        ]
          .filter(text => text !== '')
          .join('; ')}
      </span>
    </p>
  )
}

export const SEVERITIES: readonly (readonly [severity: Severity, words: string, tone: Tone])[] = [
  ['critical', 'critical', 'danger'],
  ['high', 'high', 'danger'],
  ['medium', 'medium', 'warn'],
  ['low', 'low', 'plain'],
  ['none', 'without severity', 'plain'],
  ['unknown', 'of unknown severity', 'plain'],
]

function Counts({ report, onReport }: { report: ReportSummary; onReport: () => void }) {
  const { counts, total, tool, dismissed } = report
  return (
    <span className="flex flex-wrap items-center gap-2">
      {SEVERITIES.map(([severity, words, tone]) =>
        counts[severity] > 0 ? (
          <Badge key={severity} tone={tone}>
            {counts[severity].toLocaleString()} {words}
          </Badge>
        ) : null,
      )}
      {total === 0 ? <Badge tone="good">Nothing found</Badge> : null}
      {dismissed > 0 ? <span className="text-soft">{dismissed.toLocaleString()} dismissed</span> : null}
      {tool === '' ? null : <span className="text-soft">by {tool}</span>}
      {total > 0 ? (
        <Button size="small" onClick={onReport}>
          Show findings
        </Button>
      ) : null}
    </span>
  )
}
