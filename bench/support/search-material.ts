import { readFileSync } from 'node:fs'
import {
  createParser,
  decodeSource,
  languageOf,
  type Parsed,
  type SyntaxNode,
  type Unit,
} from '../../src/mentor/index.ts'
import type { GoldenLanguage } from '../../test/mentor/golden-list.ts'
import { goldenMaterial } from '../../test/mentor/golden-material.ts'
import { run } from '../../test/peers/support/process.ts'

/** A question, and what it must find: a unit by path and line, or in CoSQA a whole file. */
export type Question = { text: string; answers: { repository: string; path: string; nameLine?: number }[] }
export type SourceFile = { repository: string; path: string; file: Parsed }
export type SearchSet = { name: string; files: SourceFile[]; questions: Question[] }

const LONGEST_FILE = 400_000
/** A sentence that tells of more units than this tells of none. */
const MOST_ANSWERS = 3

/** First sentences of doc comments as questions for their units, in sources without any of these comments. */
export async function docPairs(
  repositories: readonly string[],
  languages: readonly GoldenLanguage[],
  most: number,
): Promise<SearchSet> {
  const parser = await createParser()
  const files: SourceFile[] = []
  const asked = new Map<string, Question>()
  for (const { name: repository, dir, commit } of await goldenMaterial(...languages)) {
    if (!repositories.includes(repository)) continue
    const paths = (await run('git', ['-C', dir, 'ls-tree', '-r', '-z', '--name-only', commit])).split('\0')
    for (const path of paths) {
      const language = languageOf(path)
      const text = language && decodeSource(readFileSync(`${dir}/${path}`))
      if (language === undefined || text === undefined || text.length > LONGEST_FILE) continue
      await parser.ready(language)
      using parsed = parser.parse(path, text)
      const bare = parsed && withoutDocs(parsed)
      const file = bare === undefined ? undefined : parser.parse(path, bare)
      if (file === undefined) continue
      // Its words are all that is needed of it; the tree lies outside the garbage collector's reach.
      file[Symbol.dispose]()
      files.push({ repository, path, file })
      for (const { kind, doc, nameLine } of parsed?.units ?? []) {
        const sentence = kind === 'function' || kind === 'method' ? questionOf(doc) : undefined
        if (sentence === undefined) continue
        const question = asked.get(sentence) ?? { text: sentence, answers: [] }
        question.answers.push({ repository, path, nameLine })
        asked.set(sentence, question)
      }
    }
  }
  const fit = [...asked.values()].filter(({ answers }) => answers.length <= MOST_ANSWERS)
  const every = Math.max(1, fit.length / most)
  const questions = Array.from({ length: Math.min(most, fit.length) }, (_, at) => fit[Math.floor(at * every)]).filter(
    one => one !== undefined,
  )
  return { name: 'doc comment → function', files, questions }
}

/** CoSQA: what people typed into a search engine, and the Python function that somebody judged to be the answer. */
export async function cosqa(path: string): Promise<SearchSet> {
  const parser = await createParser()
  await parser.ready('python')
  const rows: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (!Array.isArray(rows)) throw new Error(`${path} holds no list: give CoSQA's own cosqa-dev.json`)
  const files = new Map<string, SourceFile>()
  const asked = new Map<string, Question>()
  for (const { doc, code, label } of rows) {
    if (typeof doc !== 'string' || typeof code !== 'string')
      throw new Error(`${path} has a row without "doc" or "code"`)
    const held = files.get(code)?.path ?? `${files.size}.py`
    using file = parser.parse(held, code)
    if (file && !files.has(code)) files.set(code, { repository: 'cosqa', path: held, file })
    if (label !== 1) continue
    const question = asked.get(doc) ?? { text: doc, answers: [] }
    question.answers.push({ repository: 'cosqa', path: held })
    asked.set(doc, question)
  }
  return { name: 'CoSQA', files: [...files.values()], questions: [...asked.values()] }
}

/** The same lines, with blanks where a doc comment was. */
function withoutDocs({ text, units, nodes, lineOf }: Parsed): string {
  const comments = nodes('comment', 'line_comment', 'block_comment')
  const docstrings = nodes('string').filter(isDocstring)
  let bare = text
  const blank = ({ startIndex, endIndex }: SyntaxNode) => {
    bare = bare.slice(0, startIndex) + bare.slice(startIndex, endIndex).replace(/\S/g, ' ') + bare.slice(endIndex)
  }
  for (const unit of units.filter(({ doc }) => doc !== '')) {
    for (const node of comments) if (isBetween(unit.startLine, lineOf(node.startIndex), unit.nameLine)) blank(node)
    for (const node of docstrings) if (isBetween(unit.nameLine, lineOf(node.startIndex), unit.endLine)) blank(node)
  }
  return bare
}

function isBetween(from: number, line: number, to: number): boolean {
  return from <= line && line <= to
}

function isDocstring({ parent }: SyntaxNode): boolean {
  const block = parent?.type === 'expression_statement' ? parent.parent : undefined
  return block?.type === 'block' && block.children.find(({ named, type }) => named && type !== 'comment') === parent
}

function questionOf(doc: Unit['doc']): string | undefined {
  const paragraph = doc.split(/\n\s*\n|\n\s*[@:]\w/, 1)[0] ?? ''
  const flat = paragraph
    .replace(/\{@\w+\s+([^}|]*)[^}]*\}/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
  const sentence = /^.*?[.!?](?=\s|$)/.exec(flat)?.[0] ?? flat
  const words = sentence.match(/[\p{L}\p{N}]+/gu) ?? []
  return words.length >= 4 && sentence.length <= 300 && !/^[@:]/.test(sentence) ? sentence : undefined
}
