import { createHash } from 'node:crypto'
import { createCiter, createParser, type Language } from '../src/mentor/index.ts'
import { goldenMaterial } from '../test/mentor/golden-material.ts'
import { goldenReader, listPaths, sourcesAmong } from './support/golden-files.ts'
import { type Answered, answerAll, type Score, scoreNorms } from './support/norm-scores.ts'
import { report, whole } from './support/report.ts'
import { seeded } from './support/seeded.ts'

const LANGUAGES: readonly Language[] = ['typescript', 'tsx', 'javascript', 'python', 'go', 'csharp', 'java']
/** Small ones, of four languages. */
const QUICK = [
  'python-trio/trio',
  'pydata/xarray',
  'go-chi/chi',
  'spf13/cobra',
  'prometheus/client_golang',
  'apache/commons-io',
  'apache/commons-lang',
  'mswjs/msw',
  'reduxjs/redux-toolkit',
]
const SPLITS = 3
/** The part from which norms are mined. */
const SEEN = 0.7
/** Of each norm in each split, each in another file. */
const MUTANTS = 8

/**
 * Norms are mined from a part of the golden files; the rest shows how often they speak where nothing was broken, and whether
 * they do where one was. `TOWPATH_BENCH_SEED` sets which files are seen.
 */
export async function mentorNorms(quick: boolean): Promise<void> {
  const first = Number(process.env.TOWPATH_BENCH_SEED ?? 1)
  const seeds = Array.from({ length: quick ? 1 : SPLITS }, (_, i) => first + i)
  const material = await goldenMaterial(...(quick ? QUICK : []))
  // Its clock stands: a parse that is stopped on a busy machine would change the figures.
  const parser = await createParser({ monotonic: () => 0 })
  for (const language of LANGUAGES) await parser.ready(language)
  const paths = new Map(material.map(repository => [repository.name, listPaths(repository)]))
  const world = {
    parser,
    facts: new Map([...paths].map(([name, list]) => [name, { paths: new Set(list) }])),
    cite: createCiter(goldenReader(material)),
  }
  const sources = material.flatMap(repository => sourcesAmong(repository, paths.get(repository.name) ?? []))
  const answered = answerAll(sources, { ...world, random: Math.random })

  const total = new Map<string, Score & { splits: number }>()
  let [files, hints] = [0, 0]
  for (const seed of seeds) {
    const seen = answered.filter(one => isSeen(one, seed))
    const unseen = answered.filter(one => !isSeen(one, seed))
    const split = await scoreNorms(seen, unseen, quick ? 2 : MUTANTS, { ...world, random: seeded(seed) })
    files += unseen.length
    hints += split.hints
    for (const [key, score] of split.scores) {
      const before = total.get(key)
      if (before === undefined) total.set(key, { ...score, splits: 1 })
      else add(before, { ...score, splits: 1 })
    }
  }
  tell(
    [...total.values()],
    quick,
    `${whole(answered.length)} files by people, that parse. Unseen: ${whole(files)} in ${seeds.length} splits (seeds ${seeds.join(', ')}), on which an editor would show ${whole(hints)} hints as they are.`,
  )
}

function isSeen({ file }: Answered, seed: number): boolean {
  const hash = createHash('sha256').update(`${seed} ${file.repository.name} ${file.path}`).digest()
  return hash.readUInt32BE() / 2 ** 32 < SEEN
}

const FIGURES = ['sites', 'breaches', 'mutants', 'caught', 'hinted', 'splits'] as const
type Figures = Record<(typeof FIGURES)[number], number>

function add(to: Figures, more: Figures): void {
  for (const figure of FIGURES) to[figure] += more[figure]
}

function tell(scores: (Score & { splits: number })[], quick: boolean, what: string): void {
  const share = (part: number, of: number) => (of === 0 ? '' : `${((100 * part) / of).toFixed(1)} %`)
  const cells = ({ sites, breaches, mutants, caught, hinted }: Figures) => [
    whole(sites),
    whole(breaches),
    share(breaches, sites),
    whole(mutants),
    share(caught, mutants),
    share(hinted, mutants),
  ]
  const head = ['places unseen', 'breaches', 'of places', 'mutants', 'breach found', 'hint shown']
  const sumOf = (some: readonly Figures[]) => {
    const sum: Figures = { sites: 0, breaches: 0, mutants: 0, caught: 0, hinted: 0, splits: 0 }
    for (const one of some) add(sum, one)
    return sum
  }
  const byLanguage = Map.groupBy(scores, ({ norm }) => norm.language)
  const languages = [...byLanguage].map(([language, some]) => [language, String(some.length), ...cells(sumOf(some))])
  const all = sumOf(scores)
  const totals = ['all', String(scores.length), ...cells(all)]
  report('mentor-norms', quick, [['language', 'norms', ...head], ...languages, totals], what)
  const each = scores.map(score => [
    `${score.norm.language} ${score.norm.id}`,
    score.norm.answer.replaceAll('|', '\\|'),
    ...cells(score),
  ])
  report('mentor-norms, each', quick, [['norm', 'answer', ...head], ...each.sort()])
  // No clock is in these figures: the same sources and seed give the same ones, so they may be held to.
  if (all.breaches > 0.02 * all.sites || all.hinted < 0.9 * all.mutants)
    throw new Error('Norms speak where nothing is wrong, or not where something is: look at the table for which')
}
