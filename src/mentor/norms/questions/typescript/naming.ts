import { childOf, firstOf } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'
import type { Question, Site } from '../../question.ts'
import { caseOf } from '../case.ts'
import { renamed } from '../renamed.ts'
import { saying, site, within } from '../site.ts'
import { FUNCTIONS, isConstant, SCRIPT, TYPED } from './script.ts'

/** A function in PascalCase makes or shows something: a component, a constructor, an error. It has a rule of its own. */
const CALLED = ['snake_case', 'camelCase']

const functions: Question = {
  id: 'naming/function',
  subject: 'naming',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('function_declaration', 'generator_function_declaration'))
      yield* worded(file, childOf(made, 'name'), CALLED)
    for (const made of file.nodes('arrow_function', 'function_expression'))
      if (made.field === 'value' && made.parent?.type === 'variable_declarator')
        yield* worded(file, childOf(made.parent, 'name'), CALLED)
  },
  words: renamed('function'),
}

const methods: Question = {
  id: 'naming/method',
  subject: 'naming',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('method_definition')) {
      const name = childOf(made, 'name')
      if (name?.type.endsWith('property_identifier')) yield* worded(file, name, CALLED)
    }
  },
  words: renamed('method'),
}

const variables: Question = {
  id: 'naming/variable',
  subject: 'naming',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const declared of file.nodes('variable_declarator'))
      if (within(declared, FUNCTIONS, ['program'])) yield* worded(file, childOf(declared, 'name'), CALLED)
    for (const taken of file.nodes('required_parameter', 'optional_parameter'))
      yield* worded(file, childOf(taken, 'pattern'), CALLED)
    for (const list of file.nodes('formal_parameters'))
      for (const taken of list.children) yield* worded(file, taken, CALLED)
  },
  words: renamed('variable'),
}

const constants: Question = {
  id: 'naming/constant',
  subject: 'naming',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const declared of file.nodes('variable_declarator')) {
      const list = declared.parent
      const exported = list?.parent?.type === 'export_statement'
      const top = exported ? list?.parent?.parent : list?.parent
      const name = childOf(declared, 'name')
      if (top?.type !== 'program' || firstOf(list, 'const') === undefined || name?.type !== 'identifier') continue
      if (!isConstant(childOf(declared, 'value'))) continue
      const written = caseOf(file.textOf(name))
      const answer = written === 'flat' ? 'camelCase' : written
      if (answer === 'camelCase' || answer === 'UPPER_CASE' || answer === 'snake_case')
        yield site(file, name, answer, exported ? 'exported' : 'own')
    }
  },
  words: renamed('constant'),
}

const classes: Question = {
  id: 'naming/class',
  subject: 'naming',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('class_declaration', 'abstract_class_declaration'))
      yield* typed(file, childOf(made, 'name'))
  },
  words: renamed('class'),
}

const types: Question = {
  id: 'naming/type',
  subject: 'naming',
  languages: TYPED,
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('interface_declaration', 'type_alias_declaration', 'enum_declaration'))
      yield* typed(file, childOf(made, 'name'))
  },
  words: renamed('type'),
}

const interfacePrefix: Question = {
  id: 'naming/interface-prefix',
  subject: 'naming',
  languages: TYPED,
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('interface_declaration')) {
      const name = childOf(made, 'name')
      if (name) yield site(file, name, /^I[A-Z][a-z]/.test(file.textOf(name)) ? 'I before the name' : 'the name alone')
    }
  },
  words: saying({
    'the name alone': [
      'Would the name do without its `I`?',
      'Callers don’t care whether a type is an interface, and the prefix stays wrong when it becomes something else.',
      text => text.slice(1),
    ],
    'I before the name': [
      'Should this interface begin with `I`, as the others do?',
      'Where all others have the prefix, one without it reads as a class.',
      text => `I${text}`,
    ],
  }),
}

const typeParameters: Question = {
  id: 'naming/type-parameter',
  subject: 'naming',
  languages: TYPED,
  asked: 'everywhere',
  *sites(file) {
    for (const parameter of file.nodes('type_parameter')) {
      const name = childOf(parameter, 'name')
      const text = name ? file.textOf(name) : ''
      if (name) yield site(file, name, text.length < 3 ? 'a letter' : /^T[A-Z]/.test(text) ? 'T and a word' : 'a word')
    }
  },
  words: saying({
    'a letter': [
      'Would a single letter do, as elsewhere?',
      'A type parameter that is a word is easily taken for a type that exists.',
    ],
    'T and a word': [
      'Should this be `T` and a word, as elsewhere?',
      'The `T` tells a parameter from a type that exists.',
    ],
    'a word': ['Could a word say what this type is?', 'A letter says nothing where there is more than one parameter.'],
  }),
}

const privateMembers: Question = {
  id: 'naming/private',
  subject: 'naming',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const member of file.nodes('method_definition', 'public_field_definition', 'field_definition')) {
      const name = childOf(member, 'name') ?? childOf(member, 'property')
      if (!name || member.parent?.type !== 'class_body') continue
      const access = firstOf(member, 'accessibility_modifier')
      if (name.type === 'private_property_identifier') yield site(file, name, '#name')
      else if (access && file.textOf(access) === 'private') yield site(file, access, 'private name')
      else if (!access && /^_[a-zA-Z]/.test(file.textOf(name))) yield site(file, name, '_name')
    }
  },
  words: saying({
    '#name': [
      'Should nobody outside reach this, also at run time?',
      '`private` and `_` are wishes: any code can still read and change what they mark. `#` can’t be reached.',
    ],
    'private name': [
      'Would `private` say it as the other classes do?',
      'Two ways of hiding in one code base make readers ask what the difference is.',
    ],
    _name: [
      'Is this hidden in the way of the other classes?',
      'Two ways of hiding in one code base make readers ask what the difference is.',
    ],
  }),
}

const asksTruth =
  /^_?(?:is|are|was|has|have|had|can|could|should|must|may|will|does|did|do|needs?|wants?|allows?|includes?|contains?|equals?|exists?|matches?|supports?|starts?|ends?|looks?|accepts?|keeps?|covers?|holds?|knows?)(?![a-z])/

const booleans: Question = {
  id: 'naming/boolean-function',
  subject: 'naming',
  languages: TYPED,
  asked: 'in sources',
  *sites(file) {
    for (const made of file.nodes('function_declaration', 'method_definition')) {
      const name = childOf(made, 'name')
      const returned = childOf(made, 'return_type')
      if (!name || !returned || !/^(?::\s*boolean|:.*\bis\b)/.test(file.textOf(returned))) continue
      if (name.type === 'computed_property_name' || name.type === 'string') continue
      yield site(file, name, asksTruth.test(file.textOf(name)) ? 'asks' : 'does not ask')
    }
  },
  words: saying({
    asks: [
      'Would this name read as a question, as in `isReady` or `hasChildren`?',
      'In a condition such a name reads as a sentence; without the verb, callers have to look up what `true` means.',
    ],
  }),
}

export const naming: readonly Question[] = [
  functions,
  methods,
  variables,
  constants,
  classes,
  types,
  interfacePrefix,
  typeParameters,
  privateMembers,
  booleans,
]

/** Names of one word fit every way of writing, and answer nothing. */
function* worded(file: Parsed, name: SyntaxNode | undefined, cases: readonly string[]): Generator<Site> {
  if (!name || !/identifier$/.test(name.type)) return
  const written = caseOf(file.textOf(name).replace(/^#/, ''))
  if (cases.includes(written)) yield site(file, name, written)
}

function* typed(file: Parsed, name: SyntaxNode | undefined): Generator<Site> {
  const written = name && caseOf(file.textOf(name))
  if (name && written !== 'mixed' && written !== 'UPPER_CASE')
    yield site(file, name, written === 'flat' ? 'camelCase' : (written ?? ''))
}
