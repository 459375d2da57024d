import { around, childOf } from '../node.ts'
import type { SyntaxNode, Unit } from '../parsed.ts'
import { commentsAbove, type Found, type Syntax } from './found.ts'

const KINDS: Readonly<Record<string, Unit['kind']>> = {
  class_declaration: 'class',
  struct_declaration: 'class',
  record_declaration: 'class',
  interface_declaration: 'type',
  enum_declaration: 'type',
  delegate_declaration: 'type',
  annotation_type_declaration: 'type',
  method_declaration: 'method',
  constructor_declaration: 'method',
  compact_constructor_declaration: 'method',
}
const TYPES = Object.keys(KINDS).filter(type => KINDS[type] !== 'method')
const BODIES = ['method_declaration', 'constructor_declaration', 'lambda_expression', 'object_creation_expression']

export function csharpUnits(file: Syntax): Found[] {
  return units(file, text => text.startsWith('///') || text.startsWith('/**'))
}

export function javaUnits(file: Syntax): Found[] {
  return units(file, text => text.startsWith('/**'))
}

function units(file: Syntax, isDoc: (text: string) => boolean): Found[] {
  return file.nodes(...Object.keys(KINDS)).flatMap(node => {
    const named = childOf(node, 'name')
    const kind = KINDS[node.type]
    if (named === undefined || kind === undefined || around(node, ...BODIES)) return []
    const type = around(node, ...TYPES)
    const owner = childOf(type, 'name')
    return {
      kind,
      name: file.textOf(named),
      container: owner ? file.textOf(owner) : '',
      named,
      whole: node,
      exported: isOpen(file, node) || (kind === 'method' && type?.type === 'interface_declaration'),
      doc: commentsAbove(file, node, isDoc),
    }
  })
}

function isOpen(file: Syntax, node: SyntaxNode): boolean {
  return node.children.some(
    child => /^modifiers?$/.test(child.type) && /\b(?:public|protected)\b/.test(file.textOf(child)),
  )
}
