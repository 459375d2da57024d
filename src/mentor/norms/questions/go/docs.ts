import { childOf, namedChildren } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { docOf, isMain } from './syntax.ts'

const present: Question = {
  id: 'docs/exported',
  subject: 'docs',
  languages: ['go'],
  asked: 'in sources',
  *sites(file) {
    for (const { name, doc } of exported(file)) yield site(file, name, doc.length > 0 ? 'documented' : 'none')
  },
  words: saying({
    documented: [
      'What would a caller want to know before using this?',
      'What is exported is read in its documentation, by people who don’t see the body.',
    ],
    none: ['Does this need words?', 'Golden repositories let such names speak for themselves.'],
  }),
}

const begins: Question = {
  id: 'docs/begins-with-name',
  subject: 'docs',
  languages: ['go'],
  asked: 'in sources',
  *sites(file) {
    for (const { name, doc } of exported(file)) {
      const words = wordsOf(file, doc)
      if (!doc[0] || words === '' || /^(Deprecated|TODO|nolint)/.test(words)) continue
      const first = /^(?:(?:A|An|The)\s+)?([\w.]+)/.exec(words)?.[1]?.split('.').at(-1)
      yield site(file, doc[0], first === file.textOf(name) ? 'its name' : 'other words')
    }
  },
  words: saying({
    'its name': [
      'Could the comment begin with the name it is about?',
      'Documentation is listed and searched by first words; a comment that begins with the name can stand alone.',
    ],
  }),
}

const ends: Question = {
  id: 'docs/full-stop',
  subject: 'docs',
  languages: ['go'],
  asked: 'in sources',
  *sites(file) {
    for (const { doc } of exported(file)) {
      const paragraph =
        wordsOf(file, doc)
          .split(/\n\s*\n/)
          .at(-1)
          ?.trimEnd() ?? ''
      const last = doc.at(-1)
      // Lists, code and links end as they must.
      if (!last || !/[\w.)\]}`'"*+>]$/.test(paragraph) || /^\s*[-*\d\t]|^ {2}|https?:|^\w+:/m.test(paragraph)) continue
      yield site(file, last, paragraph.endsWith('.') ? 'full stop' : 'none')
    }
  },
  words: saying({
    'full stop': [
      'Is this sentence complete?',
      'A comment of full sentences can be read on the documentation’s page as it is.',
      text => `${text}.`,
    ],
    none: ['Does this need its full stop?', 'Golden repositories write these comments as headings.'],
  }),
}

const packageDoc: Question = {
  id: 'docs/package',
  subject: 'docs',
  languages: ['go'],
  asked: 'in sources',
  *sites(file) {
    const clause = file.nodes('package_clause')[0]
    const doc = clause ? docOf(file, clause) : []
    const words = wordsOf(file, doc)
    if (!doc[0] || isMain(file) || /^(Copyright|\+build|go:|Code generated)/.test(words)) return
    yield site(file, doc[0], words.startsWith('Package ') ? 'Package …' : 'other words')
  },
  words: saying({
    'Package …': ['Could this begin with “Package” and its name?', 'The list of packages shows this sentence alone.'],
  }),
}

/** What others can name: also methods, where their type is exported. */
function* exported(file: Parsed): Generator<{ name: SyntaxNode; doc: readonly SyntaxNode[] }> {
  if (isMain(file)) return
  for (const made of file.nodes('function_declaration', 'method_declaration')) {
    const name = childOf(made, 'name')
    const receiver = childOf(namedChildren(childOf(made, 'receiver'))[0], 'type')
    const owner = receiver ? file.textOf(receiver).replace(/^\*/, '') : 'X'
    if (name && /^[A-Z]/.test(file.textOf(name)) && /^[A-Z]/.test(owner)) yield { name, doc: docOf(file, made) }
  }
  for (const spec of file.nodes('type_spec')) {
    const name = childOf(spec, 'name')
    const alone = spec.parent && namedChildren(spec.parent).length === 1
    const top = spec.parent?.parent?.type === 'source_file'
    if (name && alone && top && spec.parent && /^[A-Z]/.test(file.textOf(name)))
      yield { name, doc: docOf(file, spec.parent) }
  }
}

function wordsOf(file: Parsed, doc: readonly SyntaxNode[]): string {
  const lines = doc.map(one => file.textOf(one)).filter(line => !/^\/\/(go|nolint|line|export|lint)\b/.test(line))
  return lines
    .map(line => line.replace(/^\/\/ ?|^\/\*\s*|\s*\*\/$/g, ''))
    .join('\n')
    .trim()
}

export const docs: readonly Question[] = [present, begins, ends, packageDoc]
