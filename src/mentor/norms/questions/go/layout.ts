import { around, childOf, firstOf, namedChildren } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { callee } from './syntax.ts'

const FUNCTIONS = ['function_declaration', 'method_declaration', 'func_literal']

const contextFirst: Question = {
  id: 'layout/context-first',
  subject: 'layout',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const list of file.nodes('parameter_list')) {
      if (list.field !== 'parameters') continue
      const given = namedChildren(list)
      const at = given.findIndex(one => file.textOf(childOf(one, 'type') ?? one) === 'context.Context')
      const found = given[at]
      // A test's own handle comes before all.
      if (found && !/\*?testing\./.test(file.textOf(list))) yield site(file, found, at === 0 ? 'first' : 'later')
    }
  },
  words: saying({
    first: [
      'Could the context come first?',
      'It is passed on from call to call; where it is always first, nobody has to look for it.',
    ],
  }),
}

const errorLast: Question = {
  id: 'layout/error-last',
  subject: 'layout',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const list of file.nodes('parameter_list')) {
      const given = list.field === 'result' ? namedChildren(list) : []
      const at = given.findIndex(one => file.textOf(childOf(one, 'type') ?? one) === 'error')
      const found = given[at]
      if (found && given.length > 1) yield site(file, found, at === given.length - 1 ? 'last' : 'earlier')
    }
  },
  words: saying({
    last: ['Could the error be the last result?', 'Callers and tools look for it there.'],
  }),
}

const naked: Question = {
  id: 'layout/naked-return',
  subject: 'layout',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const left of file.nodes('return_statement')) {
      const holder = around(left, ...FUNCTIONS)
      const named = namedChildren(childOf(holder, 'result')).some(one => childOf(one, 'name'))
      if (named) yield site(file, left, namedChildren(left).length > 0 ? 'says what' : 'naked')
    }
  },
  words: saying({
    'says what': [
      'What is returned here?',
      'A naked `return` sends the reader back to the signature and through every assignment in between.',
    ],
    naked: [
      'Are the results named and set already?',
      'Golden repositories return named results without repeating them.',
      () => 'return',
    ],
  }),
}

const flat: Question = {
  id: 'layout/else-after-exit',
  subject: 'layout',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const branch of file.nodes('if_statement')) {
      // What `if x := …` declares lives only in its branches.
      if (childOf(branch, 'initializer') || branch.field === 'alternative') continue
      const block = childOf(branch, 'consequence')
      const last = namedChildren(firstOf(block, 'statement_list')).at(-1)
      const next = childOf(branch, 'alternative')
      if (!last || !/^(return|continue|break)_statement$/.test(last.type) || next?.type === 'if_statement') continue
      const word = next ? firstOf(branch, 'else') : branch.children[0]
      if (word) yield site(file, word, next ? 'else' : 'no else')
    }
  },
  words: saying({
    'no else': [
      'Does this need an `else`, when the branch above has left?',
      'Without it the main path stays at the left, and each condition can be forgotten once it is read.',
    ],
  }),
}

const unlocks: Question = {
  id: 'layout/deferred-unlock',
  subject: 'layout',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('call_expression')) {
      if (!/\.(R?Unlock)$/.test(callee(file, call)) || !call.children[0]) continue
      if (call.parent?.type === 'defer_statement') yield site(file, call.children[0], 'deferred')
      else if (call.parent?.type === 'expression_statement') yield site(file, call.children[0], 'called')
    }
  },
  words: saying({
    deferred: [
      'Who unlocks this when a line above returns or panics?',
      'A deferred unlock stands beside its lock and covers every way out.',
    ],
  }),
}

const closes: Question = {
  id: 'layout/deferred-close',
  subject: 'layout',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('call_expression')) {
      // A method named Close closes what it holds, one after the other.
      const within = childOf(around(call, 'method_declaration'), 'name')
      if (!callee(file, call).endsWith('.Close') || !call.children[0] || (within && file.textOf(within) === 'Close'))
        continue
      if (call.parent?.type === 'defer_statement') yield site(file, call.children[0], 'deferred')
      else if (call.parent?.type === 'expression_statement') yield site(file, call.children[0], 'called')
    }
  },
  words: saying({
    deferred: [
      'Who closes this when a line above returns or panics?',
      'A deferred close stands beside what opened it and covers every way out.',
    ],
  }),
}

export const layout: readonly Question[] = [contextFirst, errorLast, naked, flat, unlocks, closes]
