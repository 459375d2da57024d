import { basename, dirname } from 'node:path/posix'
import { childOf } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'
import type { Question } from '../../question.ts'
import { fileSite, saying, site } from '../site.ts'
import { argumentsOf, SCRIPT } from './script.ts'

const TEST_NAME = /[.\-_](test|spec)\.[cm]?[jt]sx?$/
const FOLDER = /(?:^|\/)(tests?|__tests__|specs?)(?:\/|$)/

const placement: Question = {
  id: 'tests/placement',
  subject: 'tests',
  languages: SCRIPT,
  asked: 'in tests',
  *sites(file) {
    if (TEST_NAME.test(basename(file.path)))
      yield fileSite(file, FOLDER.exec(dirname(file.path))?.[1] ?? 'beside the source')
  },
  words: (norm, at) =>
    norm.answer === 'beside the source'
      ? {
          nudge: 'Could this test lie beside what it tests?',
          why: 'Beside its source a test is seen by whoever changes it, and moves along with it.',
        }
      : {
          nudge: `Would readers look for this test under \`${norm.answer}/\`?`,
          why: `Golden repositories keep tests in \`${norm.answer}/\`; one that lies ${at.answer === 'beside the source' ? at.answer : `in \`${at.answer}/\``} may be missed by people and by globs.`,
        },
}

const suffix: Question = {
  id: 'tests/suffix',
  subject: 'tests',
  languages: SCRIPT,
  asked: 'in tests',
  *sites(file) {
    const found = /([.\-_](?:test|spec))\.[cm]?[jt]sx?$/.exec(basename(file.path))?.[1]
    if (found !== undefined) yield fileSite(file, found)
  },
  words: (norm, at) => ({
    nudge: `Is \`${norm.answer}\` what test files end in here?`,
    why: `Runners find tests by their names: one that ends in \`${at.answer}\` may never run, and nobody sees that it doesn’t.`,
  }),
}

const caseWord: Question = {
  id: 'tests/case',
  subject: 'tests',
  languages: SCRIPT,
  asked: 'in tests',
  *sites(file) {
    for (const { name, word } of cases(file)) yield site(file, name, word)
  },
  words: (norm, at, file) => ({
    nudge: `Do the other tests say \`${norm.answer}\` here?`,
    why: 'Two words for one thing make a reader ask what the difference is.',
    ...(/^(?:it|test)$/.test(file.text.slice(at.startIndex, at.endIndex)) && { sketch: norm.answer }),
  }),
}

const running: Question = {
  id: 'tests/running',
  subject: 'tests',
  languages: SCRIPT,
  asked: 'in tests',
  *sites(file) {
    for (const { name, mode } of cases(file)) yield site(file, name, mode)
  },
  words: (_, at) =>
    at.answer === 'only this'
      ? {
          nudge: 'Is `.only` still needed here?',
          why: 'With it, all other tests of the file are passed over, and the run is green.',
        }
      : {
          nudge: 'When will this test run again?',
          why: 'A skipped test looks like one that passed, and what it watched over may break meanwhile.',
        },
}

const titles: Question = {
  id: 'tests/title',
  subject: 'tests',
  languages: SCRIPT,
  asked: 'in tests',
  *sites(file) {
    for (const { title } of cases(file)) {
      const words = file.textOf(title).slice(1, -1)
      if (words.includes(' ')) yield site(file, title, /^should\b/i.test(words) ? 'should …' : 'says what holds')
    }
  },
  words: saying({
    'says what holds': [
      'What holds, said as a fact?',
      '“Should” says what was hoped for; a title that states a fact reads as a specification, and as an error when it fails.',
      text => text.replace(/^(['"`])should (?:be )?/i, '$1'),
    ],
    'should …': [
      'Would this read with “should”, as the other titles?',
      'Titles of one form can be read down as a list.',
    ],
  }),
}

export const tests: readonly Question[] = [placement, suffix, caseWord, running, titles]

type Case = { name: SyntaxNode; word: 'it' | 'test'; mode: 'runs' | 'only this' | 'skipped'; title: SyntaxNode }

/** `it('…', () => …)`, `test.only('…', …)`, `Deno.test` and their like. */
function* cases(file: Parsed): Generator<Case> {
  for (const call of file.nodes('call_expression')) {
    const name = childOf(call, 'function')
    const found = name && /^(?:Deno\.)?(it|test)(?:\.(only|skip))?$/.exec(file.textOf(name))
    const [title, ...more] = argumentsOf(call)
    if (!name || !found || !title || more.length === 0 || !/string$/.test(title.type)) continue
    const mode = found[2] === 'only' ? 'only this' : found[2] === 'skip' ? 'skipped' : 'runs'
    yield { name, word: found[1] === 'it' ? 'it' : 'test', mode, title }
  }
}
