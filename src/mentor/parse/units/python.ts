import { around, childOf, firstOf, namedChildren } from '../node.ts'
import type { SyntaxNode } from '../parsed.ts'
import type { Found, Syntax } from './found.ts'

export function pythonUnits(file: Syntax): Found[] {
  return file.nodes('function_definition', 'class_definition', 'type_alias_statement').flatMap(node => {
    const named = childOf(node, 'name') ?? firstOf(childOf(node, 'left'), 'identifier')
    if (named === undefined || around(node, 'function_definition', 'lambda')) return []
    const inside = childOf(around(node, 'class_definition'), 'name')
    const container = inside ? file.textOf(inside) : ''
    const name = file.textOf(named)
    return {
      kind:
        node.type === 'class_definition'
          ? ('class' as const)
          : node.type === 'type_alias_statement'
            ? ('type' as const)
            : container === ''
              ? ('function' as const)
              : ('method' as const),
      name,
      container,
      named,
      whole: node.parent?.type === 'decorated_definition' ? node.parent : node,
      exported: !/^_(?!_.*__$)/.test(name) && !container.startsWith('_'),
      doc: docstring(node),
    }
  })
}

function docstring(node: SyntaxNode): SyntaxNode[] {
  const body = childOf(node, 'body')
  const first = body ? namedChildren(body)[0] : undefined
  const text = first?.type === 'expression_statement' ? first.children[0] : undefined
  return text?.type === 'string' ? [text] : []
}
