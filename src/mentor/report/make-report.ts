import type { Run } from './sarif-log.ts'
import type { Cited, Dispute, Habit, TeamReport } from './team-report.ts'
import { dayOf, trendOf, weekOf } from './weeks.ts'

export type ReadLogs = { runs: readonly Run[]; left: TeamReport['left'] }

const MOST_CITED = 50
const MOST_REASONS = 20
const LONGEST_REASON = 500

export function makeReport({ runs, left }: ReadLogs): TeamReport {
  const dated = runs
    .map(run => ({ run, at: Date.parse(run.invocations[0]?.endTimeUtc ?? '') }))
    .filter(({ at }) => Number.isFinite(at))
    .toSorted((a, b) => a.at - b.at)
  const [first, last] = [dated[0], dated.at(-1)]
  const all = dated.map(({ run }) => run)
  return {
    runs: dated.length,
    from: first && dayOf(first.at),
    to: last && dayOf(last.at),
    habits: habits(dated),
    disputed: disputes(all),
    cited: cited(all),
    // What is undecided now: of the last run.
    undecided: last?.run.properties?.undecided.toSorted((a, b) => b.share - a.share) ?? [],
    left,
  }
}

function habits(dated: readonly { run: Run; at: number }[]): Habit[] {
  const answers = answersOf(dated.map(({ run }) => run))
  const counted = dated.flatMap(({ run, at }) =>
    (run.properties?.tallies ?? []).map(tally => ({
      ...tally,
      week: weekOf(at),
      rule: `${tally.language}/${tally.norm}`,
    })),
  )
  const found = [...Map.groupBy(counted, ({ rule }) => rule)].flatMap(([rule, tallies]): Habit[] => {
    const [one] = tallies
    if (!one) return []
    const weeks = [...Map.groupBy(tallies, ({ week }) => week)].map(([week, held]) => ({
      week,
      kept: held.reduce((sum, { kept }) => sum + kept, 0),
      broken: held.reduce((sum, { broken }) => sum + broken, 0),
    }))
    return [{ norm: one.norm, language: one.language, answer: answers.get(rule) ?? '', weeks, trend: trendOf(weeks) }]
  })
  return found.toSorted((a, b) => total(b) - total(a) || (a.norm < b.norm ? -1 : 1))
}

function total({ weeks }: Habit): number {
  return weeks.reduce((sum, { broken }) => sum + broken, 0)
}

/** As the norm is now: the golden repositories may have changed their mind. */
function answersOf(runs: readonly Run[]): Map<string, string> {
  return new Map(
    runs.flatMap(run => run.tool.driver.rules.map(({ id, properties }) => [id, properties?.answer ?? ''] as const)),
  )
}

function disputes(runs: readonly Run[]): Dispute[] {
  const muted = once(runs).flatMap(({ ruleId, suppressions: [first] }) =>
    first ? [{ ruleId, reason: withoutPeople(first.justification ?? 'no reason given') }] : [],
  )
  return [...Map.groupBy(muted, ({ ruleId }) => ruleId)]
    .map(([ruleId, places]) => ({
      ...splitRule(ruleId),
      places: places.length,
      reasons: [...Map.groupBy(places, ({ reason }) => reason)]
        .map(([reason, said]) => ({ reason, places: said.length }))
        .toSorted((a, b) => b.places - a.places)
        .slice(0, MOST_REASONS),
    }))
    .toSorted((a, b) => b.places - a.places)
}

function cited(runs: readonly Run[]): Cited[] {
  const uris = once(runs).flatMap(({ relatedLocations }) =>
    relatedLocations.map(one => one.physicalLocation.artifactLocation.uri),
  )
  const times = [...Map.groupBy(uris, uri => placeOf(uri))]
  return times
    .map(([place, found]) => ({ place, link: found.findLast(isWebLink), times: found.length }))
    .toSorted((a, b) => b.times - a.times || (a.place < b.place ? -1 : 1))
    .slice(0, MOST_CITED)
}

/** CI looks at a change again and again: a place counts once. */
function once(runs: readonly Run[]): Run['results'] {
  const results = runs.flatMap(run => run.results)
  const known = results.map(
    (result, at) => [result.partialFingerprints['towpathMentor/v1'] ?? String(at), result] as const,
  )
  return [...new Map(known).values()]
}

/** A file is one, whatever the commit: `https://host/owner/name/blob/<commit>/path` and `golden:/name@<commit>/path`. */
function placeOf(uri: string): string {
  const web = /^https:\/\/[^/]+\/(.+)\/blob\/[0-9a-f]{40,64}\/(.+)$/.exec(uri)
  const own = /^golden:\/+(.+)@[0-9a-f]{40,64}\/(.+)$/.exec(uri)
  const [, repository, path] = web ?? own ?? []
  return repository === undefined || path === undefined ? decoded(uri) : `${decoded(repository)}: ${decoded(path)}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function isWebLink(uri: string): boolean {
  return URL.parse(uri)?.protocol === 'https:'
}

function splitRule(ruleId: string): { language: string; norm: string } {
  const at = ruleId.indexOf('/')
  return { language: ruleId.slice(0, at), norm: ruleId.slice(at + 1) }
}

/** People sign what they write; here only the reason counts. */
function withoutPeople(reason: string): string {
  return reason
    .slice(0, LONGEST_REASON)
    .replace(/<?[\w.+-]{1,100}@[\w-]{1,100}(?:\.[\w-]{1,100}){1,5}>?/g, '(a person)')
    .replace(/(^|[\s(])@[A-Za-z0-9][\w-]{0,60}/g, '$1(a person)')
}
