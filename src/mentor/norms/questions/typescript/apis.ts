import { childOf, firstOf, namedChildren } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { argumentsOf, calleeOf, isConstant, SCRIPT } from './script.ts'

const equality: Question = {
  id: 'apis/equality',
  subject: 'apis',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const { operator, left, right } of binaries(file)) {
      if (!/^[=!]==?$/.test(operator.type) || !left || !right) continue
      // `== null` asks for two values at once, which is a habit of its own.
      const empty = [left, right].some(side => side.type === 'null' || side.type === 'undefined')
      const exact = operator.type.length === 3
      yield site(file, operator, exact ? '===' : '==', empty ? 'empty' : undefined)
    }
  },
  words: saying({
    '===': [
      'Are both sides of one type here?',
      '`==` converts before it compares: `0`, `""` and `[]` are equal to `false`, and a value of another type slips through.',
      text => (text === '==' ? '===' : '!=='),
    ],
    '==': [
      'Do `null` and `undefined` mean the same here?',
      'Golden repositories ask for both at once by `==`.',
      text => text.slice(0, 2),
    ],
  }),
}

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

const arrayCheck: Question = {
  id: 'apis/array-check',
  subject: 'apis',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const call of calls(file, 'Array.isArray')) yield site(file, call, 'Array.isArray')
    for (const { node, operator, right } of binaries(file))
      if (operator.type === 'instanceof' && right && file.textOf(right) === 'Array')
        yield site(file, node, 'instanceof Array')
  },
  words: saying({
    'Array.isArray': [
      'Might this array come from elsewhere?',
      '`instanceof Array` is false for arrays of another realm: a frame, a worker’s message, a test’s sandbox.',
      text => `Array.isArray(${text.replace(/\s+instanceof\s+Array$/, '')})`,
    ],
  }),
}

const substring: Question = {
  id: 'apis/substring',
  subject: 'apis',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const { name, call } of methodCalls(file, ['slice', 'substring', 'substr']))
      if (argumentsOf(call).length > 0) yield site(file, name, file.textOf(name))
  },
  words: saying({
    slice: [
      'Would `slice` do the same here?',
      '`substr` is deprecated and counts a length, `substring` swaps its arguments when they are out of order; `slice` does neither.',
    ],
  }),
}

const concatenation: Question = {
  id: 'apis/concatenation',
  subject: 'apis',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const text of file.nodes('template_string'))
      if (firstOf(text, 'template_substitution') && text.parent?.type !== 'call_expression')
        yield site(file, text, 'template')
    for (const { node, operator, left, right } of binaries(file)) {
      if (operator.type !== '+' || !left || !right || isSum(node.parent)) continue
      if (isConstant(left) && isConstant(right)) continue
      if ([left, right].some(side => /string$/.test(side.type)) || hasString(left)) yield site(file, node, '+')
    }
  },
  words: saying({
    template: [
      'Would this read more easily as one template?',
      'Between quotes and plus signs a missing blank is hard to see.',
    ],
  }),
}

const optional: Question = {
  id: 'apis/optional-chaining',
  subject: 'apis',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const mark of file.nodes('optional_chain')) if (mark.parent) yield site(file, mark.parent, '?.')
    for (const { node, operator, left, right } of binaries(file)) {
      if (operator.type !== '&&' || !left || !right || !/^(?:identifier|member_expression|this)$/.test(left.type))
        continue
      const asked = file.textOf(left)
      const then = file.textOf(right)
      if (right.type !== 'binary_expression' && then.startsWith(asked) && /^[.[(]/.test(then.slice(asked.length)))
        yield site(file, node, '&&')
    }
  },
  words: saying({
    '?.': [
      'Would `?.` say this once?',
      'Written with `&&` the path stands there twice, and gives `0` or `""` where the left side is one.',
      text => {
        const [left = '', right = ''] = text.split(/\s*&&\s*/)
        const rest = right.slice(left.length)
        return text.split('&&').length === 2 ? `${left}?.${rest.replace(/^\./, '')}` : undefined
      },
    ],
  }),
}

const defaults: Question = {
  id: 'apis/default-value',
  subject: 'apis',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const { operator, right } of binaries(file)) {
      if (operator.type === '??') yield site(file, operator, '??')
      else if (operator.type === '||' && right && isDefault(right)) yield site(file, operator, '||')
    }
  },
  words: saying({
    '??': [
      'Should `0`, `""` or `false` fall back here too?',
      '`||` replaces every falsy value, also those that were set on purpose; `??` only what is missing.',
    ],
    '||': ['Should an empty value stay as it is here?', 'Golden repositories take the default for every falsy value.'],
  }),
}

const membership: Question = {
  id: 'apis/membership',
  subject: 'apis',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const { name, call } of methodCalls(file, ['includes', 'indexOf'])) {
      if (file.textOf(name) === 'includes') {
        if (argumentsOf(call).length === 1) yield site(file, call, 'includes')
        continue
      }
      const compared = call.parent?.type === 'binary_expression' ? file.textOf(call.parent) : ''
      if (/(?:[!=]==?|>)\s*-\s*1$|(?:>=|<)\s*0$/.test(compared)) yield site(file, call, 'indexOf')
    }
  },
  words: saying({
    includes: [
      'Is the position needed, or only whether it is there?',
      'Compared with -1, readers have to work out what is asked; `indexOf` also never finds `NaN`.',
    ],
  }),
}

const copies: Question = {
  id: 'apis/copy',
  subject: 'apis',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const object of file.nodes('object'))
      if (object.children.some(child => child.type === 'spread_element')) yield site(file, object, 'spread')
    for (const call of calls(file, 'Object.assign')) {
      const [first, ...more] = argumentsOf(call)
      if (first?.type === 'object' && more.length > 0) yield site(file, call, 'Object.assign')
    }
  },
  words: saying({
    spread: [
      'Would `{ ...a, b }` say the same?',
      'The spread shows that a new object is made; with `Object.assign` one has to look at the first argument.',
    ],
  }),
}

const lastElement: Question = {
  id: 'apis/last-element',
  subject: 'apis',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const { call } of methodCalls(file, ['at']))
      if (/^-\s*\d+$/.test(argumentsOf(call).map(file.textOf).join())) yield site(file, call, 'at(-1)')
    for (const node of file.nodes('subscript_expression')) {
      const object = childOf(node, 'object')
      const index = childOf(node, 'index')
      if (!object || !index || isAssigned(node)) continue
      if (new RegExp(`^${RegExp.escape(file.textOf(object))}\\.length\\s*-\\s*\\d+$`).test(file.textOf(index)))
        yield site(file, node, '[length - 1]')
    }
  },
  words: saying({
    'at(-1)': [
      'Would `.at(-1)` say it without the name twice?',
      'With the length written out the list’s name stands there twice, and one of them is forgotten when it changes.',
      text => text.replace(/\[.*\.length\s*-\s*(\d+)\]$/s, '.at(-$1)'),
    ],
  }),
}

const callbacks: Question = {
  id: 'apis/callback',
  subject: 'apis',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const list of file.nodes('arguments'))
      for (const given of list.children) {
        const word = given.type === 'function_expression' ? firstOf(given, 'function') : undefined
        if (given.type === 'arrow_function') yield site(file, firstOf(given, '=>') ?? given, 'arrow')
        // A name or `this` is what an arrow can't have.
        else if (word && !childOf(given, 'name') && !/\b(?:this|arguments)\b/.test(file.textOf(given)))
          yield site(file, word, 'function')
      }
  },
  words: saying({
    arrow: [
      'Does this callback need a `this` of its own?',
      'A `function` has one, so whoever later writes `this` in it gets another object than around it.',
    ],
  }),
}

const radix: Question = {
  id: 'apis/radix',
  subject: 'apis',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const word of ['parseInt', 'Number.parseInt'])
      for (const call of calls(file, word))
        yield site(file, call, argumentsOf(call).length > 1 ? 'with radix' : 'without')
  },
  words: saying({
    'with radix': [
      'Which base are these digits in?',
      'Without it, text that begins with `0x` is read as hexadecimal.',
      text => text.replace(/\)$/, ', 10)'),
    ],
  }),
}

export const apis: readonly Question[] = [
  equality,
  declaration,
  reassigned,
  arrayCheck,
  substring,
  concatenation,
  optional,
  defaults,
  membership,
  copies,
  lastElement,
  callbacks,
  radix,
]

type Binary = { node: SyntaxNode; operator: SyntaxNode; left: SyntaxNode | undefined; right: SyntaxNode | undefined }

function* binaries(file: Parsed): Generator<Binary> {
  for (const node of file.nodes('binary_expression')) {
    const operator = childOf(node, 'operator')
    if (operator) yield { node, operator, left: childOf(node, 'left'), right: childOf(node, 'right') }
  }
}

function* calls(file: Parsed, callee: string): Generator<SyntaxNode> {
  for (const call of file.nodes('call_expression')) if (calleeOf(file, call) === callee) yield call
}

function* methodCalls(file: Parsed, names: readonly string[]): Generator<{ name: SyntaxNode; call: SyntaxNode }> {
  for (const call of file.nodes('call_expression')) {
    const callee = childOf(call, 'function')
    const name = callee?.type === 'member_expression' ? childOf(callee, 'property') : undefined
    if (name && names.includes(file.textOf(name))) yield { name, call }
  }
}

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

function isSum(node: SyntaxNode | undefined): boolean {
  return node?.type === 'binary_expression' && childOf(node, 'operator')?.type === '+'
}

function hasString(node: SyntaxNode): boolean {
  return isSum(node) && namedChildren(node).some(side => /string$/.test(side.type) || hasString(side))
}

/** What stands in for a value that is missing: a literal, an empty list or object. */
function isDefault(node: SyntaxNode): boolean {
  return isConstant(node) || ((node.type === 'object' || node.type === 'array') && namedChildren(node).length === 0)
}

function isAssigned(node: SyntaxNode): boolean {
  return node.field === 'left' && /assignment/.test(node.parent?.type ?? '')
}
