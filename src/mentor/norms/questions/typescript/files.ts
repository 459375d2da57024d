import { basename, extname } from 'node:path/posix'
import type { Question } from '../../question.ts'
import { fileSite, saying } from '../site.ts'
import { SCRIPT } from './script.ts'

const CASES: readonly [string, RegExp][] = [
  ['kebab-case', /^[a-z0-9]+(?:-[a-z0-9]+)+$/],
  ['snake_case', /^[a-z0-9]+(?:_[a-z0-9]+)+$/],
  ['camelCase', /^[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+$/],
  ['PascalCase', /^(?:[A-Z][a-z0-9]+)+$/],
]

const fileNames: Question = {
  id: 'naming/file',
  subject: 'naming',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    const [name = ''] = basename(file.path)
      .replace(/^[_.]+/, '')
      .split('.')
    const found = CASES.find(([, form]) => form.test(name.replace(/_(?:test|spec)$/, '')))
    // Components are often named otherwise than what else there is.
    const key = /x$/.test(extname(file.path)) ? 'components' : undefined
    if (found) yield fileSite(file, found[0], key)
  },
  words: (norm, _, file) => {
    const [, name = '', rest = ''] = /^([^.]*)(.*)$/.exec(basename(file.path)) ?? []
    return {
      nudge: `Would \`${inFileCase(name, norm.answer)}${rest}\` stand among the other files?`,
      why: `Golden repositories name files in ${norm.answer}. Whoever guesses a path guesses it so, and on some machines names that differ in case only are the same file.`,
    }
  },
}

const MAX_LINES = 500

const fileLength: Question = {
  id: 'layout/file-length',
  subject: 'layout',
  languages: SCRIPT,
  asked: 'in sources',
  *sites(file) {
    yield fileSite(file, file.lineOf(file.text.length) > MAX_LINES ? 'more than 500 lines' : 'up to 500 lines')
  },
  words: saying({
    'up to 500 lines': [
      'Is there a second idea in this file that could have one of its own?',
      'Past 500 lines nobody reads a file from top to bottom any more, and everyone changes it at once.',
    ],
  }),
}

export const files: readonly Question[] = [fileNames, fileLength]

function inFileCase(name: string, wanted: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[-_]/)
    .filter(Boolean)
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
  if (wanted === 'kebab-case') return words.join('-')
  if (wanted === 'snake_case') return words.join('_')
  return words.map((word, i) => (i === 0 && wanted === 'camelCase' ? word : capital(word))).join('')
}
