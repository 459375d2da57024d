import { childOf, firstOf, namedChildren } from '../../../parse/node.ts'
import type { SyntaxNode } from '../../../parse/parsed.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { binaries, isConstant, SCRIPT } from './script.ts'

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

export const operators: readonly Question[] = [equality, concatenation, optional, defaults]

function isSum(node: SyntaxNode | undefined): boolean {
  return node?.type === 'binary_expression' && childOf(node, 'operator')?.type === '+'
}

/** Whether a sum, which nests to the left, has text among what it adds. */
function hasString(sum: SyntaxNode): boolean {
  for (let at: SyntaxNode | undefined = sum; isSum(at); at = childOf(at, 'left'))
    if (namedChildren(at ?? sum).some(side => /string$/.test(side.type))) return true
  return false
}

/** What stands in for a value that is missing: a literal, an empty list or object. */
function isDefault(node: SyntaxNode): boolean {
  return isConstant(node) || ((node.type === 'object' || node.type === 'array') && namedChildren(node).length === 0)
}
