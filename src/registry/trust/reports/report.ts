export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'none', 'unknown'] as const
export type Severity = (typeof SEVERITIES)[number]

/** '' where a report does not say. */
export type Finding = {
  readonly id: string
  readonly severity: Severity
  /** CVSS, 0 to 10. */
  readonly score: number | null
  readonly package: string
  readonly version: string
  readonly fixedVersion: string
  readonly title: string
  readonly location: string
  readonly url: string
}

export type ReportSummary = {
  readonly format: 'sarif' | 'cyclonedx'
  readonly tool: string
  readonly toolVersion: string
  readonly createdAt: string
  readonly counts: Readonly<Record<Severity, number>>
  readonly total: number
  /** What the report itself says does not apply; in no other number. */
  readonly dismissed: number
}

/** The worst first. `untold`: those beyond `TOLD`, in the counts alone. */
export type Report = { readonly summary: ReportSummary; readonly findings: readonly Finding[]; readonly untold: number }

/** What a parser takes out of a document, in its order. */
export type Found = Pick<ReportSummary, 'format' | 'tool' | 'toolVersion' | 'createdAt' | 'dismissed'> & {
  readonly findings: readonly Finding[]
}

const TOLD = 5000

export function summed({ findings, ...known }: Found): Report {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, none: 0, unknown: 0 }
  for (const { severity } of findings) counts[severity]++
  const sorted = findings.toSorted((a, b) => rank(a) - rank(b) || (b.score ?? 0) - (a.score ?? 0) || order(a.id, b.id))
  return {
    summary: { ...known, counts, total: findings.length },
    findings: sorted.slice(0, TOLD),
    untold: Math.max(0, findings.length - TOLD),
  }
}

function rank({ severity }: Finding): number {
  return SEVERITIES.indexOf(severity)
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** By CVSS's own words (3.1, section 5). */
export function severityOf(score: number): Severity {
  if (score >= 9) return 'critical'
  if (score >= 7) return 'high'
  if (score >= 4) return 'medium'
  return score > 0 ? 'low' : 'none'
}
