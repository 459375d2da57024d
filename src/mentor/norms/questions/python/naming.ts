import { childOf, namedChildren } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'
import type { Question, Site } from '../../question.ts'
import { caseOf } from '../case.ts'
import { renamed } from '../renamed.ts'
import { saying, site, within } from '../site.ts'

/** Names that others gave: overridden hooks of the standard library. */
const GIVEN =
  /^(setUp|tearDown|asyncSetUp|asyncTearDown|addCleanup|runTest|maxDiff|longMessage|visit_\w+|do_[A-Z]+|log_\w+)/

const CALLED = ['snake_case', 'camelCase', 'PascalCase']
/** A variable in PascalCase holds a class, in UPPER_CASE a constant. */
const VALUES = ['snake_case', 'camelCase']

const functions: Question = {
  id: 'naming/function',
  subject: 'naming',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('function_definition')) {
      const name = childOf(made, 'name')
      if (name && !GIVEN.test(file.textOf(name))) yield* worded(file, name, CALLED)
    }
  },
  words: renamed('function'),
}

const variables: Question = {
  id: 'naming/variable',
  subject: 'naming',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('function_definition'))
      for (const parameter of namedChildren(childOf(made, 'parameters'))) {
        const name =
          parameter.type === 'identifier' ? parameter : (childOf(parameter, 'name') ?? namedChildren(parameter)[0])
        if (name?.type === 'identifier') yield* worded(file, name, VALUES)
      }
    for (const assignment of file.nodes('assignment')) {
      const left = childOf(assignment, 'left')
      const local = left?.type === 'identifier' && within(left, ['function_definition'], ['class_definition'])
      if (left && local) yield* worded(file, left, VALUES)
    }
  },
  words: renamed('variable'),
}

const classes: Question = {
  id: 'naming/class',
  subject: 'naming',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('class_definition')) {
      const name = childOf(made, 'name')
      const written = name && caseOf(file.textOf(name))
      if (name && written && written !== 'mixed' && written !== 'UPPER_CASE')
        yield site(file, name, written === 'flat' ? 'snake_case' : written)
    }
  },
  words: renamed('class'),
}

const exceptions: Question = {
  id: 'naming/exception',
  subject: 'naming',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('class_definition')) {
      const name = childOf(made, 'name')
      const bases = namedChildren(childOf(made, 'superclasses')).map(base => file.textOf(base))
      if (!name || !bases.some(base => /(Error|Exception)$/.test(base))) continue
      yield site(file, name, /(Error|Exception)\d*$/.exec(file.textOf(name))?.[1] ?? 'no ending')
    }
  },
  words: saying({
    Error: [
      'Would a reader know by its name that this is raised?',
      'In `except` and `raise` lines the ending `Error` tells an exception from a value.',
      text => `${text.replace(/Exception$/, '')}Error`,
    ],
    Exception: [
      'Would a reader know by its name that this is raised?',
      'In `except` and `raise` lines the ending `Exception` tells an exception from a value.',
      text => `${text.replace(/Error$/, '')}Exception`,
    ],
  }),
}

const receiver: Question = {
  id: 'naming/self',
  subject: 'naming',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('function_definition')) {
      // Decorators may change what comes first.
      const owner = made.parent?.parent
      const first = childOf(made, 'parameters')?.children.find(one => one.named)
      if (made.parent?.type !== 'block' || owner?.type !== 'class_definition' || first?.type !== 'identifier') continue
      const name = file.textOf(childOf(made, 'name') ?? made)
      // A metaclass's methods take a class; those of an interface are written as they are called.
      const bases = file.textOf(childOf(owner, 'superclasses') ?? first)
      const own = /\b(type|\w*Meta|\w*Interface|I[A-Z]\w+)\b/.test(bases)
      if (own || /^__(new|init_subclass|class_getitem)__$/.test(name)) continue
      yield site(file, first, file.textOf(first).replace(/^_+/, '') === 'self' ? 'self' : 'other')
    }
  },
  words: saying({
    self: [
      'Is this the object that the method is called on?',
      'Every reader and tool expects it as `self`.',
      () => 'self',
    ],
  }),
}

/** Names of one word fit every way of writing, and answer nothing. */
function* worded(file: Parsed, name: SyntaxNode, cases: readonly string[]): Generator<Site> {
  const written = caseOf(file.textOf(name))
  if (cases.includes(written)) yield site(file, name, written)
}

export const naming: readonly Question[] = [functions, variables, classes, exceptions, receiver]
