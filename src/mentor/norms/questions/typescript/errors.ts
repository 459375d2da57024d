import { childOf, namedChildren } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'
import type { Question } from '../../question.ts'
import { inside, saying, site, within } from '../site.ts'
import { argumentsOf, calleeOf, FUNCTIONS, SCRIPT } from './script.ts'

const catchEmpty: Question = {
  id: 'errors/catch-empty',
  subject: 'errors',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const clause of file.nodes('catch_clause')) {
      const body = childOf(clause, 'body')
      if (body) yield site(file, keyword(clause), body.children.some(child => child.named) ? 'says something' : 'empty')
    }
  },
  words: saying({
    'says something': [
      'Who will know that this failed?',
      'An empty `catch` hides every error of its `try`, also those that nobody thought of. Handle it, rethrow it, or write down why it may be passed over.',
    ],
  }),
}

const causeKept: Question = {
  id: 'errors/cause-kept',
  subject: 'errors',
  languages: SCRIPT,
  asked: 'in sources',
  *sites(file) {
    for (const thrown of file.nodes('throw_statement')) {
      const made = namedChildren(thrown)[0]
      const clause = within(thrown, ['catch_clause'], FUNCTIONS)
      const caught = childOf(clause, 'parameter')
      if (!clause || (made?.type !== 'new_expression' && made?.type !== 'call_expression')) continue
      if (made.type === 'call_expression' && !/^[A-Z]/.test(calleeOf(file, made))) continue
      const kept =
        caught?.type === 'identifier' && argumentsOf(made).some(given => keeps(file, given, file.textOf(caught)))
      yield site(file, made, kept ? 'kept' : 'dropped')
    }
  },
  words: saying({
    kept: [
      'Could the error that was caught travel along as `cause`?',
      'A new error without its cause has only its own stack: whoever reads it later can’t see what went wrong below.',
    ],
  }),
}

const throwError: Question = {
  id: 'errors/throw-error',
  subject: 'errors',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const thrown of file.nodes('throw_statement')) {
      const made = namedChildren(thrown)[0]
      if (made?.type === 'new_expression') yield site(file, made, 'an error')
      else if (made && /^(?:string|template_string|number|object|array|true|false)$/.test(made.type))
        yield site(file, made, 'a plain value')
    }
  },
  words: saying({
    'an error': [
      'Would an `Error` tell its catcher more?',
      'A string or plain object has no stack and no type: `instanceof` fails, and logs can’t say where it came from.',
      text => (/^['"`]/.test(text) ? `new Error(${text})` : undefined),
    ],
  }),
}

const ownType: Question = {
  id: 'errors/own-type',
  subject: 'errors',
  languages: SCRIPT,
  asked: 'in sources',
  *sites(file) {
    for (const thrown of file.nodes('throw_statement')) {
      const made = namedChildren(thrown)[0]
      if (made?.type !== 'new_expression') continue
      const type = calleeOf(file, made)
      if (/^[\w.]+$/.test(type)) yield site(file, made, type === 'Error' ? 'a bare Error' : 'a type of its own')
    }
  },
  words: saying({
    'a type of its own': [
      'How will a caller tell this error from any other?',
      'A bare `Error` can only be told by its words, and words change.',
    ],
    'a bare Error': [
      'Does a caller need a type of its own here?',
      'Each type is one more name to know; golden repositories throw plain errors.',
    ],
  }),
}

const bindingName: Question = {
  id: 'errors/caught-name',
  subject: 'errors',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const clause of file.nodes('catch_clause')) {
      const caught = childOf(clause, 'parameter')
      // The outer one has the name already.
      if (caught?.type !== 'identifier' || within(clause, ['catch_clause'], FUNCTIONS)) continue
      const name = file.textOf(caught).replace(/^_+/, '')
      if (name !== '') yield site(file, caught, name)
    }
  },
  words: (norm, at, file) => ({
    nudge: `Would \`${norm.answer}\` be the name that readers expect here?`,
    why: `Golden repositories call what they catch \`${norm.answer}\`; \`${file.text.slice(at.startIndex, at.endIndex)}\` makes a reader look for a reason.`,
  }),
}

const unusedBinding: Question = {
  id: 'errors/unused-binding',
  subject: 'errors',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const clause of file.nodes('catch_clause')) {
      const caught = childOf(clause, 'parameter')
      const body = childOf(clause, 'body')
      if (!body) continue
      if (!caught) yield site(file, keyword(clause), 'left out')
      else if (caught.type === 'identifier' && !mentions(file, body, file.textOf(caught)))
        yield site(file, caught, 'named and not used')
    }
  },
  words: saying({
    'left out': [
      'Is the error meant to be ignored here?',
      'A bound error that nothing reads looks like one that was forgotten; `catch {` says that its details don’t matter.',
    ],
  }),
}

const rejection: Question = {
  id: 'errors/rejection',
  subject: 'errors',
  languages: SCRIPT,
  asked: 'in sources',
  *sites(file) {
    for (const statement of file.nodes('expression_statement')) {
      const links = chainOf(file, statement.children[0])
      const then = links.find(link => link.method === 'then')
      if (!then) continue
      const handled = links.some(link => link.method === 'catch') || argumentsOf(then.call).length > 1
      yield site(file, then.name, handled ? 'handled' : 'left alone')
    }
  },
  words: saying({
    handled: [
      'What happens when this promise rejects?',
      'Nobody waits for it, so a rejection ends the process as unhandled, far from here.',
    ],
  }),
}

export const errors: readonly Question[] = [
  catchEmpty,
  causeKept,
  throwError,
  ownType,
  bindingName,
  unusedBinding,
  rejection,
]

/** The word `catch` alone: its body is not what answers. */
function keyword(clause: SyntaxNode): SyntaxNode {
  return clause.children[0] ?? clause
}

/** Whether an argument hands on the caught error itself: as it is, or in an object; its message alone is not it. */
function keeps(file: Parsed, given: SyntaxNode, name: string): boolean {
  if (given.type === 'identifier') return file.textOf(given) === name
  if (given.type === 'as_expression') return keeps(file, given.children[0] ?? given, name)
  if (given.type !== 'object' && given.type !== 'conditional_expression') return false
  return [...inside(given, ['identifier', 'shorthand_property_identifier'])].some(
    node => file.textOf(node) === name && node.parent?.type !== 'member_expression',
  )
}

function mentions(file: Parsed, body: SyntaxNode, name: string): boolean {
  for (const node of inside(body, ['identifier', 'shorthand_property_identifier']))
    if (file.textOf(node) === name) return true
  return false
}

/** The calls of `a.then(…).catch(…)`, the last one first. */
function chainOf(file: Parsed, from: SyntaxNode | undefined): { method: string; name: SyntaxNode; call: SyntaxNode }[] {
  const links: { method: string; name: SyntaxNode; call: SyntaxNode }[] = []
  let call = from
  while (call?.type === 'call_expression') {
    const callee = childOf(call, 'function')
    const name = childOf(callee, 'property')
    if (callee?.type !== 'member_expression' || !name) break
    links.push({ method: file.textOf(name), name, call })
    call = childOf(callee, 'object')
  }
  return links
}
