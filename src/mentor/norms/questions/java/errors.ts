import { childOf, firstOf, namedChildren } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { inside, saying, site, within } from '../site.ts'
import { argumentsOf, callee } from './syntax.ts'

const FUNCTIONS = ['lambda_expression', 'class_body']

const empty: Question = {
  id: 'errors/catch-handled',
  subject: 'errors',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const clause of file.nodes('catch_clause')) {
      const [word, body] = [clause.children[0], childOf(clause, 'body')]
      const parameter = firstOf(clause, 'catch_formal_parameter')
      const name = file.textOf(childOf(parameter, 'name') ?? clause)
      // A comment or a name that says so is an answer to the reader.
      const said =
        /^(ignored?\w*|expected\w*|_)$/.test(name) || body?.children.some(one => one.type.endsWith('comment'))
      if (word && !said) yield site(file, word, namedChildren(body).length > 0 ? 'handled' : 'swallowed')
    }
  },
  words: saying({
    handled: [
      'Who will know that this failed?',
      'An exception that is swallowed leaves no trace, and the next failure is looked for in the wrong place. Where it is expected, name it `expected` or say why in a comment.',
    ],
  }),
}

const typed: Question = {
  id: 'errors/catch-type',
  subject: 'errors',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const type of file.nodes('catch_type')) {
      const broad = namedChildren(type).some(one =>
        /^(Exception|Throwable|RuntimeException|Error)$/.test(file.textOf(one)),
      )
      yield site(file, type, broad ? 'any' : 'specific')
    }
  },
  words: saying({
    specific: [
      'Which exception can really come here?',
      'Catching every exception also takes in bugs, which then look like the failure that was meant to be handled.',
    ],
  }),
}

const cause: Question = {
  id: 'errors/cause',
  subject: 'errors',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const thrown of file.nodes('throw_statement')) {
      const made = namedChildren(thrown)[0]
      const clause = within(thrown, ['catch_clause'], FUNCTIONS)
      const name = childOf(firstOf(clause, 'catch_formal_parameter'), 'name')
      if (!name || made?.type !== 'object_creation_expression' || argumentsOf(made).length === 0) continue
      const kept = [...inside(made, ['identifier'])].some(one => file.textOf(one) === file.textOf(name))
      yield site(file, made, kept ? 'with its cause' : 'without a cause')
    }
  },
  words: saying({
    'with its cause': [
      'What made this fail?',
      'The exception that was caught is gone for whoever reads the log; given as the last argument it becomes the cause.',
    ],
  }),
}

const printed: Question = {
  id: 'errors/stack-trace',
  subject: 'errors',
  languages: ['java'],
  asked: 'in sources',
  *sites(file) {
    for (const clause of file.nodes('catch_clause')) {
      const body = childOf(clause, 'body')
      const parameter = firstOf(clause, 'catch_formal_parameter')
      const name = childOf(parameter, 'name')
      if (!body || !name || namedChildren(body).length === 0) continue
      const printing = [...inside(body, ['method_invocation'])].find(
        call => callee(file, call) === `${file.textOf(name)}.printStackTrace`,
      )
      yield site(file, printing ?? name, printing ? 'printed' : 'otherwise')
    }
  },
  words: saying({
    otherwise: [
      'Who reads what is printed here?',
      '`printStackTrace` writes to the process’s error output, without level, time or context, and the program goes on.',
    ],
  }),
}

const resources: Question = {
  id: 'errors/resources',
  subject: 'errors',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const resource of file.nodes('resource')) if (childOf(resource, 'name')) yield site(file, resource, 'in a try')
    for (const made of file.nodes('local_variable_declaration')) {
      const type = childOf(made, 'type')
      const value = childOf(
        made.children.find(one => one.field === 'declarator'),
        'value',
      )
      const opened =
        value?.type === 'object_creation_expression' &&
        /^(Buffered|File|InputStream|OutputStream|Print|Zip|Jar|GZIP|Data|Object|RandomAccess)\w*(Stream|Reader|Writer|File)$/.test(
          file.textOf(childOf(value, 'type') ?? value),
        )
      if (type && opened) yield site(file, type, 'by hand')
    }
  },
  words: saying({
    'in a try': [
      'Who closes this when a line below throws?',
      'A resource in the head of `try (…)` is closed on every way out, and its own failure is kept.',
    ],
  }),
}

const interrupted: Question = {
  id: 'errors/interrupted',
  subject: 'errors',
  languages: ['java'],
  asked: 'in sources',
  *sites(file) {
    for (const clause of file.nodes('catch_clause')) {
      const type = [...inside(clause, ['catch_type'])][0]
      const body = childOf(clause, 'body')
      if (!type || !body || file.textOf(type) !== 'InterruptedException') continue
      const kept =
        [...inside(body, ['method_invocation'])].some(call => callee(file, call).endsWith('.interrupt')) ||
        [...inside(body, ['throw_statement'])].length > 0
      yield site(file, type, kept ? 'passed on' : 'lost')
    }
  },
  words: saying({
    'passed on': [
      'How does the thread learn that it should stop?',
      'Catching clears the mark; without `Thread.currentThread().interrupt()` or a throw, the loop above waits on.',
    ],
  }),
}

export const errors: readonly Question[] = [empty, typed, cause, printed, resources, interrupted]
