import { childOf, firstOf, namedChildren } from '../../../parse/node.ts'
import type { SyntaxNode } from '../../../parse/parsed.ts'
import type { Question } from '../../question.ts'
import { saying, site, within } from '../site.ts'

const FUNCTIONS = ['function_definition', 'lambda', 'class_definition']

const exceptType: Question = {
  id: 'errors/except-type',
  subject: 'errors',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const clause of file.nodes('except_clause')) {
      const caught = childOf(clause, 'value')
      const type = caught?.type === 'as_pattern' ? namedChildren(caught)[0] : caught
      const broad = type && /^(Exception|BaseException)$/.test(file.textOf(type))
      yield site(file, type ?? keyword(clause), type ? (broad ? 'broad' : 'specific') : 'bare')
    }
  },
  words: saying({
    specific: [
      'Which exception can really come here?',
      'A broad `except` also takes in typos and broken invariants, so a bug looks like the failure that was meant to be handled.',
    ],
  }),
}

const exceptNamed: Question = {
  id: 'errors/except-named',
  subject: 'errors',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const clause of file.nodes('except_clause'))
      yield site(file, keyword(clause), childOf(clause, 'value') ? 'named' : 'bare')
  },
  words: saying({
    named: [
      'What should this `except` catch, by name?',
      'A bare `except` also catches Ctrl-C and `SystemExit`: the program can’t be stopped while it is here.',
    ],
  }),
}

const exceptSilent: Question = {
  id: 'errors/except-handled',
  subject: 'errors',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const clause of file.nodes('except_clause')) {
      const body = namedChildren(firstOf(clause, 'block'))
      const silent = body.length > 0 && body.every(one => one.type === 'pass_statement')
      yield site(file, keyword(clause), silent ? 'swallowed' : 'handled')
    }
  },
  words: saying({
    handled: [
      'Who will know that this failed?',
      'An exception that is passed over leaves no trace, and the next failure is looked for in the wrong place. Handle it, log it, or say that it is expected with `contextlib.suppress`.',
    ],
    swallowed: ['Does this exception need handling here?', 'Golden repositories pass over such failures.'],
  }),
}

const raiseFrom: Question = {
  id: 'errors/raise-from',
  subject: 'errors',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const raise of file.nodes('raise_statement')) {
      const made = namedChildren(raise)[0]
      if (made?.type !== 'call' || !within(raise, ['except_clause'], FUNCTIONS)) continue
      yield site(file, made, childOf(raise, 'cause') ? 'with its cause' : 'without a cause')
    }
  },
  words: saying({
    'with its cause': [
      'Can the reader of this traceback see that one error led to the other?',
      'Without `from`, Python says “another exception occurred during handling”, as if the handler itself were broken.',
    ],
    'without a cause': ['Is `from` needed here?', 'Python keeps the exception being handled as context anyway.'],
  }),
}

const raiseType: Question = {
  id: 'errors/raise-type',
  subject: 'errors',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const raise of file.nodes('raise_statement')) {
      const made = namedChildren(raise)[0]
      const type = made?.type === 'call' ? childOf(made, 'function') : made
      if (type?.type !== 'identifier' || !/^[A-Z]/.test(file.textOf(type))) continue
      yield site(file, type, /^(Exception|BaseException)$/.test(file.textOf(type)) ? 'generic' : 'specific')
    }
  },
  words: saying({
    specific: [
      'What would a caller catch to handle just this?',
      'Whoever wants to handle a plain `Exception` has to catch every other error with it.',
    ],
  }),
}

const openWith: Question = {
  id: 'errors/open-with',
  subject: 'errors',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('call')) {
      const callee = childOf(call, 'function')
      if (!callee || file.textOf(callee) !== 'open') continue
      const holder = call.parent?.type === 'as_pattern' ? call.parent.parent : call.parent
      if (holder?.type === 'with_item') yield site(file, callee, 'in a with')
      // Handed on, it is another's to close.
      else if (holder?.type === 'assignment' || holder?.type === 'attribute') yield site(file, callee, 'left open')
    }
  },
  words: saying({
    'in a with': [
      'Who closes this file when a line below raises?',
      '`with open(…)` closes it on every way out; else it stays open until the garbage collector comes by.',
    ],
  }),
}

/** The word `except` alone: the body is not what answers. */
function keyword(clause: SyntaxNode): SyntaxNode {
  return clause.children[0] ?? clause
}

export const errors: readonly Question[] = [exceptNamed, exceptType, exceptSilent, raiseFrom, raiseType, openWith]
