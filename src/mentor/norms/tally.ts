import type { Place } from '../place.ts'
import type { NormId, NormLanguage, Observation } from './norm.ts'
import { normLanguage } from './norm.ts'

/** Places kept for each answer of a repository, each of another file. */
const PLACES = 3
/** Open answers, as names of modules, may be many; what is so rare is no norm. */
const MAX_ANSWERS = 100

export type Count = { count: number; places: Place[] }

/** What one repository answers. */
export type Ballot = { readonly repository: string; cases: number; readonly answers: Map<string, Count> }

export type Tally = { readonly id: NormId; readonly language: NormLanguage; readonly ballots: Map<string, Ballot> }

/** Counts observations as they come: memory grows with norms and repositories, not with files. */
export function tally(observations: Iterable<Observation>): Tally[] {
  const tallies = new Map<string, Tally>()
  for (const { question: id, language: of, answer, repository, commit, path, startLine, endLine } of observations) {
    const language = normLanguage(of)
    const all = entry(tallies, `${language} ${id}`, () => ({ id, language, ballots: new Map() }))
    const ballot = entry(all.ballots, repository, () => ({ repository, cases: 0, answers: new Map() }))
    ballot.cases++
    if (!ballot.answers.has(answer) && ballot.answers.size === MAX_ANSWERS) continue
    const said = entry(ballot.answers, answer, (): Count => ({ count: 0, places: [] }))
    said.count++
    if (said.places.length < PLACES && said.places.every(place => place.path !== path))
      said.places.push({ repository, commit, path, startLine, endLine })
  }
  return [...tallies.values()]
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
