import { childOf, firstOf, namedChildren } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'

export function hasModifier(declaration: SyntaxNode, word: string): boolean {
  return modifiers(declaration).some(one => one.type === word)
}

export function hasAnnotation(file: Parsed, declaration: SyntaxNode, name: RegExp): boolean {
  return modifiers(declaration).some(
    one => one.type.endsWith('annotation') && name.test(file.textOf(childOf(one, 'name') ?? one)),
  )
}

function modifiers(declaration: SyntaxNode): readonly SyntaxNode[] {
  return firstOf(declaration, 'modifiers')?.children ?? []
}

/** What is called, with what it is called on: `System.out.println`; '' where that is long. */
export function callee(file: Parsed, call: SyntaxNode): string {
  const [object, name] = [childOf(call, 'object'), childOf(call, 'name')]
  if (!name || name.endIndex - call.startIndex > 100) return ''
  return object ? `${file.textOf(object)}.${file.textOf(name)}` : file.textOf(name)
}

export function argumentsOf(call: SyntaxNode): readonly SyntaxNode[] {
  return namedChildren(childOf(call, 'arguments'))
}

/** The Javadoc comment before a declaration. */
export function docOf(file: Parsed, declaration: SyntaxNode): SyntaxNode | undefined {
  const siblings = declaration.parent?.children ?? []
  const before = siblings[siblings.indexOf(declaration) - 1]
  return before?.type === 'block_comment' && file.textOf(before).startsWith('/**') ? before : undefined
}
