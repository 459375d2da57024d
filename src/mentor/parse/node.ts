import type { SyntaxNode } from './parsed.ts'

export function childOf(node: SyntaxNode | undefined, field: string): SyntaxNode | undefined {
  return node?.children.find(child => child.field === field)
}

export function firstOf(node: SyntaxNode | undefined, ...types: string[]): SyntaxNode | undefined {
  return node?.children.find(child => types.includes(child.type))
}

/** What a node is made of, without tokens and comments. */
export function namedChildren(node: SyntaxNode | undefined): SyntaxNode[] {
  return node?.children.filter(child => child.named && !isComment(child)) ?? []
}

/** The nearest node around it of one of these types. */
export function around(node: SyntaxNode, ...types: string[]): SyntaxNode | undefined {
  let at = node.parent
  while (at !== undefined && !types.includes(at.type)) at = at.parent
  return at
}

export function isComment(node: SyntaxNode): boolean {
  return node.type.endsWith('comment')
}

export function before(node: SyntaxNode): SyntaxNode | undefined {
  return node.parent?.children[node.index - 1]
}
