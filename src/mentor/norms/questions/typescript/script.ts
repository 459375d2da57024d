import type { Language } from '../../../parse/language.ts'
import { childOf, namedChildren } from '../../../parse/node.ts'
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

/** The text of what is called, `Promise.all`. */
export function calleeOf(file: Parsed, call: SyntaxNode): string {
  const callee = childOf(call, 'function') ?? childOf(call, 'constructor')
  return callee ? file.textOf(callee) : ''
}

const PLAIN = ['number', 'string', 'true', 'false', 'regex']

/** A value that is written down and not computed: `60 * 1000`, `'/v2/'`. */
export function isConstant(value: SyntaxNode | undefined): boolean {
  if (value === undefined) return false
  if (PLAIN.includes(value.type)) return true
  if (value.type === 'template_string') return value.children.every(child => child.type !== 'template_substitution')
  if (value.type !== 'unary_expression' && value.type !== 'binary_expression') return false
  return namedChildren(value).every(isConstant)
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
