import { childOf, namedChildren } from '../../../parse/node.ts'
import type { SyntaxNode } from '../../../parse/parsed.ts'
import type { Question } from '../../question.ts'
import { saying, site, within } from '../site.ts'
import { callee, hasModifier } from './syntax.ts'

/** Where a literal is a constant, or a field that may be one. */
const CONSTANTS = ['attribute', 'parameter', 'constant_pattern', 'case_switch_label', 'field_declaration']

const inferred: Question = {
  id: 'apis/var',
  subject: 'apis',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('variable_declaration')) {
      const type = childOf(made, 'type')
      const declarators = namedChildren(made).filter(one => one.type === 'variable_declarator')
      const value = declarators[0] && namedChildren(declarators[0]).at(-1)
      // Where the type stands on the right, it is said either way.
      if (made.parent?.type !== 'local_declaration_statement' || declarators.length !== 1 || !type || !value) continue
      if (value.type === 'object_creation_expression')
        yield site(file, type, type.type === 'implicit_type' ? 'var' : 'the type')
    }
  },
  words: saying({
    var: ['Is the type said twice here?', 'With `new` on the right, `var` leaves one place to change.', () => 'var'],
    'the type': ['Would the type at the left help?', 'Golden repositories write it out.'],
  }),
}

const keywords: Question = {
  id: 'apis/keyword-types',
  subject: 'apis',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const type of file.nodes('predefined_type'))
      if (/^(string|int|bool|object|long|double)$/.test(file.textOf(type))) yield site(file, type, 'keyword')
    for (const name of file.nodes('identifier')) {
      const used =
        name.field === 'type' ||
        name.field === 'returns' ||
        (name.field === 'expression' && name.parent?.type === 'member_access_expression')
      if (used && /^(String|Int32|Boolean|Object|Int64|Double)$/.test(file.textOf(name))) yield site(file, name, 'name')
    }
  },
  words: saying({
    keyword: [
      'Is this the same type as the keyword?',
      'Two spellings of one type make a reader look for the difference.',
      text =>
        ({ String: 'string', Int32: 'int', Boolean: 'bool', Object: 'object', Int64: 'long', Double: 'double' })[text],
    ],
  }),
}

const nulls: Question = {
  id: 'apis/null-test',
  subject: 'apis',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const literal of file.nodes('null_literal')) {
      const compared = literal.parent
      const sign = compared?.type === 'binary_expression' ? childOf(compared, 'operator') : undefined
      if (sign && /^[!=]=$/.test(sign.type)) yield site(file, sign, '== null')
      // The grammar reads `a is null && b` as `a is (null && b)`.
      let pattern: SyntaxNode | undefined = literal
      while (pattern?.field === 'left') pattern = pattern.parent
      const holder = pattern?.parent
      if (holder?.type === 'constant_pattern' && within(holder, ['is_pattern_expression'], ['argument', 'block']))
        yield site(file, literal, 'is null')
    }
  },
  words: saying({
    'is null': ['Can `==` be overloaded for this type?', '`is null` always asks for the reference itself.'],
    '== null': ['Would `== null` match the tests around it?', 'One way of asking is one way to look for it.'],
  }),
}

const texts: Question = {
  id: 'apis/format',
  subject: 'apis',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('invocation_expression')) {
      const called = childOf(call, 'function')
      if (called && /^[sS]tring\.Format$/.test(callee(file, call))) yield site(file, called, 'string.Format')
    }
    for (const text of file.nodes('interpolated_string_expression')) yield site(file, text, 'interpolated')
  },
  words: saying({
    interpolated: [
      'Would an interpolated string put the values where they are read?',
      'With `string.Format` a reader counts places, and a missing value fails only when the line runs.',
    ],
  }),
}

const emptyText: Question = {
  id: 'apis/empty-string',
  subject: 'apis',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const text of file.nodes('string_literal')) {
      if (file.textOf(text) !== '""') continue
      // A constant must be a literal.
      const constant = within(text, CONSTANTS, ['block'])
      if (!constant || (constant.type === 'field_declaration' && !hasModifier(file, constant, 'const')))
        yield site(file, text, '""')
    }
    for (const access of file.nodes('member_access_expression'))
      if (/^[sS]tring\.Empty$/.test(file.textOf(access))) yield site(file, access, 'string.Empty')
  },
  words: saying({
    'string.Empty': ['Is this meant to be empty?', '`string.Empty` says so.', () => 'string.Empty'],
    '""': ['Would `""` do?', 'It is shorter, and a constant.', () => '""'],
  }),
}

export const apis: readonly Question[] = [inferred, keywords, nulls, texts, emptyText]
