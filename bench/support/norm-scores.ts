import {
  type Breach,
  type Citer,
  findBreaches,
  hintsOf,
  languageOf,
  mineNorms,
  type Norm,
  type NormLanguage,
  type Observation,
  observe,
  type Parsed,
  type Parser,
  questionsOf,
  type RepositoryFacts,
  worthSaying,
} from '../../src/mentor/index.ts'
import { type GoldenFile, sourceOf } from './golden-files.ts'
import { mutantOf } from './mutants.fixture.ts'

/** What comes without a configuration. */
const MINING = { agreement: 0.95, cases: 30, repositories: 2 }
const LIMIT = 3

export type World = {
  readonly parser: Parser
  readonly facts: ReadonlyMap<string, RepositoryFacts>
  readonly cite: Citer
  readonly random: () => number
}

/** What a file answers, small: millions of answers of all files stay in memory for all splits. */
export type Answered = {
  readonly file: GoldenFile
  readonly language: NormLanguage
  /** Four numbers each: question and answer as places in `words`, first and last line. */
  readonly answers: Int32Array
}

const words: string[] = []
const places = new Map<string, number>()

/** Of one norm. */
export type Score = {
  readonly norm: Norm
  /** Places of files that the miner has not seen, which answer its question, and those that answer otherwise. */
  sites: number
  breaches: number
  mutants: number
  /** Mutants of which `findBreaches` tells, and those of which an editor would show it among its three hints. */
  caught: number
  hinted: number
}

/** What each file answers, parsed once for all splits. Nothing for what no person wrote, or what is broken. */
export function answerAll(files: readonly GoldenFile[], { parser, facts }: World): Answered[] {
  return files.flatMap(file => {
    using parsed = parse(file, parser)
    if (parsed === undefined) return []
    const answers = observe(parsed, factsOf(file, facts)).flatMap(({ question, answer, startLine, endLine }) => [
      placeOf(question),
      placeOf(answer),
      startLine,
      endLine,
    ])
    return answers.length > 0 ? [{ file, language: normLanguage(parsed), answers: Int32Array.from(answers) }] : []
  })
}

function placeOf(word: string): number {
  const known = places.get(word)
  if (known !== undefined) return known
  places.set(word, words.length)
  return words.push(word) - 1
}

function* observations(answered: readonly Answered[]): Generator<Observation> {
  for (const { file, language, answers } of answered) {
    const { name: repository, commit } = file.repository
    for (let at = 0; at < answers.length; at += 4) {
      const [question = 0, answer = 0, startLine = 0, endLine = 0] = answers.subarray(at, at + 4)
      const said = { question: words[question] ?? '', answer: words[answer] ?? '', startLine, endLine }
      yield { ...said, language, repository, commit, path: file.path }
    }
  }
}

/** Mines the norms of the files seen, and tries them on the others. */
export async function scoreNorms(
  seen: readonly Answered[],
  unseen: readonly Answered[],
  mutants: number,
  world: World,
) {
  const { norms } = mineNorms(observations(seen), MINING)
  const scores = new Map<string, Score>()
  for (const norm of norms)
    scores.set(keyOf(norm.language, norm.id), { norm, sites: 0, breaches: 0, mutants: 0, caught: 0, hinted: 0 })
  const scoreOf = (language: NormLanguage, id: string) => scores.get(keyOf(language, id))
  let hints = 0
  /** Which files hold to a norm without exception. */
  const holding = new Map<string, Answered[]>()
  for (const one of unseen) {
    using parsed = parse(one.file, world.parser)
    if (parsed === undefined) continue
    const ids = [...observations([one])].map(({ question }) => question)
    for (const id of ids) {
      const score = scoreOf(one.language, id)
      if (score) score.sites++
    }
    const breaches = findBreaches(parsed, norms, factsOf(one.file, world.facts))
    for (const { norm } of breaches) {
      const score = scoreOf(norm.language, norm.id)
      if (score) score.breaches++
    }
    hints += (await shown(parsed, breaches, world)).length
    const broken = new Set(breaches.map(({ norm }) => norm.id))
    for (const id of new Set(ids)) {
      if (broken.has(id)) continue
      const key = keyOf(one.language, id)
      const files = holding.get(key) ?? []
      holding.set(key, files)
      files.push(one)
    }
  }
  for (const [key, score] of scores) await breakOne(score, holding.get(key) ?? [], norms, mutants, world)
  return { scores, hints }
}

/** Up to so many files that hold to a norm, each with one place that no longer does. */
async function breakOne(score: Score, files: Answered[], norms: readonly Norm[], mutants: number, world: World) {
  const left = [...files]
  while (score.mutants < mutants && left.length > 0) {
    const [one] = left.splice(Math.floor(world.random() * left.length), 1)
    if (one === undefined) return
    using parsed = parse(one.file, world.parser)
    const question =
      parsed && questionsOf(parsed.language).find(({ id }) => id === score.norm.id.replace(/[:@].*$/, ''))
    const facts = factsOf(one.file, world.facts)
    using mutant = parsed && question && mutantOf(parsed, score.norm, question, { ...world, facts })
    if (mutant === undefined) continue
    score.mutants++
    const breaches = findBreaches(mutant, norms, facts)
    if (breaches.some(({ norm }) => norm.id === score.norm.id)) score.caught++
    if ((await shown(mutant, breaches, world)).some(({ norm }) => norm.id === score.norm.id)) score.hinted++
  }
}

/** What an editor would show if every line were new. */
async function shown(file: Parsed, breaches: readonly Breach[], { cite }: World) {
  const never = () => false
  const changed = { touches: () => true }
  const silence = { mode: 'learning', changed, isMuted: never, isFaded: never, shown: [] } as const
  return hintsOf({ breaches: worthSaying(file, breaches, silence), limit: LIMIT, cite, shown: [], newId: () => '' })
}

function parse(file: GoldenFile, parser: Parser): Parsed | undefined {
  const text = languageOf(file.path) && sourceOf(file)
  return text === undefined ? undefined : parser.parse(file.path, text)
}

function factsOf({ repository }: GoldenFile, facts: World['facts']): RepositoryFacts {
  return facts.get(repository.name) ?? { paths: new Set() }
}

function normLanguage({ language }: Parsed): NormLanguage {
  return language === 'tsx' ? 'typescript' : language
}

function keyOf(language: NormLanguage, id: string): string {
  return `${language} ${id}`
}
