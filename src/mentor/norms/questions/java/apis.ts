import { childOf, firstOf, namedChildren } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { argumentsOf, callee, hasAnnotation, hasModifier } from './syntax.ts'

const overridden: Question = {
  id: 'apis/override',
  subject: 'apis',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('method_declaration')) {
      const [name, given] = [childOf(made, 'name'), childOf(made, 'parameters')]
      // Only what every class has is sure to be overridden.
      const signature = `${file.textOf(name ?? made)}/${namedChildren(given ?? made).length}`
      if (!name || !/^(toString\/0|hashCode\/0|equals\/1|clone\/0|finalize\/0)$/.test(signature)) continue
      if (hasModifier(made, 'static') || made.parent?.type === 'interface_body' || childOf(made, 'body') === undefined)
        continue
      const other = signature === 'equals/1' && !/\bObject\b/.test(file.textOf(given ?? made))
      if (!other) yield site(file, name, hasAnnotation(file, made, /^Override$/) ? '@Override' : 'not marked')
    }
  },
  words: saying({
    '@Override': [
      'Does this override what it seems to?',
      'With `@Override` the compiler says so when the name or a type is a little off.',
    ],
  }),
}

const diamond: Question = {
  id: 'apis/diamond',
  subject: 'apis',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('object_creation_expression')) {
      const type = childOf(made, 'type')
      const given = type?.type === 'generic_type' ? firstOf(type, 'type_arguments') : undefined
      const anonymous = made.children.some(one => one.type === 'class_body')
      if (
        !given ||
        anonymous ||
        !/^(variable_declarator|assignment_expression|return_statement)$/.test(made.parent?.type ?? '')
      )
        continue
      yield site(file, given, namedChildren(given).length === 0 ? '<>' : 'written out')
    }
  },
  words: saying({
    '<>': [
      'Are the types said twice here?',
      'With `<>` the compiler takes them from the left, and there is one place to change.',
      () => '<>',
    ],
  }),
}

const emptiness: Question = {
  id: 'apis/is-empty',
  subject: 'apis',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('method_invocation')) {
      const [name, holder] = [childOf(call, 'name'), call.parent]
      if (!name || argumentsOf(call).length > 0) continue
      if (file.textOf(name) === 'isEmpty') yield site(file, name, 'isEmpty()')
      const zero =
        holder?.type === 'binary_expression' &&
        /^(==|!=|>)$/.test(childOf(holder, 'operator')?.type ?? '') &&
        /\s0$/.test(file.textOf(holder))
      if (zero && file.textOf(name) === 'size') yield site(file, name, 'size() == 0')
    }
  },
  words: saying({
    'isEmpty()': ['Is it asked how many, or whether any?', '`isEmpty()` says what is meant, and needn’t count.'],
  }),
}

const declaredAs: Question = {
  id: 'apis/interface-types',
  subject: 'apis',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('local_variable_declaration', 'field_declaration', 'formal_parameter')) {
      const type = childOf(made, 'type')
      const name = type?.type === 'generic_type' ? type.children[0] : undefined
      const written = name ? file.textOf(name) : ''
      if (!name) continue
      if (/^(List|Map|Set|Collection|Queue|Deque)$/.test(written)) yield site(file, name, 'the interface')
      else if (/^(Array|Linked)List$|^(Linked)?Hash(Map|Set)$|^Tree(Map|Set)$/.test(written))
        yield site(file, name, 'the class')
    }
  },
  words: saying({
    'the interface': [
      'Does this line care which implementation it is?',
      'Declared by its interface it can be replaced by another, such as an unmodifiable one.',
      text => /(List|Map|Set)$/.exec(text)?.[0],
    ],
  }),
}

const longs: Question = {
  id: 'apis/long-literal',
  subject: 'apis',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const number of file.nodes('decimal_integer_literal', 'hex_integer_literal')) {
      const last = file.textOf(number).at(-1)
      if (last === 'L' || last === 'l') yield site(file, number, last)
    }
  },
  words: saying({
    L: ['Is that a one or an ell?', 'A small `l` looks like `1`.', text => text.replace(/l$/, 'L')],
  }),
}

const builders: Question = {
  id: 'apis/string-builder',
  subject: 'apis',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('object_creation_expression')) {
      const type = childOf(made, 'type')
      const written = type ? file.textOf(type) : ''
      if (type && /^String(Builder|Buffer)$/.test(written)) yield site(file, type, written)
    }
  },
  words: saying({
    StringBuilder: [
      'Do several threads write to this?',
      '`StringBuffer` takes a lock at every call; `StringBuilder` does the same without.',
      () => 'StringBuilder',
    ],
  }),
}

const equality: Question = {
  id: 'apis/string-equality',
  subject: 'apis',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const text of file.nodes('string_literal')) {
      const holder = text.parent
      const sign = holder?.type === 'binary_expression' ? childOf(holder, 'operator') : undefined
      if (sign && /^[!=]=$/.test(sign.type)) yield site(file, sign, '==')
    }
    for (const call of file.nodes('method_invocation')) {
      const name = childOf(call, 'name')
      const texts = [childOf(call, 'object'), argumentsOf(call)[0]].some(one => one?.type === 'string_literal')
      if (name && texts && callee(file, call).endsWith('.equals')) yield site(file, name, 'equals')
    }
  },
  words: saying({
    equals: [
      'Are these the same object, or the same text?',
      '`==` compares references, and is true only for texts that happen to be shared.',
    ],
  }),
}

export const apis: readonly Question[] = [overridden, diamond, emptiness, declaredAs, longs, builders, equality]
