import type { Language } from './language.ts'
import { childOf, firstOf } from './node.ts'
import type { Import, SyntaxNode } from './parsed.ts'
import type { Syntax } from './units/found.ts'

const FIND: Readonly<Record<Language, (file: Syntax) => Import[]>> = {
  typescript: typescriptImports,
  tsx: typescriptImports,
  javascript: typescriptImports,
  python: pythonImports,
  go: goImports,
  csharp: csharpImports,
  java: javaImports,
}

export function findImports(file: Syntax, language: Language): Import[] {
  return FIND[language](file).sort((a, b) => a.line - b.line)
}

function typescriptImports(file: Syntax): Import[] {
  const declared = file.nodes('import_statement', 'export_statement').flatMap(node => {
    const clause = firstOf(node, 'import_clause', 'import_require_clause', 'export_clause')
    const source = childOf(node, 'source') ?? childOf(clause, 'source')
    if (source === undefined) return []
    const lists = [clause, firstOf(clause, 'named_imports'), firstOf(clause, 'namespace_import')]
    const names = lists
      .flatMap(list => list?.children ?? [])
      .flatMap(one => {
        if (one.type === 'identifier') return [file.textOf(one)]
        const name = one.type.endsWith('_specifier') ? childOf(one, 'name') : undefined
        return name ? [file.textOf(name)] : []
      })
    return { specifier: unquoted(file, source), names, line: file.lineOf(node.startIndex) }
  })
  const called = file.nodes('call_expression').flatMap(node => {
    const callee = childOf(node, 'function')
    const given = childOf(node, 'arguments')
    const source = given?.children.length === 3 ? firstOf(given, 'string') : undefined
    if (callee === undefined || source === undefined) return []
    if (callee.type !== 'import' && file.textOf(callee) !== 'require') return []
    return { specifier: unquoted(file, source), names: required(file, node), line: file.lineOf(node.startIndex) }
  })
  return [...declared, ...called]
}

/** What `const … = require()` or `= await import()` binds. */
function required(file: Syntax, call: SyntaxNode): string[] {
  const holder = call.parent?.type === 'await_expression' ? call.parent.parent : call.parent
  const name = holder?.type === 'variable_declarator' ? childOf(holder, 'name') : undefined
  if (name?.type === 'identifier') return [file.textOf(name)]
  return (name?.children ?? []).flatMap(one => {
    const key = one.type === 'pair_pattern' ? childOf(one, 'key') : one
    return key?.named ? [file.textOf(key)] : []
  })
}

function pythonImports(file: Syntax): Import[] {
  return file.nodes('import_statement', 'import_from_statement', 'future_import_statement').flatMap(node => {
    const line = file.lineOf(node.startIndex)
    const listed = node.children
      .filter(child => child.field === 'name' || child.type === 'wildcard_import')
      .map(child => file.textOf(childOf(child, 'name') ?? child))
    if (node.type === 'import_statement') return listed.map(specifier => ({ specifier, names: [], line }))
    const from = childOf(node, 'module_name')
    return { specifier: from ? file.textOf(from) : '__future__', names: listed, line }
  })
}

function goImports(file: Syntax): Import[] {
  return file.nodes('import_spec').flatMap(node => {
    const path = childOf(node, 'path')
    const name = childOf(node, 'name')
    if (path === undefined) return []
    return {
      specifier: unquoted(file, path),
      names: name ? [file.textOf(name)] : [],
      line: file.lineOf(node.startIndex),
    }
  })
}

function csharpImports(file: Syntax): Import[] {
  return file.nodes('using_directive').flatMap(node => {
    const alias = childOf(node, 'name')
    const target = node.children.find(child => child.named && child !== alias && child.type !== 'comment')
    if (target === undefined) return []
    return {
      specifier: file.textOf(target),
      names: alias ? [file.textOf(alias)] : [],
      line: file.lineOf(node.startIndex),
    }
  })
}

function javaImports(file: Syntax): Import[] {
  return file.nodes('import_declaration').flatMap(node => {
    const target = firstOf(node, 'scoped_identifier', 'identifier')
    if (target === undefined) return []
    const all = firstOf(node, 'asterisk')
    const name = childOf(target, 'name') ?? target
    return {
      specifier: file.textOf(target),
      names: [all ? '*' : file.textOf(name)],
      line: file.lineOf(node.startIndex),
    }
  })
}

function unquoted(file: Syntax, literal: SyntaxNode): string {
  return file.textOf(literal).slice(1, -1)
}
