import type { Language } from '../../../parse/language.ts'
import { childOf, firstOf, namedChildren } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'

export const SCRIPT: readonly Language[] = ['typescript', 'tsx', 'javascript']

export const TYPED: readonly Language[] = ['typescript', 'tsx']

export const FUNCTIONS = [
  'function_declaration',
  'generator_function_declaration',
  'function_expression',
  'generator_function',
  'arrow_function',
  'method_definition',
]

export function argumentsOf(call: SyntaxNode): SyntaxNode[] {
  const given = childOf(call, 'arguments')
  return given ? namedChildren(given) : []
}

/** A longer one is a chain, and no name that anybody asks for. */
const MAX_CALLEE = 200

/** The text of what is called, `Promise.all`. */
export function calleeOf(file: Parsed, call: SyntaxNode): string {
  const callee = childOf(call, 'function') ?? childOf(call, 'constructor')
  return callee && callee.endIndex - callee.startIndex <= MAX_CALLEE ? file.textOf(callee) : ''
}

const PLAIN = ['number', 'string', 'true', 'false', 'regex']

/** A value that is written down and not computed: `60 * 1000`, `'/v2/'`. */
export function isConstant(value: SyntaxNode | undefined): boolean {
  if (value === undefined) return false
  const left = [value]
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    if (at.type === 'unary_expression' || at.type === 'binary_expression') left.push(...namedChildren(at))
    else if (!PLAIN.includes(at.type) && !(at.type === 'template_string' && !firstOf(at, 'template_substitution')))
      return false
  }
  return true
}

type Binary = { node: SyntaxNode; operator: SyntaxNode; left: SyntaxNode | undefined; right: SyntaxNode | undefined }

export function* binaries(file: Parsed): Generator<Binary> {
  for (const node of file.nodes('binary_expression')) {
    const operator = childOf(node, 'operator')
    if (operator) yield { node, operator, left: childOf(node, 'left'), right: childOf(node, 'right') }
  }
}

export function* calls(file: Parsed, callee: string): Generator<SyntaxNode> {
  for (const call of file.nodes('call_expression')) if (calleeOf(file, call) === callee) yield call
}

export function* methodCalls(
  file: Parsed,
  names: readonly string[],
): Generator<{ name: SyntaxNode; call: SyntaxNode }> {
  for (const call of file.nodes('call_expression')) {
    const callee = childOf(call, 'function')
    const name = callee?.type === 'member_expression' ? childOf(callee, 'property') : undefined
    if (name && names.includes(file.textOf(name))) yield { name, call }
  }
}
