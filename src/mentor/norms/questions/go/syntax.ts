import { childOf, namedChildren } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'

/** What a call calls, as written: `fmt.Errorf`; '' where it is longer than a name of two parts. */
export function callee(file: Parsed, call: SyntaxNode | undefined): string {
  const called = call?.type === 'call_expression' ? childOf(call, 'function') : undefined
  const short = called?.type === 'identifier' || called?.type === 'selector_expression'
  return called && short && called.endIndex - called.startIndex < 80 ? file.textOf(called) : ''
}

export function argumentsOf(call: SyntaxNode): readonly SyntaxNode[] {
  return namedChildren(childOf(call, 'arguments'))
}

/** What stands between the quotes. */
export function stringOf(file: Parsed, node: SyntaxNode): string | undefined {
  return node.type.endsWith('string_literal') ? file.textOf(node).slice(1, -1) : undefined
}

export function packageName(file: Parsed): string {
  const name = file.nodes('package_clause')[0]?.children.find(one => one.type === 'package_identifier')
  return name ? file.textOf(name) : ''
}

export function isMain(file: Parsed): boolean {
  return packageName(file) === 'main'
}

/** The comment that ends on the line above, all its lines. */
export function docOf(file: Parsed, declaration: SyntaxNode): readonly SyntaxNode[] {
  const around = declaration.parent?.children ?? []
  const found: SyntaxNode[] = []
  let [at, line] = [around.indexOf(declaration) - 1, file.lineOf(declaration.startIndex)]
  for (
    let one = around[at];
    one?.type === 'comment' && file.lineOf(one.endIndex - 1) === line - 1;
    one = around[--at]
  ) {
    found.unshift(one)
    line = file.lineOf(one.startIndex)
  }
  return found
}
