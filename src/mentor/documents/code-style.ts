import type { Norm, Thresholds } from '../norms/norm.ts'
import type { Words } from '../norms/question.ts'
import { LANGUAGE_NAMES } from './language-names.ts'
import { code, count, fenced, plain, withCode } from './markdown.ts'
import type { Scribe } from './scribe.ts'
import type { Values } from './template.ts'

type CodeStyle = {
  norms: readonly Norm[]
  undecided: readonly Norm[]
  thresholds: Thresholds
  repositories: readonly { readonly name: string; readonly commit: string; readonly files: number }[]
  /** What a breach of the norm costs, where somebody made one. */
  wordsFor(norm: Norm): Promise<Words | undefined>
}

/** Where a capital is not enough. */
const SUBJECTS: Readonly<Record<string, string>> = { apis: 'APIs', docs: 'Doc comments' }
const EXAMPLES = 3
const SNIPPET_LINES = 12

/** What the template of the Code Style document is filled with. */
export async function codeStyleValues(style: CodeStyle, scribe: Scribe): Promise<Values> {
  const { norms, undecided, thresholds, repositories } = style
  const languages: Values[] = []
  for (const [language, name] of Object.entries(LANGUAGE_NAMES)) {
    const subjects: Values[] = []
    const [said, open] = [norms, undecided].map(all => all.filter(norm => norm.language === language).sort(byId))
    for (const [subject, held] of Map.groupBy(said ?? [], subjectOf)) {
      const values: Values[] = []
      for (const norm of held) values.push(await normValues(norm, style, scribe))
      subjects.push({ subject: SUBJECTS[subject] ?? sentenceCase(subject), norms: values })
    }
    const left: Values[] = []
    for (const norm of open ?? []) left.push(await undecidedValues(norm, scribe))
    if (subjects.length + left.length > 0)
      languages.push({ language: name, subjects, open: left.length > 0 ? [{ undecided: left }] : [] })
  }
  return {
    agreement: percent(thresholds.agreement),
    cases: thresholds.cases,
    fewest: thresholds.repositories,
    normCount: norms.length,
    undecidedCount: undecided.length,
    repositories: repositories.map(({ name, commit, files }) => ({
      repository: name,
      commit: commit.slice(0, 12),
      files,
    })),
    languages,
  }
}

async function normValues(norm: Norm, style: CodeStyle, scribe: Scribe): Promise<Values> {
  const [first] = norm.examples
  const examples: Values[] = []
  for (const place of norm.examples.slice(0, EXAMPLES)) {
    const citation = await scribe.cite(place)
    if (citation) examples.push({ citation })
  }
  const dissent: Values[] = []
  for (const { repository, answer, count: many, places } of norm.dissent) {
    const citation = places[0] && (await scribe.cite(places[0]))
    dissent.push({
      repository: code(repository),
      answer: code(answer),
      count: many,
      citation: citation ?? 'no longer there',
    })
  }
  const words = await style.wordsFor(norm)
  const held = `${code(norm.answer)} in ${norm.agree} of ${count(norm.cases, 'place')}, by ${count(norm.repositories, 'repository').replace(/ys$/, 'ies')}`
  const shown = examples[0]?.citation
  const prose = await scribe.tell(
    [`${held}.`, words && withCode(words.why, 400), shown && `As in ${shown}.`].filter(Boolean).join(' '),
  )
  const against = norm.dissent.flatMap(({ places }) => places)[0]
  return {
    title: titleOf(norm.id),
    id: code(norm.id),
    answer: code(norm.answer),
    prose,
    agree: norm.agree,
    cases: norm.cases,
    repositoryCount: norm.repositories,
    share: percent(norm.share),
    examples,
    snippets: await snippet(first, norm, scribe),
    dissent,
    counterSnippets: await snippet(against, norm, scribe),
  }
}

/** A list of one or none, so that a template can leave its heading out. */
async function snippet(
  place: Norm['examples'][number] | undefined,
  { language }: Norm,
  scribe: Scribe,
): Promise<Values[]> {
  const text = place && (await scribe.lines(place, SNIPPET_LINES))
  const citation = place && (await scribe.cite(place))
  return text === undefined || citation === undefined ? [] : [{ code: fenced(text, language), citation }]
}

async function undecidedValues(norm: Norm, scribe: Scribe): Promise<Values> {
  const example = norm.examples[0] && (await scribe.cite(norm.examples[0]))
  const others = new Map<string, number>()
  for (const { answer, count: many } of norm.dissent) others.set(answer, (others.get(answer) ?? 0) + many)
  return {
    title: titleOf(norm.id),
    id: code(norm.id),
    answer: code(norm.answer),
    agree: norm.agree,
    cases: norm.cases,
    repositoryCount: norm.repositories,
    share: percent(norm.share),
    others: [...others].map(([answer, many]) => `${code(answer)} ${many}`).join(', '),
    citation: example ?? '',
  }
}

/** `naming/function:exported@tests` is "Function: exported, in tests". */
function titleOf(id: string): string {
  const [question = '', tests] = id.split('@')
  const [name = '', key] = question.slice(question.indexOf('/') + 1).split(':')
  const words = `${name.replaceAll('-', ' ')}${key === undefined ? '' : `: ${key}`}${tests === undefined ? '' : ', in tests'}`
  return plain(sentenceCase(words), 120)
}

function subjectOf({ id }: Norm): string {
  return id.slice(0, id.indexOf('/'))
}

function sentenceCase(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}

/** Down, never up: 99.96 % is not all of them. */
function percent(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`
}

function byId(a: Norm, b: Norm): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}
