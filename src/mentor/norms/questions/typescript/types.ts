import { childOf, firstOf, namedChildren } from '../../../parse/node.ts'
import type { SyntaxNode } from '../../../parse/parsed.ts'
import type { Question } from '../../question.ts'
import { fileSite, saying, site } from '../site.ts'
import { TYPED } from './script.ts'

const anything: Question = {
  id: 'apis/any',
  subject: 'apis',
  languages: TYPED,
  asked: 'everywhere',
  *sites(file) {
    for (const node of file.nodes('predefined_type')) {
      const word = file.textOf(node)
      if (word === 'any' || word === 'unknown') yield site(file, node, word)
    }
  },
  words: saying({
    unknown: [
      'What is known of this value?',
      '`any` switches checking off for all that it touches; `unknown` asks for a check before the value is used.',
      () => 'unknown',
    ],
  }),
}

const nonNull: Question = {
  id: 'apis/non-null',
  subject: 'apis',
  languages: TYPED,
  asked: 'in sources',
  *sites(file) {
    const asserted = file.nodes('non_null_expression')
    if (asserted.length === 0) yield fileSite(file, 'none in the file')
    for (const node of asserted) yield site(file, node, 'asserted by !')
  },
  words: saying({
    'none in the file': [
      'What if it is missing after all?',
      '`!` is a promise that nobody checks: when it is broken, the error comes later and somewhere else.',
    ],
  }),
}

const objectTypes: Question = {
  id: 'apis/object-type',
  subject: 'apis',
  languages: TYPED,
  asked: 'everywhere',
  *sites(file) {
    for (const node of file.nodes('interface_declaration'))
      if (node.children[0]) yield site(file, node.children[0], 'interface')
    for (const node of file.nodes('type_alias_declaration'))
      if (node.children[0] && childOf(node, 'value')?.type === 'object_type') yield site(file, node.children[0], 'type')
  },
  words: saying({
    interface: [
      'Is this an object like the others that are an `interface`?',
      'Two words for one thing make a reader ask what the difference is.',
    ],
    type: [
      'Would `type` do here, as elsewhere?',
      'An `interface` can be added to from afar; two words for one thing make a reader ask what the difference is.',
    ],
  }),
}

const choices: Question = {
  id: 'apis/choice',
  subject: 'apis',
  languages: TYPED,
  asked: 'everywhere',
  *sites(file) {
    for (const node of file.nodes('enum_declaration')) {
      const word = firstOf(node, 'enum')
      if (word) yield site(file, word, 'enum')
    }
    for (const node of file.nodes('type_alias_declaration')) {
      const value = childOf(node, 'value')
      const word = node.children[0]
      if (word && value?.type === 'union_type' && isOfLiterals(value)) yield site(file, word, 'union')
    }
  },
  words: saying({
    union: [
      'Would a union of literals do here?',
      'An `enum` is code at run time, and its values are no plain strings to whoever sends or reads them.',
    ],
    enum: [
      'Should this be an `enum`, as the other choices are?',
      'Golden repositories name such choices, so that a value can be found and renamed.',
    ],
  }),
}

const arrayTypes: Question = {
  id: 'apis/array-type',
  subject: 'apis',
  languages: TYPED,
  asked: 'everywhere',
  *sites(file) {
    for (const node of file.nodes('array_type')) {
      const of = namedChildren(node)[0]?.type ?? ''
      yield site(
        file,
        node,
        'T[]',
        /^(?:predefined_type|type_identifier|generic_type|nested_type_identifier|array_type)$/.test(of)
          ? 'plain'
          : 'composed',
      )
    }
    for (const node of file.nodes('generic_type')) {
      const name = childOf(node, 'name')
      const of = namedChildren(firstOf(node, 'type_arguments') ?? node)[0]?.type ?? ''
      if (name && file.textOf(name) === 'Array')
        yield site(
          file,
          node,
          'Array<T>',
          /^(?:predefined_type|type_identifier|generic_type|nested_type_identifier|array_type)$/.test(of)
            ? 'plain'
            : 'composed',
        )
    }
  },
  words: saying({
    'T[]': [
      'Would `T[]` read as the other lists?',
      'Two forms of one type make a reader ask what the difference is.',
      text => text.replace(/^Array<([\w.$]+)>$/, '$1[]'),
    ],
    'Array<T>': [
      'Would `Array<…>` read as the other lists?',
      'Two forms of one type make a reader ask what the difference is.',
      text => text.replace(/^(.*)\[\]$/s, 'Array<$1>'),
    ],
  }),
}

const suppressed: Question = {
  id: 'apis/suppression',
  subject: 'apis',
  languages: TYPED,
  asked: 'everywhere',
  *sites(file) {
    for (const node of file.nodes('comment')) {
      const found = /^\/\/\s*(@ts-(?:ignore|expect-error))/.exec(file.textOf(node))?.[1]
      if (found) yield site(file, node, found)
    }
  },
  words: saying({
    '@ts-expect-error': [
      'Will somebody notice when this is no longer needed?',
      '`@ts-ignore` stays silent for ever, also over the next error on that line; `@ts-expect-error` fails when there is none.',
      text => text.replace('@ts-ignore', '@ts-expect-error'),
    ],
  }),
}

const returnTypes: Question = {
  id: 'apis/return-type',
  subject: 'apis',
  languages: TYPED,
  asked: 'in sources',
  *sites(file) {
    for (const node of file.nodes('function_declaration')) {
      const name = childOf(node, 'name')
      if (!name || node.parent?.type !== 'export_statement') continue
      yield site(file, name, childOf(node, 'return_type') ? 'written' : 'inferred')
    }
  },
  words: saying({
    written: [
      'What does this promise to return?',
      'Inferred, the promise changes with any line of the body, and the error shows at the callers.',
    ],
    inferred: ['Does the return type say more than the body?', 'Golden repositories leave it to the compiler.'],
  }),
}

export const types: readonly Question[] = [anything, nonNull, objectTypes, choices, arrayTypes, suppressed, returnTypes]

/** A union nests to the left. */
function isOfLiterals(union: SyntaxNode): boolean {
  const left = [union]
  for (let at = left.pop(); at !== undefined; at = left.pop())
    for (const one of namedChildren(at)) {
      if (one.type === 'union_type') left.push(one)
      else if (one.type !== 'literal_type') return false
    }
  return true
}
