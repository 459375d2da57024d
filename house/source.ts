import { dirname, join, normalize } from 'node:path/posix'
import { parseSync } from 'oxc-parser'
import { reaches } from './reaches.ts'
import type { Reach } from './rooms.ts'

/** One file as the rules see it. Paths are relative to the repository, with slashes. */
export type Source = {
  readonly path: string
  readonly text: string
  readonly imports: readonly Import[]
  readonly exports: readonly Export[]
  readonly comments: readonly { readonly text: string; readonly line: number }[]
  readonly reaches: readonly { readonly reach: Reach; readonly what: string; readonly line: number }[]
  /** Statements at the top that are neither imports nor exports from elsewhere. */
  readonly ownStatements: readonly number[]
}

export type Import = {
  readonly specifier: string
  /** The file a relative import points at; undefined for packages. */
  readonly target: string | undefined
  /** Vanishes when types are stripped. */
  readonly typeOnly: boolean
  readonly line: number
}

export type Export = {
  readonly kind: 'value' | 'type'
  readonly name: string
  readonly from: string | undefined
  readonly line: number
}

export function readSource(path: string, text: string): Source {
  const { program, module, comments, errors } = parseSync(path, text)
  const first = errors[0]
  if (first) throw new Error(`${path} can't be parsed: ${first.message}`)
  const line = lineFinder(text)

  const imports: Import[] = []
  const add = (specifier: string, typeOnly: boolean, at: number) => {
    const target = specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : undefined
    imports.push({ specifier, target, typeOnly, line: line(at) })
  }
  for (const { moduleRequest, entries, start, end } of module.staticImports) {
    // `import type` has type entries only; `import './x.ts'` has none and runs.
    const typeOnly =
      /^import\s+type\b/.test(text.slice(start, end)) || (entries.length > 0 && entries.every(e => e.isType))
    add(moduleRequest.value, typeOnly, start)
  }
  for (const { moduleRequest, start } of module.dynamicImports) {
    const quoted = text.slice(moduleRequest.start, moduleRequest.end)
    if (/^['"`]/.test(quoted)) add(quoted.slice(1, -1), false, start)
  }

  const exports: Export[] = []
  for (const statement of module.staticExports) {
    const froms = new Map<string, boolean>()
    for (const entry of statement.entries) {
      const from = entry.moduleRequest?.value
      if (from !== undefined) froms.set(from, (froms.get(from) ?? true) && entry.isType)
      const name = entry.exportName.kind === 'Default' ? 'default' : (entry.exportName.name ?? '*')
      exports.push({ kind: entry.isType ? 'type' : 'value', name, from, line: line(entry.start) })
    }
    for (const [from, typeOnly] of froms) add(from, typeOnly, statement.start)
  }

  const ownStatements = program.body
    .filter(node => {
      if (node.type === 'ImportDeclaration' || node.type === 'ExportAllDeclaration') return false
      return !(node.type === 'ExportNamedDeclaration' && node.source)
    })
    .map(node => line(node.start))

  return {
    path,
    text,
    imports,
    exports,
    comments: comments.map(comment => ({ text: comment.value, line: line(comment.start) })),
    reaches: reaches(program, imports).map(found => ({ ...found, line: found.line ?? line(found.start) })),
    ownStatements,
  }
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return offset => {
    let low = 0
    let high = starts.length
    while (low + 1 < high) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}
