import type { Reach } from './rooms.ts'
import type { Import } from './source.ts'

type Found = { reach: Reach; what: string; start: number; line?: number }

const MODULES: Readonly<Record<string, Reach>> = {
  'node:fs': 'files',
  'node:fs/promises': 'files',
  'node:timers': 'timers',
  'node:timers/promises': 'timers',
  'node:perf_hooks': 'time',
  'node:net': 'network',
  'node:tls': 'network',
  'node:http': 'network',
  'node:https': 'network',
  'node:http2': 'network',
  'node:dgram': 'network',
  'node:dns': 'network',
  'node:dns/promises': 'network',
}

const GLOBALS: Readonly<Record<string, Reach>> = {
  setTimeout: 'timers',
  setInterval: 'timers',
  setImmediate: 'timers',
  performance: 'time',
  fetch: 'network',
  WebSocket: 'network',
  EventSource: 'network',
}

const MEMBERS: Readonly<Record<string, Reach>> = {
  'Date.now': 'time',
  'Math.random': 'chance',
  'AbortSignal.timeout': 'timers',
  'process.env': 'environment',
  'process.hrtime': 'time',
}

type Node = { type: string; start: number; [key: string]: unknown }

/** Where a file takes time, chance, files or network straight from the machine. Types reach nothing. */
export function reaches(program: object, imports: readonly Import[]): Found[] {
  const found: Found[] = []
  for (const { specifier, typeOnly, line } of imports) {
    const reach = MODULES[specifier]
    if (reach !== undefined && !typeOnly) found.push({ reach, what: specifier, start: 0, line })
  }
  visit(program as Node, undefined, (node, parent) => {
    const what = name(node, parent)
    if (what === undefined) return
    const reach = GLOBALS[what] ?? MEMBERS[what] ?? (what === 'new Date()' || what === 'Date()' ? 'time' : undefined)
    if (reach !== undefined) found.push({ reach, what, start: node.start })
  })
  return found
}

function name(node: Node, parent: Node | undefined): string | undefined {
  if (node.type === 'MemberExpression' && node.computed === false) {
    const object = node.object as Node
    const property = (node.property as Node).name as string
    if (object.type !== 'Identifier') return undefined
    return object.name === 'globalThis' ? property : `${object.name}.${property}`
  }
  if (node.type === 'NewExpression' || node.type === 'CallExpression') {
    const callee = node.callee as Node
    const isDate = callee.type === 'Identifier' && callee.name === 'Date'
    if (isDate && node.type === 'CallExpression') return 'Date()'
    return isDate && (node.arguments as unknown[]).length === 0 ? 'new Date()' : undefined
  }
  if (node.type !== 'Identifier' || parent === undefined) return undefined
  // A name after a dot, a key, or a type's member is not the global.
  if (parent.type === 'MemberExpression' && parent.property === node && parent.computed === false) return undefined
  if (
    (parent.type === 'Property' || parent.type.endsWith('Definition')) &&
    parent.key === node &&
    parent.shorthand !== true
  ) {
    return undefined
  }
  if (parent.type.startsWith('TS') || parent.type.startsWith('Import') || parent.type.startsWith('Export'))
    return undefined
  return node.name as string
}

function visit(node: Node, parent: Node | undefined, see: (node: Node, parent: Node | undefined) => void): void {
  see(node, parent)
  for (const [key, value] of Object.entries(node)) {
    if (key === 'parent') continue
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === 'object' && child !== null && typeof child.type === 'string') visit(child as Node, node, see)
    }
  }
}
