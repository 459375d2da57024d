import { childOf } from '../../../parse/node.ts'
import type { Parsed } from '../../../parse/parsed.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { SCRIPT } from './script.ts'

const declaration: Question = {
  id: 'apis/declaration',
  subject: 'apis',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const node of file.nodes('lexical_declaration', 'variable_declaration')) {
      const word = node.children[0]
      if (word && node.parent?.type !== 'ambient_declaration')
        yield site(file, word, word.type === 'var' ? 'var' : 'const or let')
    }
  },
  words: saying({
    'const or let': [
      'Would `const` or `let` do here?',
      '`var` reaches out of its block to the whole function and is there before its line: two of one name are silently one.',
    ],
    var: ['Do the other files use `var` here?', 'Golden repositories do, perhaps for old engines.'],
  }),
}

const reassigned: Question = {
  id: 'apis/never-reassigned',
  subject: 'apis',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    const written = assignedNames(file)
    for (const node of file.nodes('lexical_declaration')) {
      const word = node.children[0]
      const [only, ...more] = node.children.filter(child => child.type === 'variable_declarator')
      const name = childOf(only, 'name')
      if (!word || more.length > 0 || name?.type !== 'identifier' || !childOf(only, 'value')) continue
      if (word.type === 'const') yield site(file, word, 'const')
      else if (!written.has(file.textOf(name))) yield site(file, word, 'let')
    }
  },
  words: saying({
    const: [
      'Does this ever get another value?',
      'A `let` makes readers look for the place where it changes; there is none.',
      () => 'const',
    ],
  }),
}

export const bindings: readonly Question[] = [declaration, reassigned]

/** Every name that is given a value after its declaration, anywhere in the file: another of the same name counts too. */
function assignedNames(file: Parsed): Set<string> {
  const names = new Set<string>()
  for (const node of file.nodes(
    'assignment_expression',
    'augmented_assignment_expression',
    'update_expression',
    'for_in_statement',
  )) {
    const left = childOf(node, 'left') ?? childOf(node, 'argument')
    for (const name of (left ? file.textOf(left) : '').match(/[\w$]+/g) ?? []) names.add(name)
  }
  return names
}
