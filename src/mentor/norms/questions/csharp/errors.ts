import { childOf, firstOf, namedChildren } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { inside, saying, site, within } from '../site.ts'

const FUNCTIONS = ['lambda_expression', 'anonymous_method_expression', 'local_function_statement']

const empty: Question = {
  id: 'errors/catch-handled',
  subject: 'errors',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const clause of file.nodes('catch_clause')) {
      const word = clause.children[0]
      const body = childOf(clause, 'body')
      // A comment in it is an answer to the reader.
      const comment = body?.children.some(one => one.type === 'comment')
      if (word && !comment) yield site(file, word, namedChildren(body).length > 0 ? 'handled' : 'swallowed')
    }
  },
  words: saying({
    handled: [
      'Who will know that this failed?',
      'An exception that is swallowed leaves no trace, and the next failure is looked for in the wrong place.',
    ],
  }),
}

const typed: Question = {
  id: 'errors/catch-type',
  subject: 'errors',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const clause of file.nodes('catch_clause')) {
      const type = childOf(firstOf(clause, 'catch_declaration'), 'type')
      const filtered = clause.children.some(one => one.type === 'catch_filter_clause')
      const broad = !type || /^(System\.)?Exception$/.test(file.textOf(type))
      if (clause.children[0]) yield site(file, type ?? clause.children[0], broad && !filtered ? 'any' : 'specific')
    }
  },
  words: saying({
    specific: [
      'Which exception can really come here?',
      'Catching every exception also takes in bugs, which then look like the failure that was meant to be handled.',
    ],
  }),
}

const rethrown: Question = {
  id: 'errors/rethrow',
  subject: 'errors',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const clause of file.nodes('catch_clause')) {
      const name = childOf(firstOf(clause, 'catch_declaration'), 'name')
      for (const thrown of inside(clause, ['throw_statement'], FUNCTIONS)) {
        const what = namedChildren(thrown)[0]
        if (!what) yield site(file, thrown, 'throw;')
        else if (name && file.textOf(what) === file.textOf(name)) yield site(file, thrown, 'throw e;')
      }
    }
  },
  words: saying({
    'throw;': [
      'Where did this exception really start?',
      '`throw e;` begins its stack trace anew at this line; `throw;` keeps it.',
      () => 'throw;',
    ],
  }),
}

const cause: Question = {
  id: 'errors/cause',
  subject: 'errors',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const thrown of file.nodes('throw_statement')) {
      const made = namedChildren(thrown)[0]
      const clause = within(thrown, ['catch_clause'], FUNCTIONS)
      const name = childOf(firstOf(clause, 'catch_declaration'), 'name')
      const given = made?.type === 'object_creation_expression' ? childOf(made, 'arguments') : undefined
      if (!clause || !made || !given || namedChildren(given).length === 0) continue
      const kept =
        name && namedChildren(given).some(one => file.textOf(one).split(/[:.]/).at(-1)?.trim() === file.textOf(name))
      yield site(file, made, kept ? 'with its cause' : 'without a cause')
    }
  },
  words: saying({
    'with its cause': [
      'What made this fail?',
      'The exception that was caught is gone for whoever reads the log; given as the last argument it becomes `InnerException`.',
    ],
  }),
}

const argumentNames: Question = {
  id: 'errors/argument-name',
  subject: 'errors',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('object_creation_expression')) {
      const type = childOf(made, 'type')
      const kind = type && /^(Argument(?:Null|OutOfRange)?)Exception$/.exec(file.textOf(type))?.[1]
      if (!kind) continue
      const given = namedChildren(childOf(made, 'arguments'))
      const named = (kind === 'Argument' ? given[1] : given[0])?.children[0]
      if (named?.type === 'string_literal') yield site(file, named, 'text')
      else if (named && file.textOf(named).startsWith('nameof(')) yield site(file, named, 'nameof')
    }
  },
  words: saying({
    nameof: [
      'Will this name follow when the parameter is renamed?',
      '`nameof` is checked by the compiler.',
      text => `nameof(${text.slice(1, -1)})`,
    ],
  }),
}

const thrownType: Question = {
  id: 'errors/throw-type',
  subject: 'errors',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('object_creation_expression')) {
      const type = childOf(made, 'type')
      if (!type || !/^throw_(statement|expression)$/.test(made.parent?.type ?? '')) continue
      yield site(
        file,
        type,
        /^(System\.)?(Exception|ApplicationException|SystemException)$/.test(file.textOf(type))
          ? 'generic'
          : 'specific',
      )
    }
  },
  words: saying({
    specific: [
      'What would a caller catch to handle just this?',
      'Whoever wants to handle a plain `Exception` has to catch every other one with it.',
    ],
  }),
}

export const errors: readonly Question[] = [empty, typed, rethrown, cause, argumentNames, thrownType]
