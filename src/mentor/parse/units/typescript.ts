import { around, childOf, firstOf } from '../node.ts'
import type { SyntaxNode, Unit } from '../parsed.ts'
import { commentsAbove, type Found, type Syntax } from './found.ts'

const KINDS: Readonly<Record<string, Unit['kind']>> = {
  function_declaration: 'function',
  generator_function_declaration: 'function',
  class_declaration: 'class',
  abstract_class_declaration: 'class',
  interface_declaration: 'type',
  type_alias_declaration: 'type',
  enum_declaration: 'type',
  method_definition: 'method',
}
const FUNCTIONS = ['arrow_function', 'function_expression', 'generator_function']
const CLASSES = ['class_declaration', 'abstract_class_declaration', 'class']
/** What is declared in one of these is a part of it, not a unit. */
const BODIES = [
  ...FUNCTIONS,
  'function_declaration',
  'generator_function_declaration',
  'method_definition',
  'object',
  'class_static_block',
]

export function typescriptUnits(file: Syntax): Found[] {
  const exported = exportedNames(file)
  const found: Found[] = []
  const add = (declared: SyntaxNode, named: SyntaxNode | undefined, kind: Unit['kind'], container = '') => {
    if (named === undefined) return
    const name = file.textOf(named)
    const whole = wholeOf(declared)
    found.push({
      kind,
      name,
      container,
      named,
      whole,
      exported:
        kind === 'method'
          ? exported.has(container) && isOpen(file, declared)
          : whole.type === 'export_statement' || exported.has(container === '' ? name : container),
      doc: commentsAbove(file, whole, text => text.startsWith('/**')).slice(-1),
    })
    if (whole.type === 'export_statement') exported.add(name)
  }
  for (const node of file.nodes(...Object.keys(KINDS))) {
    const kind = KINDS[node.type]
    const container = kind === 'method' ? around(node, ...CLASSES, 'object') : undefined
    if (kind === undefined || around(kind === 'method' ? (container ?? node) : node, ...BODIES)) continue
    if (kind === 'method' && (container === undefined || container.type === 'object')) continue
    const owner = childOf(container, 'name')
    add(node, childOf(node, 'name'), kind, owner ? file.textOf(owner) : '')
  }
  for (const node of file.nodes(...FUNCTIONS)) {
    const holder = node.field === 'value' || node.field === 'right' ? node.parent : undefined
    if (holder === undefined || around(holder, ...BODIES)) continue
    if (holder.type === 'variable_declarator' && holder.parent) add(holder.parent, childOf(holder, 'name'), 'function')
    if (holder.type === 'public_field_definition' || holder.type === 'field_definition') {
      const owner = childOf(around(holder, ...CLASSES), 'name')
      add(holder, childOf(holder, 'name') ?? childOf(holder, 'property'), 'method', owner ? file.textOf(owner) : '')
    }
    if (holder.type === 'assignment_expression' && holder.parent?.type === 'expression_statement') {
      const left = childOf(holder, 'left')
      const path = left ? file.textOf(left).split('.') : []
      const prototype = path.at(-2) === 'prototype'
      if (left?.type === 'member_expression' && path.at(-1) !== 'exports')
        add(holder.parent, childOf(left, 'property'), prototype ? 'method' : 'function', prototype ? path[0] : '')
    }
  }
  return found
}

/** Names that are exported elsewhere than where they are declared. */
function exportedNames(file: Syntax): Set<string> {
  const names = new Set<string>()
  for (const node of file.nodes('export_specifier')) {
    const name = childOf(node, 'name')
    if (name) names.add(file.textOf(name))
  }
  for (const node of file.nodes('export_statement')) {
    const name = firstOf(node, 'identifier') ?? childOf(childOf(node, 'declaration'), 'name')
    if (name) names.add(file.textOf(name))
  }
  for (const node of file.nodes('assignment_expression')) {
    const left = childOf(node, 'left')
    const to = left?.type === 'member_expression' ? /^(?:module\.)?exports(?:\.(\w+))?$/.exec(file.textOf(left)) : null
    if (!to) continue
    if (to[1] !== undefined) names.add(to[1])
    const right = childOf(node, 'right')
    const listed = right?.type === 'object' ? right.children : [right]
    for (const one of listed) {
      const value = one?.type === 'pair' ? childOf(one, 'value') : one
      if (value?.type === 'identifier' || value?.type === 'shorthand_property_identifier') names.add(file.textOf(value))
    }
  }
  return names
}

function wholeOf(node: SyntaxNode): SyntaxNode {
  return node.parent?.type === 'export_statement' ? node.parent : node
}

function isOpen(file: Syntax, method: SyntaxNode): boolean {
  const access = firstOf(method, 'accessibility_modifier')
  if (firstOf(method, 'private_property_identifier')) return false
  return access === undefined || file.textOf(access) === 'public'
}
