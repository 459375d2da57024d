import { createHash } from 'node:crypto'
import { formatCitation } from '../citations/format-citation.ts'
import type { GoldenSource } from '../config/types.ts'
import type { Norm } from '../norms/norm.ts'
import type { Checked, Finding } from './finding.ts'
import { goldenLink } from './golden-link.ts'
import { ruleId, sarifRule } from './sarif-rule.ts'

export type SarifOptions = {
  golden: readonly GoldenSource[]
  /** What was asked of the files. */
  norms: readonly Norm[]
  undecided: readonly Norm[]
  version: string
  /** When it ended, in ms. */
  now: number
}

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'
/** GitHub shows no more of a run. */
const MOST_RESULTS = 5000

/** A SARIF 2.1.0 log of one run. It holds what `towpath mentor report` counts, and nothing of who ran it or where. */
export function toSarif(checked: Checked, options: SarifOptions): Record<string, unknown> {
  const { golden, norms, undecided, version, now } = options
  const findings = checked.findings.slice(0, MOST_RESULTS)
  const cut = checked.findings.length - findings.length
  const rules = [...new Map([...norms, ...findings.map(({ norm }) => norm)].map(norm => [ruleId(norm), norm])).values()]
  const at = new Map(rules.map((norm, index) => [ruleId(norm), index]))
  const seen = new Map<string, number>()
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'towpath-mentor', semanticVersion: version, rules: rules.map(sarifRule) } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            endTimeUtc: new Date(now).toISOString(),
            toolExecutionNotifications: [...checked.skipped.map(skipped), ...(cut > 0 ? [left(cut)] : [])],
          },
        ],
        results: findings.map(finding => ({
          ...result(finding, golden),
          ruleIndex: at.get(ruleId(finding.norm)) ?? -1,
          partialFingerprints: { 'towpathMentor/v1': fingerprint(finding, seen) },
        })),
        properties: {
          files: checked.files,
          tallies: checked.tallies,
          undecided: undecided.map(({ id: norm, language, answer, share, cases }) => ({
            norm,
            language,
            answer,
            share,
            cases,
          })),
        },
      },
    ],
  }
}

function result({ path, region, norm, words, citations, mute }: Finding, golden: readonly GoldenSource[]) {
  const [first] = citations
  const see = first ? ` See ${formatCitation(first)}.` : ''
  return {
    ruleId: ruleId(norm),
    level: 'note',
    message: { text: `${words.nudge} ${words.why}${see}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path), uriBaseId: '%SRCROOT%' }, region } }],
    relatedLocations: citations.map((citation, id) => ({
      id,
      message: { text: `In ${formatCitation(citation)}` },
      physicalLocation: {
        artifactLocation: { uri: goldenLink(citation, golden) },
        region: { startLine: citation.startLine, endLine: citation.endLine },
      },
    })),
    // The reason travels with the result, so that a dispute is seen where the norms are looked after.
    suppressions: mute ? [{ kind: 'external', status: 'accepted', justification: mute.reason }] : [],
  }
}

/** Stays while lines above come and go; the same line twice in a file counts. */
function fingerprint({ path, norm, line }: Finding, seen: Map<string, number>): string {
  const text = [ruleId(norm), path, line].join('\0')
  const times = seen.get(text) ?? 0
  seen.set(text, times + 1)
  return createHash('sha256').update(`${text}\0${times}`).digest('hex').slice(0, 32)
}

function skipped({ path, why }: Checked['skipped'][number]) {
  const locations = [{ physicalLocation: { artifactLocation: { uri: uriOf(path), uriBaseId: '%SRCROOT%' } } }]
  return { level: 'note', message: { text: `Not looked at: ${why}` }, locations }
}

function left(cut: number) {
  return { level: 'warning', message: { text: `${cut} more results are left out; check fewer files at once` } }
}

function uriOf(path: string): string {
  return path.toWellFormed().split('/').map(encodeURIComponent).join('/')
}
