import type { Fields } from '../../../oci/index.ts'
import { fieldsOf, listOf, scoreOf, textOf, urlOf } from './pick.ts'
import { type Finding, type Found, SEVERITIES, type Severity, severityOf } from './report.ts'

/** Analyses that say that nothing needs to be done. */
const DISMISSED = ['not_affected', 'false_positive', 'resolved', 'resolved_with_pedigree']

/** CycloneDX 1.4 and later with vulnerabilities: an SBOM that has them, or VEX. Undefined where it has none to tell of. */
export function readCycloneDx(document: Fields): Found | undefined {
  if (document.bomFormat !== 'CycloneDX' || !Array.isArray(document.vulnerabilities)) return undefined
  const metadata = fieldsOf(document.metadata)
  const components = componentsOf(document)
  const findings: Finding[] = []
  let dismissed = 0
  for (const one of document.vulnerabilities) {
    const vulnerability = fieldsOf(one)
    const affected = listOf(vulnerability.affects).map(fieldsOf)
    const places = affected.length === 0 ? [{}] : affected
    if (DISMISSED.includes(textOf(fieldsOf(vulnerability.analysis).state))) dismissed += places.length
    else for (const place of places) findings.push(findingOf(vulnerability, place, components))
  }
  const tool = toolOf(metadata.tools)
  return {
    ...{ format: 'cyclonedx', findings, dismissed },
    ...{ tool: textOf(tool.name), toolVersion: textOf(tool.version), createdAt: textOf(metadata.timestamp, 40) },
  }
}

// 1.5 made of the list an object.
function toolOf(tools: unknown): Fields {
  return fieldsOf(Array.isArray(tools) ? tools[0] : listOf(fieldsOf(tools).components)[0])
}

/** By `bom-ref`. Components may hold components. */
function componentsOf(document: Fields): ReadonlyMap<string, Fields> {
  const found = new Map<string, Fields>()
  const open = [fieldsOf(fieldsOf(document.metadata).component), ...listOf(document.components).map(fieldsOf)]
  for (let one = open.pop(); one; one = open.pop()) {
    const reference = one['bom-ref']
    if (typeof reference === 'string') found.set(reference, one)
    for (const inner of listOf(one.components)) open.push(fieldsOf(inner))
  }
  return found
}

function findingOf(vulnerability: Fields, place: Fields, components: ReadonlyMap<string, Fields>): Finding {
  const reference = typeof place.ref === 'string' ? place.ref : ''
  const component = components.get(reference) ?? {}
  const group = textOf(component.group)
  const name = textOf(component.name)
  const versions = listOf(place.versions).map(fieldsOf)
  const ratings = listOf(vulnerability.ratings).map(fieldsOf)
  const scores = ratings.flatMap(rating => scoreOf(rating.score) ?? [])
  const score = scores.length === 0 ? null : Math.max(...scores.slice(0, 100))
  return {
    id: textOf(vulnerability.id),
    severity: worst(ratings, score),
    score,
    // Without its component the reference is all there is; often it is a package URL.
    package: name === '' ? textOf(reference) : group === '' ? name : `${group}/${name}`,
    version: textOf(component.version) || textOf(versions.find(one => one.status !== 'unaffected')?.version),
    fixedVersion: textOf(versions.find(one => one.status === 'unaffected')?.version),
    title: textOf(vulnerability.description, 300) || textOf(vulnerability.detail, 300),
    location: textOf(component.purl, 500),
    url: urlOf(fieldsOf(vulnerability.source).url) || urlOf(fieldsOf(listOf(vulnerability.advisories)[0]).url),
  }
}

// Several raters seldom agree; nobody should overlook the worst.
function worst(ratings: readonly Fields[], score: number | null): Severity {
  const said = ratings.map(({ severity }) => (severity === 'info' ? 'none' : severity))
  const word = SEVERITIES.find(severity => severity !== 'unknown' && said.includes(severity))
  return word ?? (score === null ? 'unknown' : severityOf(score))
}
