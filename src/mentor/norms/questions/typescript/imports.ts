import { builtinModules } from 'node:module'
import { childOf, firstOf } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { argumentsOf, calleeOf, SCRIPT, TYPED } from './script.ts'

const BUILT_IN: ReadonlySet<string> = new Set(builtinModules)

const nodePrefix: Question = {
  id: 'imports/node-prefix',
  subject: 'imports',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const { source, specifier } of sources(file))
      if (specifier.startsWith('node:')) yield site(file, source, 'node:')
      else if (BUILT_IN.has(specifier)) yield site(file, source, 'bare')
  },
  words: saying({
    'node:': [
      'Could this say that it comes with Node?',
      'Without `node:` a package of the same name, installed by whatever depends on it, may be loaded in its place.',
      text => text.replace(/^(['"])/, '$1node:'),
    ],
    bare: [
      'Do the other files write `node:` here?',
      'Golden repositories name built-in modules without it.',
      text => text.replace('node:', ''),
    ],
  }),
}

const EXTENSION = /\.([cm]?[jt]sx?)$/

const extension: Question = {
  id: 'imports/extension',
  subject: 'imports',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const { source, specifier } of sources(file)) {
      // Another extension is no code; a folder has none to write.
      if (!/^\.\.?\/.*[^/.]$/.test(specifier) || /\.(?!(?:[cm]?[jt]sx?)$)[a-z]{2,5}$/.test(specifier)) continue
      const written = EXTENSION.exec(specifier)?.[1]
      yield site(file, source, written === undefined ? 'none' : `.${written.replace('x', '')}`)
    }
  },
  words: (norm, at, file) => ({
    nudge:
      norm.answer === 'none'
        ? 'Would this import do without its extension, as the others?'
        : `Should this import end in \`${norm.answer}\`, as the others do?`,
    why: 'Whether a path with or without extension is found depends on what runs it: Node, a bundler, the compiler. Mixed, one of them breaks.',
    ...extended(norm.answer, file.text.slice(at.startIndex, at.endIndex)),
  }),
}

function extended(answer: string, literal: string): { sketch?: string } {
  if (answer === 'none') return { sketch: literal.replace(/\.[cm]?[jt]sx?(['"])$/, '$1') }
  return EXTENSION.test(literal.slice(0, -1)) ? {} : { sketch: `${literal.slice(0, -1)}${answer}${literal.slice(-1)}` }
}

const typeOnly: Question = {
  id: 'imports/type-only',
  subject: 'imports',
  languages: TYPED,
  asked: 'everywhere',
  *sites(file) {
    const values = new Set<string>()
    for (const node of file.nodes('identifier', 'shorthand_property_identifier'))
      if (node.parent?.type !== 'import_specifier' && node.parent?.type !== 'import_clause')
        values.add(file.textOf(node))
    const types = new Set(file.nodes('type_identifier').map(node => file.textOf(node)))
    for (const statement of file.nodes('import_statement')) {
      const clause = firstOf(statement, 'import_clause')
      const specifiers = firstOf(clause, 'named_imports')?.children.filter(one => one.type === 'import_specifier') ?? []
      // A default or a namespace may be used by what the tree doesn't show, as JSX's factory.
      if (clause?.children.length !== 1 || specifiers.length === 0) continue
      const used = specifiers.map(one => file.textOf(childOf(one, 'alias') ?? childOf(one, 'name') ?? one))
      if (!used.every(name => types.has(name) && !values.has(name))) continue
      const whole = firstOf(statement, 'type') !== undefined
      const each = specifiers.every(one => firstOf(one, 'type') !== undefined)
      yield site(file, clause, whole ? 'import type' : each ? 'import { type … }' : 'import')
    }
  },
  words: saying({
    'import type': [
      'Are these only types?',
      '`import type` is gone when the code runs; a plain import may load a module, and run it, for nothing.',
      text => `type ${text.replace(/\btype /g, '')}`,
    ],
    'import { type … }': ['Are these only types?', 'Marked with `type`, the import is gone when the code runs.'],
  }),
}

const INSIDE = /^(?:@[^/]+\/[^/]+|[^@/]+)\/(?:.*\/)?(?:src|dist|lib|build|internal|_[^/]*)(?:\/|$)/

const deep: Question = {
  id: 'imports/package-door',
  subject: 'imports',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const { source, specifier } of sources(file)) {
      if (!/^@?[a-z][\w.-]*(?:\/|$)/i.test(specifier) || specifier.startsWith('@/') || BUILT_IN.has(specifier)) continue
      yield site(file, source, INSIDE.test(specifier) ? 'inside a package' : 'by its door')
    }
  },
  words: saying({
    'by its door': [
      'Does the package offer this at its own entry?',
      'What lies inside a package moves without notice: the next patch release may break this import.',
    ],
  }),
}

const upwards: Question = {
  id: 'imports/upwards',
  subject: 'imports',
  languages: SCRIPT,
  asked: 'in sources',
  *sites(file) {
    for (const { source, specifier } of sources(file))
      if (specifier.startsWith('.'))
        yield site(
          file,
          source,
          /^(?:\.\.\/){4}/.test(specifier) ? 'four folders up or more' : 'up to three folders up',
        )
  },
  words: saying({
    'up to three folders up': [
      'Does this belong nearer to what it imports?',
      'A path of many `../` breaks when either file moves, and often crosses a border that is there for a reason.',
    ],
  }),
}

const commonJs: Question = {
  id: 'imports/modules',
  subject: 'imports',
  languages: ['javascript'],
  asked: 'everywhere',
  *sites(file) {
    for (const { source, how } of sources(file)) if (how !== 'import()') yield site(file, source, how)
  },
  words: saying({
    import: [
      'Could this be an `import`, as in the other files?',
      'Modules of two kinds load each other only with care: named exports and cycles behave otherwise.',
    ],
    require: [
      'Is this file meant to be a module of another kind?',
      'Golden repositories use `require` here; mixed, the two load each other only with care.',
    ],
  }),
}

export const imports: readonly Question[] = [nodePrefix, extension, typeOnly, deep, upwards, commonJs]

type Source = { source: SyntaxNode; specifier: string; how: 'import' | 'require' | 'import()' }

/** Every literal by which the file takes in another. */
export function* sources(file: Parsed): Generator<Source> {
  const found = (source: SyntaxNode, how: Source['how']) => ({
    source,
    specifier: file.textOf(source).slice(1, -1),
    how,
  })
  for (const node of file.nodes('import_statement', 'export_statement')) {
    const source = childOf(node, 'source')
    if (source?.type === 'string') yield found(source, 'import')
  }
  for (const call of file.nodes('call_expression')) {
    const [source, ...more] = argumentsOf(call)
    if (source?.type !== 'string' || more.length > 0) continue
    const callee = calleeOf(file, call)
    if (callee === 'require') yield found(source, 'require')
    else if (callee === 'import') yield found(source, 'import()')
  }
}
