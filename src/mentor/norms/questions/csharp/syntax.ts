import { childOf } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'

export function hasModifier(file: Parsed, declaration: SyntaxNode, word: string): boolean {
  return declaration.children.some(one => one.type === 'modifier' && file.textOf(one) === word)
}

/** What an invocation calls, as written; '' where it is long. */
export function callee(file: Parsed, call: SyntaxNode): string {
  const called = childOf(call, 'function')
  return called && called.endIndex - called.startIndex < 100 ? file.textOf(called) : ''
}

/** The lines of `///` or the comment right above, markup and all. */
export function docOf(file: Parsed, declaration: SyntaxNode): readonly SyntaxNode[] {
  const siblings = declaration.parent?.children ?? []
  const found: SyntaxNode[] = []
  for (let at = siblings.indexOf(declaration) - 1; siblings[at]?.type === 'comment'; at--) {
    const comment = siblings[at]
    if (comment && file.textOf(comment).startsWith('///')) found.unshift(comment)
  }
  return found
}
