import { basename } from 'node:path/posix'
import { childOf, firstOf, isComment, namedChildren } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { FUNCTIONS, SCRIPT } from './script.ts'

const importsFirst: Question = {
  id: 'layout/imports-first',
  subject: 'layout',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    let code = false
    for (const node of file.root.children) {
      if (node.type === 'import_statement') yield site(file, node, code ? 'below code' : 'first')
      else if (!isComment(node) && !isHeading(node.type, node.children[0]?.type)) code ||= !firstOf(node, 'from')
    }
  },
  words: saying({
    first: [
      'Could this import stand with the others, at the top?',
      'Imports are loaded before any line of the file runs, wherever they stand; below code they look as if they waited.',
    ],
  }),
}

/** Tools and frameworks ask some files for a default export. */
const ASKED_FOR = /\.config\.|\.stories\.|(?:^|\/)(?:pages|app|routes)\//

const exportsNamed: Question = {
  id: 'layout/exports',
  subject: 'layout',
  languages: SCRIPT,
  asked: 'in sources',
  *sites(file) {
    if (ASKED_FOR.test(file.path) || /^_?index\./.test(basename(file.path))) return
    for (const node of file.nodes('export_statement')) {
      const mark = firstOf(node, 'default')
      if (mark) yield site(file, mark, 'default')
      else if (node.children[0] && !childOf(node, 'source')) yield site(file, node.children[0], 'named')
    }
  },
  words: saying({
    named: [
      'Which name should importers use for this?',
      'A default export gets another name in each file that imports it: searching and renaming miss some.',
    ],
    default: ['Is this what the file is for?', 'Golden repositories export one thing a file, by default.'],
  }),
}

const MAX_FUNCTION = 80

const functionLength: Question = {
  id: 'layout/function-length',
  subject: 'layout',
  languages: SCRIPT,
  asked: 'in sources',
  *sites(file) {
    for (const made of file.nodes('function_declaration', 'method_definition')) {
      const name = childOf(made, 'name')
      const lines = file.lineOf(made.endIndex) - file.lineOf(made.startIndex) + 1
      if (name) yield site(file, name, lines > MAX_FUNCTION ? 'more than 80 lines' : 'up to 80 lines')
    }
  },
  words: saying({
    'up to 80 lines': [
      'Which part of this function could have a name of its own?',
      'What doesn’t fit on a screen has to be kept in mind, and can only be tested as a whole.',
    ],
  }),
}

const MAX_PARAMETERS = 4

const parameters: Question = {
  id: 'layout/parameters',
  subject: 'layout',
  languages: SCRIPT,
  asked: 'in sources',
  *sites(file) {
    for (const list of file.nodes('formal_parameters')) {
      const owner = list.parent
      if (!owner || !FUNCTIONS.includes(owner.type) || !childOf(owner, 'body')) continue
      const count = namedChildren(list).length
      if (count > 0) yield site(file, list, count > MAX_PARAMETERS ? 'more than 4' : 'up to 4')
    }
  },
  words: saying({
    'up to 4': [
      'Would these read better as one object with names?',
      'At the call nobody sees which of five values is which, and two of one type are swapped without an error.',
    ],
  }),
}

export const layout: readonly Question[] = [importsFirst, exportsNamed, functionLength, parameters]

/** A directive as `'use strict'`, a `#!` line, an empty statement. */
function isHeading(type: string, inner: string | undefined): boolean {
  return (
    type === 'hash_bang_line' || type === 'empty_statement' || (type === 'expression_statement' && inner === 'string')
  )
}
