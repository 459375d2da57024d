import { childOf, namedChildren } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'
import type { Question, Site } from '../../question.ts'
import { caseOf, inCase } from '../case.ts'
import { renamed } from '../renamed.ts'
import { saying, site } from '../site.ts'
import { hasAnnotation, hasModifier } from './syntax.ts'

const TYPES = [
  'class_declaration',
  'interface_declaration',
  'enum_declaration',
  'record_declaration',
  'annotation_type_declaration',
]

const types: Question = {
  id: 'naming/type',
  subject: 'naming',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes(...TYPES)) yield* cased(file, childOf(made, 'name'))
  },
  words: renamed('type'),
}

const methods: Question = {
  id: 'naming/method',
  subject: 'naming',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('method_declaration'))
      if (!hasAnnotation(file, made, /^Override$/)) yield* cased(file, childOf(made, 'name'))
  },
  words: renamed('method'),
}

const constants: Question = {
  id: 'naming/constant',
  subject: 'naming',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('field_declaration')) {
      if (!hasModifier(made, 'static') || !hasModifier(made, 'final')) continue
      for (const one of made.children.filter(child => child.field === 'declarator')) {
        const [name, value] = [childOf(one, 'name'), childOf(one, 'value')]
        const plain = value && /(_literal|^true|^false|^unary_expression|^binary_expression)$/.test(value.type)
        // Loggers, locks and caches are static and final too, and no constants.
        if (!name || !plain || file.textOf(name) === 'serialVersionUID') continue
        const written = caseOf(file.textOf(name))
        if (written !== 'mixed')
          yield site(
            file,
            name,
            written === 'flat'
              ? 'camelCase'
              : written === 'PascalCase' && file.textOf(name).length === 1
                ? 'UPPER_CASE'
                : written,
          )
      }
    }
  },
  words: renamed('constant'),
}

const variables: Question = {
  id: 'naming/variable',
  subject: 'naming',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const parameter of file.nodes('formal_parameter')) yield* cased(file, childOf(parameter, 'name'))
    for (const made of file.nodes('local_variable_declaration'))
      for (const one of namedChildren(made)) if (one.field === 'declarator') yield* cased(file, childOf(one, 'name'))
  },
  words: renamed('variable'),
}

const fields: Question = {
  id: 'naming/field',
  subject: 'naming',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('field_declaration')) {
      if (hasModifier(made, 'static')) continue
      for (const one of made.children.filter(child => child.field === 'declarator')) {
        const name = childOf(one, 'name')
        const shape = name && /^(m_|_|m(?=[A-Z]))?([a-zA-Z])/.exec(file.textOf(name))
        if (name && shape)
          yield site(
            file,
            name,
            shape[1] ? `${shape[1]}…` : caseOf(file.textOf(name)) === 'snake_case' ? 'snake_case' : 'camelCase',
          )
      }
    }
  },
  words: (norm, at, file) => {
    const bare = file.text.slice(at.startIndex, at.endIndex).replace(/^(m_|_|m(?=[A-Z]))/, '')
    const sketch = norm.answer === 'camelCase' ? inCase(bare, 'camelCase') : undefined
    return {
      nudge: sketch ? `Would \`${sketch}\` read like the fields around it?` : 'Is this field named like the others?',
      why: 'Golden repositories mark fields one way; another way looks like another kind of thing.',
      ...(sketch !== undefined && { sketch }),
    }
  },
}

const typeParameters: Question = {
  id: 'naming/type-parameter',
  subject: 'naming',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const one of file.nodes('type_parameter')) {
      const name = namedChildren(one).find(child => child.type.endsWith('identifier'))
      if (name) yield site(file, name, /^([A-Z]\d?|[A-Z]\w*T)$/.test(file.textOf(name)) ? 'a letter' : 'a word')
    }
  },
  words: saying({
    'a letter': [
      'Would a reader take this for a class?',
      'A type parameter of one capital letter can’t be mistaken for a type that they should know.',
      text => text.charAt(0).toUpperCase(),
    ],
    'a word': ['Would a word say what the parameter stands for?', 'Golden repositories name type parameters in full.'],
  }),
}

const packages: Question = {
  id: 'naming/package',
  subject: 'naming',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    const name = file
      .nodes('package_declaration')[0]
      ?.children.find(one => one.named && one.type.endsWith('identifier'))
    if (name) yield site(file, name, /^[a-z\d.]+$/.test(file.textOf(name)) ? 'lower case' : 'otherwise')
  },
  words: saying({
    'lower case': [
      'Could the package be all lower case?',
      'Its parts are folders, and not every disk tells capitals apart.',
      text => text.replaceAll('_', '').toLowerCase(),
    ],
  }),
}

/** The case of a name; in Java a single word in small letters is camelCase. */
function* cased(file: Parsed, name: SyntaxNode | undefined): Generator<Site> {
  const written = name && caseOf(file.textOf(name))
  if (name && written && written !== 'mixed' && file.textOf(name).length > 1)
    yield site(file, name, written === 'flat' ? 'camelCase' : written)
}

export const naming: readonly Question[] = [types, methods, constants, variables, fields, typeParameters, packages]
