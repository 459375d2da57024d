import { meansNorm } from '../hints/norm-pattern.ts'
import type { Place } from '../place.ts'
import type { Norm, NormId, Observation, Thresholds } from './norm.ts'
import { type Ballot, type Tally, tally } from './tally.ts'

const EXAMPLES = 6
const DISSENT = 20

export type Mining = Thresholds & {
  /** Other thresholds for some norms, by id or `subject/*`. */
  readonly each?: Readonly<Record<string, Partial<Thresholds>>>
  /** Norms that nobody wants, by id or `subject/*`. */
  readonly off?: readonly string[]
  /** 1 where a repository is not named; 0 leaves it out. */
  readonly weights?: ReadonlyMap<string, number>
}

/**
 * The majority's answers that are norms, and those that are not, for what has cases enough to tell. A repository's voice
 * grows with its cases only up to its part of those asked for, so that the largest doesn't outvote the others.
 */
export function mineNorms(observations: Iterable<Observation>, mining: Mining): { norms: Norm[]; undecided: Norm[] } {
  const norms: Norm[] = []
  const undecided: Norm[] = []
  for (const counted of tally(observations)) {
    if (mining.off?.some(pattern => meansNorm(pattern, counted.id))) continue
    const thresholds = thresholdsOf(counted.id, mining)
    const weighed = weigh(counted, thresholds, mining.weights)
    if (weighed === undefined) continue
    const { norm, heard } = weighed
    const holds =
      norm.share >= thresholds.agreement && norm.repositories >= thresholds.repositories && heard >= thresholds.cases
    if (holds) norms.push(norm)
    else if (norm.cases >= thresholds.cases) undecided.push(norm)
  }
  return { norms: norms.sort(byId), undecided: undecided.sort(byId) }
}

function thresholdsOf(id: NormId, { agreement, cases, repositories, each = {} }: Mining): Thresholds {
  const own = Object.entries(each)
    .filter(([pattern]) => meansNorm(pattern, id))
    // The longer one says more exactly what it means.
    .sort(([a], [b]) => a.length - b.length)
    .map(([, thresholds]) => thresholds)
  return Object.assign({ agreement, cases, repositories }, ...own)
}

function weigh({ id, language, ballots }: Tally, thresholds: Thresholds, weights?: ReadonlyMap<string, number>) {
  const weightOf = (ballot: Ballot) => weights?.get(ballot.repository) ?? 1
  const voting = [...ballots.values()]
    .filter(ballot => weightOf(ballot) > 0)
    .sort((a, b) => weightOf(b) - weightOf(a) || b.cases - a.cases || (a.repository < b.repository ? -1 : 1))
  const part = Math.ceil(thresholds.cases / thresholds.repositories)
  const voice = (ballot: Ballot) => Math.min(ballot.cases, part)
  const voices = sum(voting, ballot => weightOf(ballot) * voice(ballot))
  const forAnswer = (answer: string) =>
    sum(voting, ballot => weightOf(ballot) * voice(ballot) * shareOf(ballot, answer)) / voices
  const candidates = [...new Set(voting.flatMap(ballot => [...ballot.answers.keys()]))]
  const [best] = candidates
    .map(answer => ({ answer, share: forAnswer(answer) }))
    .sort((a, b) => b.share - a.share || (a.answer < b.answer ? -1 : 1))
  if (best === undefined) return undefined

  const { answer } = best
  const cases = sum(voting, ballot => ballot.cases)
  const agree = sum(voting, ballot => ballot.answers.get(answer)?.count ?? 0)
  const holding = voting.filter(
    // A tenth of the cases asked for: one case by chance doesn't make a repository a witness.
    ballot => ballot.cases >= thresholds.cases / 10 && shareOf(ballot, answer) >= thresholds.agreement,
  )
  const norm: Norm = {
    id,
    language,
    answer,
    agree,
    cases,
    repositories: holding.length,
    // Both ways of counting must agree: by voices, and by cases, else a large repository that does otherwise would not be heard.
    share: Math.min(best.share, agree / cases),
    examples: inTurn(voting.map(ballot => ballot.answers.get(answer)?.places ?? [])).slice(0, EXAMPLES),
    dissent: dissent(voting, answer),
  }
  return { norm, heard: sum(voting, voice) }
}

function shareOf(ballot: Ballot, answer: string): number {
  return (ballot.answers.get(answer)?.count ?? 0) / ballot.cases
}

function dissent(voting: readonly Ballot[], answer: string): Norm['dissent'] {
  return voting
    .flatMap(({ repository, answers }) => [...answers].map(([other, said]) => ({ repository, answer: other, ...said })))
    .filter(said => said.answer !== answer)
    .sort((a, b) => b.count - a.count)
    .slice(0, DISSENT)
}

/** The first of each, then the second of each …: examples of many repositories before many of one. */
function inTurn(lists: readonly (readonly Place[])[]): Place[] {
  const longest = Math.max(0, ...lists.map(list => list.length))
  return Array.from({ length: longest }, (_, i) => lists.flatMap(list => list[i] ?? [])).flat()
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0)
}

function byId(a: Norm, b: Norm): number {
  return `${a.language} ${a.id}` < `${b.language} ${b.id}` ? -1 : 1
}
