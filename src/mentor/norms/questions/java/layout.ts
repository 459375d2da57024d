import { basename } from 'node:path/posix'
import { childOf, firstOf } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { hasModifier } from './syntax.ts'

const LOOPS = ['for_statement', 'enhanced_for_statement', 'while_statement']
const ORDER = [
  'public',
  'protected',
  'private',
  'abstract',
  'static',
  'final',
  'transient',
  'volatile',
  'synchronized',
  'native',
  'strictfp',
]

const braces: Question = {
  id: 'layout/braces',
  subject: 'layout',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const statement of file.nodes('if_statement', ...LOOPS))
      for (const body of statement.children) {
        if (!/^(consequence|body|alternative)$/.test(body.field) || body.type === 'if_statement' || body.type === ';')
          continue
        const word = body.field === 'alternative' ? firstOf(statement, 'else') : statement.children[0]
        if (word) yield site(file, word, body.type === 'block' ? 'braces' : 'none')
      }
  },
  words: saying({
    braces: [
      'Would braces keep the next line from slipping in?',
      'A second statement added below looks as if it belonged to the condition.',
    ],
    none: ['Does a single statement need braces?', 'Golden repositories leave them out.'],
  }),
}

const modifiers: Question = {
  id: 'layout/modifier-order',
  subject: 'layout',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const list of file.nodes('modifiers')) {
      const words = list.children.filter(one => ORDER.includes(one.type))
      if (words.length < 2) continue
      const at = words.map(one => ORDER.indexOf(one.type))
      yield site(
        file,
        list,
        at.every((place, i) => i === 0 || place > (at[i - 1] ?? -1)) ? 'as the language lists them' : 'otherwise',
      )
    }
  },
  words: saying({
    'as the language lists them': [
      'Are these words in their usual order?',
      '`public static final` is read as one word; in another order each has to be read.',
    ],
  }),
}

const arrays: Question = {
  id: 'layout/array-brackets',
  subject: 'layout',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const type of file.nodes('array_type')) if (type.field === 'type') yield site(file, type, 'at the type')
    for (const brackets of file.nodes('dimensions'))
      if (/^(variable_declarator|formal_parameter)$/.test(brackets.parent?.type ?? ''))
        yield site(file, brackets, 'at the name')
  },
  words: saying({
    'at the type': ['What is the type of this variable?', 'With `[]` at the type it is said in one place.'],
  }),
}

const fileName: Question = {
  id: 'layout/types-in-file',
  subject: 'layout',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    const types = file.root.children.filter(one =>
      /^(class|interface|enum|record|annotation_type)_declaration$/.test(one.type),
    )
    const own = types.filter(one => file.textOf(childOf(one, 'name') ?? one) === basename(file.path, '.java'))
    const other = types.find(one => !own.includes(one))
    const name = childOf(other ?? own[0], 'name')
    if (name && own.length > 0) yield site(file, name, other ? 'several' : 'one')
  },
  words: saying({
    one: [
      'In which file would one look for this type?',
      'A type in a file of another’s name is found by search alone.',
    ],
  }),
}

const privateFields: Question = {
  id: 'layout/field-access',
  subject: 'layout',
  languages: ['java'],
  asked: 'in sources',
  *sites(file) {
    for (const made of file.nodes('field_declaration')) {
      const name = childOf(
        made.children.find(one => one.field === 'declarator'),
        'name',
      )
      if (!name || hasModifier(made, 'static')) continue
      yield site(file, name, hasModifier(made, 'public') ? 'public' : 'hidden')
    }
  },
  words: saying({
    hidden: ['Who may change this, and when?', 'A public field can be set by anyone, and never checked or replaced.'],
  }),
}

const flat: Question = {
  id: 'layout/else-after-exit',
  subject: 'layout',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const branch of file.nodes('if_statement')) {
      const then = childOf(branch, 'consequence')
      const last = then?.type === 'block' ? then.children.filter(one => one.named).at(-1) : then
      const next = childOf(branch, 'alternative')
      if (
        !last ||
        !/^(return|throw|continue|break)_statement$/.test(last.type) ||
        next?.type === 'if_statement' ||
        branch.field === 'alternative'
      )
        continue
      const word = next ? firstOf(branch, 'else') : branch.children[0]
      if (word) yield site(file, word, next ? 'else' : 'no else')
    }
  },
  words: saying({
    'no else': [
      'Does this need an `else`, when the branch above has left?',
      'Without it the main path stays at the left.',
    ],
  }),
}

const finals: Question = {
  id: 'layout/final',
  subject: 'layout',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const parameter of file.nodes('formal_parameter')) {
      const made = parameter.parent?.parent
      // Without a body nothing can be assigned to it.
      if (!/^(method|constructor)_declaration$/.test(made?.type ?? '') || !childOf(made, 'body')) continue
      const name = childOf(parameter, 'name')
      if (name) yield site(file, name, hasModifier(parameter, 'final') ? 'final' : 'not final', 'parameter')
    }
    for (const made of file.nodes('local_variable_declaration')) {
      const declarator = childOf(made, 'declarator')
      const name = childOf(declarator, 'name')
      // Without a value it is assigned below, and that of a loop changes.
      if (!name || !childOf(declarator, 'value') || made.parent?.type === 'for_statement') continue
      yield site(file, name, hasModifier(made, 'final') ? 'final' : 'not final', 'local')
    }
  },
  words: saying({
    final: ['Does this change after it was set?', 'With `final` a reader knows at once that it stays what it is here.'],
    'not final': ['Is `final` needed here?', 'Golden repositories leave it out of parameters and locals.'],
  }),
}

export const layout: readonly Question[] = [braces, modifiers, arrays, fileName, privateFields, flat, finals]
