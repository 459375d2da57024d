import { childOf, firstOf } from '../../../parse/node.ts'
import type { SyntaxNode } from '../../../parse/parsed.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { argumentsOf, binaries, calls, methodCalls, SCRIPT } from './script.ts'

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

export const wellKnownCalls: readonly Question[] = [
  arrayCheck,
  substring,
  membership,
  copies,
  lastElement,
  callbacks,
  radix,
]

function isAssigned(node: SyntaxNode): boolean {
  return node.field === 'left' && /assignment/.test(node.parent?.type ?? '')
}
