import { around, childOf, firstOf, namedChildren } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'

const STATEMENTS = ['import_statement', 'import_from_statement']

const wildcard: Question = {
  id: 'imports/wildcard',
  subject: 'imports',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    // A package's front hands on what its modules offer.
    if (file.path.endsWith('__init__.py')) return
    for (const from of file.nodes('import_from_statement')) {
      const star = firstOf(from, 'wildcard_import')
      const names = from.children.find(one => one.field === 'name')
      if (star ?? names) yield site(file, star ?? from, star ? 'everything' : 'names')
    }
  },
  words: saying({
    names: [
      'Which names does this file use from there?',
      'After `import *` nobody can tell where a name comes from, and a new name over there may replace one here.',
    ],
  }),
}

const oneEach: Question = {
  id: 'imports/one-each',
  subject: 'imports',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const statement of file.nodes('import_statement'))
      yield site(file, statement, namedChildren(statement).length > 1 ? 'several' : 'one')
  },
  words: (_, at, file) => {
    const modules = file.text
      .slice(at.startIndex, at.endIndex)
      .replace(/^import\s+/, '')
      .split(/\s*,\s*/)
    const indent = /[ \t]*$/.exec(file.text.slice(0, at.startIndex))?.[0] ?? ''
    return {
      nudge: 'Would one module a line be easier to follow?',
      why: 'An import of its own line can be moved, searched and merged alone.',
      sketch: modules.map(name => `import ${name}`).join(`\n${indent}`),
    }
  },
}

const atTop: Question = {
  id: 'imports/at-top',
  subject: 'imports',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const statement of file.nodes(...STATEMENTS))
      yield site(file, statement, around(statement, 'function_definition') ? 'in a function' : 'at the top')
  },
  words: saying({
    'at the top': [
      'Could this import stand with the others at the top?',
      'Inside a function it hides what the module needs, and fails only when the function is first called. For a cycle, say so in a comment.',
    ],
  }),
}

/** How a module of the same package is named: `from .x import` or `from package.x import`. */
const own: Question = {
  id: 'imports/own-package',
  subject: 'imports',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file, { paths }) {
    const folders = file.path.split('/').slice(0, -1)
    const root = folders[packageRoot(folders, paths)]
    if (root === undefined) return
    for (const from of file.nodes('import_from_statement')) {
      const module = childOf(from, 'module_name')
      if (module?.type === 'relative_import') yield site(file, module, 'relative')
      else if (module && file.textOf(module).split('.')[0] === root) yield site(file, module, 'absolute')
    }
  },
  words: saying({
    relative: [
      'Is this module of the same package?',
      'Relative imports keep working when the package is renamed or put into another.',
    ],
    absolute: [
      'Where does this module lie, seen from the top?',
      'The full name can be searched, and stays right when this file moves.',
    ],
  }),
}

/** Which of the folders is the outermost package; -1 where none is. */
export function packageRoot(folders: readonly string[], paths: ReadonlySet<string>): number {
  return folders.findIndex((_, i) => paths.has(`${folders.slice(0, i + 1).join('/')}/__init__.py`))
}

export const imports: readonly Question[] = [wildcard, oneEach, atTop, own]
