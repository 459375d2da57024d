import { around, childOf, firstOf } from '../node.ts'
import type { SyntaxNode } from '../parsed.ts'
import { commentsAbove, type Found, type Syntax } from './found.ts'

export function goUnits(file: Syntax): Found[] {
  return file.nodes('function_declaration', 'method_declaration', 'type_spec', 'type_alias').flatMap(node => {
    const named = childOf(node, 'name')
    if (named === undefined || around(node, 'function_declaration', 'method_declaration', 'func_literal')) return []
    const isType = node.type === 'type_spec' || node.type === 'type_alias'
    const declaration = isType ? around(node, 'type_declaration') : undefined
    // A declaration of one type is written, and commented, as a whole.
    const whole = declaration && firstOf(declaration, '(') === undefined ? declaration : node
    const container = receiver(file, node)
    return {
      kind: isType
        ? ('type' as const)
        : node.type === 'method_declaration'
          ? ('method' as const)
          : ('function' as const),
      name: file.textOf(named),
      container,
      named,
      whole,
      exported: isCapital(file.textOf(named)) && (container === '' || isCapital(container)),
      doc: commentsAbove(file, whole, text => !/^\/\/(?:go:|nolint|\s*\+build)/.test(text)),
    }
  })
}

function receiver(file: Syntax, node: SyntaxNode): string {
  let type = childOf(firstOf(childOf(node, 'receiver'), 'parameter_declaration'), 'type')
  if (type?.type === 'pointer_type') type = type.children.find(child => child.named)
  if (type?.type === 'generic_type') type = childOf(type, 'type')
  return type ? file.textOf(type) : ''
}

function isCapital(name: string): boolean {
  return /^\p{Lu}/u.test(name)
}
