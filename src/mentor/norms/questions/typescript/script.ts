import type { Language } from '../../../parse/language.ts'
import { childOf, namedChildren } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'

export const SCRIPT: readonly Language[] = ['typescript', 'tsx', 'javascript']

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
