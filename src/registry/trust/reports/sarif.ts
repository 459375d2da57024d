import type { Fields } from '../../../oci/index.ts'
import { fieldsOf, listOf, scoreOf, textOf, urlOf } from './pick.ts'
import { type Finding, type Found, type Severity, severityOf } from './report.ts'

const LEVELS: Readonly<Record<string, Severity>> = { error: 'high', warning: 'medium', note: 'low', none: 'none' }
const WORDS: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'unknown']

/** SARIF 2.1.0, as Trivy, Grype and others write it. Undefined where it is none. */
export function readSarif(document: Fields): Found | undefined {
  if (!Array.isArray(document.runs) || typeof document.version !== 'string') return undefined
  const runs = document.runs.map(fieldsOf)
  const driver = fieldsOf(fieldsOf(runs[0]?.tool).driver)
  const invocation = fieldsOf(listOf(runs[0]?.invocations)[0])
  const findings: Finding[] = []
  let dismissed = 0
  for (const run of runs) {
    const rules = rulesOf(run)
    for (const one of listOf(run.results)) {
      const result = fieldsOf(one)
      // Of another kind it says that something is in order, or asks somebody to look.
      if (result.kind !== undefined && result.kind !== 'fail') continue
      if (isSuppressed(result)) dismissed++
      else findings.push(findingOf(result, rules))
    }
  }
  return {
    ...{ format: 'sarif', findings, dismissed },
    ...{ tool: textOf(driver.name), toolVersion: textOf(driver.version) || textOf(driver.semanticVersion) },
    createdAt: textOf(invocation.endTimeUtc, 40) || textOf(invocation.startTimeUtc, 40),
  }
}

type Rules = { readonly list: readonly Fields[]; readonly byId: ReadonlyMap<string, Fields> }

function rulesOf(run: Fields): Rules {
  const list = listOf(fieldsOf(fieldsOf(run.tool).driver).rules).map(fieldsOf)
  return { list, byId: new Map(list.map(rule => [textOf(rule.id), rule])) }
}

function ruleOf(result: Fields, { list, byId }: Rules): Fields {
  const reference = fieldsOf(result.rule)
  const index = result.ruleIndex ?? reference.index
  const byIndex = typeof index === 'number' ? list[index] : undefined
  return byIndex ?? byId.get(textOf(result.ruleId) || textOf(reference.id)) ?? {}
}

function findingOf(result: Fields, rules: Rules): Finding {
  const rule = ruleOf(result, rules)
  const raw = fieldsOf(result.message).text
  const words = packageIn(typeof raw === 'string' ? raw.slice(0, 4000) : '')
  const score = scoreOf(
    fieldsOf(rule.properties)['security-severity'] ?? fieldsOf(result.properties)['security-severity'],
  )
  const place = fieldsOf(fieldsOf(listOf(result.locations)[0]).physicalLocation)
  const line = fieldsOf(place.region).startLine
  const uri = textOf(fieldsOf(place.artifactLocation).uri, 500)
  return {
    id: textOf(result.ruleId) || textOf(rule.id) || textOf(fieldsOf(result.rule).id),
    severity: severityIn(result, rule, score, words.severity),
    score,
    ...{ package: words.package, version: words.version, fixedVersion: words.fixedVersion },
    title: textOf(fieldsOf(rule.shortDescription).text, 300) || textOf(raw, 300),
    location: uri !== '' && typeof line === 'number' ? `${uri}:${line}` : uri,
    url: urlOf(rule.helpUri),
  }
}

// A score first: the level is one of four words, and of all that is bad "error".
function severityIn(result: Fields, rule: Fields, score: number | null, word: string): Severity {
  if (score !== null) return severityOf(score)
  const said = WORDS.find(severity => severity === word.toLowerCase())
  if (said) return said
  const level = textOf(result.level) || textOf(fieldsOf(rule.defaultConfiguration).level) || 'warning'
  return LEVELS[level] ?? 'unknown'
}

/** Trivy writes lines ("Package: openssl"), Grype a sentence: SARIF has no field for a package. */
function packageIn(text: string) {
  const line = (name: string) =>
    textOf(
      text
        .split('\n')
        .find(one => one.startsWith(`${name}: `))
        ?.slice(name.length + 2),
    )
  const grype = /vulnerability in [^:\n]{1,50} package: ([^\s,]{1,200}), version ([^\s,]{1,100})/.exec(text)
  return {
    package: line('Package') || (grype?.[1] ?? ''),
    version: line('Installed Version') || (grype?.[2] ?? ''),
    fixedVersion: line('Fixed Version'),
    severity: line('Severity'),
  }
}

function isSuppressed(result: Fields): boolean {
  return listOf(result.suppressions).some(one => {
    const { status } = fieldsOf(one)
    return status === undefined || status === 'accepted'
  })
}
