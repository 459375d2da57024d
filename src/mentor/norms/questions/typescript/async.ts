import { childOf, firstOf } from '../../../parse/node.ts'
import type { SyntaxNode } from '../../../parse/parsed.ts'
import type { Question } from '../../question.ts'
import { inside, saying, site } from '../site.ts'
import { argumentsOf, FUNCTIONS, SCRIPT } from './script.ts'

const awaits: Question = {
  id: 'async/awaits',
  subject: 'async',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('function_declaration', 'arrow_function', 'function_expression')) {
      const mark = firstOf(made, 'async')
      const body = childOf(made, 'body')
      // A body of nothing but a throw or a return may be there for its type alone.
      if (!mark || body?.type !== 'statement_block' || body.children.filter(child => child.named).length < 2) continue
      yield site(file, mark, hasAwait(body) ? 'awaits' : 'never awaits')
    }
  },
  words: saying({
    awaits: [
      'What does this function wait for?',
      '`async` without `await` makes callers wait for nothing, or hides an `await` that was forgotten.',
    ],
  }),
}

const then: Question = {
  id: 'async/then',
  subject: 'async',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes(...FUNCTIONS)) {
      const body = childOf(made, 'body')
      if (!firstOf(made, 'async') || !body) continue
      for (const node of inside(body, ['await_expression', 'call_expression'], FUNCTIONS)) {
        if (node.type === 'await_expression' && node.children[0]) yield site(file, node.children[0], 'await')
        const name = node.type === 'call_expression' ? childOf(childOf(node, 'function'), 'property') : undefined
        if (name && file.textOf(name) === 'then' && argumentsOf(node).some(isFunction)) yield site(file, name, 'then')
      }
    }
  },
  words: saying({
    await: [
      'Would `await` read more plainly here?',
      'In an async function `.then` starts a second order of events: what stands below runs before it, and `try` doesn’t catch its errors.',
    ],
  }),
}

const forEach: Question = {
  id: 'async/for-each',
  subject: 'async',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('call_expression')) {
      const name = childOf(childOf(call, 'function'), 'property')
      const [callback] = argumentsOf(call)
      if (!name || !callback || file.textOf(name) !== 'forEach' || !isFunction(callback)) continue
      yield site(file, name, firstOf(callback, 'async') ? 'async callback' : 'plain callback')
    }
  },
  words: saying({
    'plain callback': [
      'Who waits for these callbacks?',
      '`forEach` throws their promises away: the line below runs before they are done, and their errors are unhandled. `for … of` with `await`, or `Promise.all` over `map`, waits.',
    ],
  }),
}

const executor: Question = {
  id: 'async/promise-executor',
  subject: 'async',
  languages: SCRIPT,
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('new_expression')) {
      const [callback] = argumentsOf(made)
      const type = childOf(made, 'constructor')
      if (!type || !callback || file.textOf(type) !== 'Promise' || !isFunction(callback)) continue
      yield site(file, type, firstOf(callback, 'async') ? 'async executor' : 'plain executor')
    }
  },
  words: saying({
    'plain executor': [
      'Where does an error in this executor go?',
      'What an async executor throws rejects a promise that nobody has; the one that was made here stays pending for ever.',
    ],
  }),
}

const LOOPS = ['for_statement', 'for_in_statement', 'while_statement', 'do_statement']

const inLoop: Question = {
  id: 'async/in-loop',
  subject: 'async',
  languages: SCRIPT,
  asked: 'in sources',
  *sites(file) {
    for (const loop of file.nodes('for_in_statement')) {
      const body = childOf(loop, 'body')
      const mark = loop.children[0]
      if (!body || !mark || firstOf(loop, 'await') || !firstOf(loop, 'of')) continue
      for (const _ of inside(body, ['await_expression'], [...FUNCTIONS, ...LOOPS])) {
        yield site(file, mark, 'one after the other')
        break
      }
    }
    for (const call of file.nodes('call_expression')) {
      const callee = childOf(call, 'function')
      const [list] = argumentsOf(call)
      const mapped = list?.type === 'call_expression' && /\.map$/.test(file.textOf(childOf(list, 'function') ?? list))
      if (callee && mapped && file.textOf(callee) === 'Promise.all') yield site(file, callee, 'all at once')
    }
  },
  words: saying({
    'all at once': [
      'Does each step need the one before?',
      'One `await` a round takes the sum of all times; `Promise.all` takes the longest of them.',
    ],
    'one after the other': [
      'May all of these run at once?',
      'A long list started at once takes as many connections as it has items.',
    ],
  }),
}

export const asyncHabits: readonly Question[] = [awaits, then, forEach, executor, inLoop]

function hasAwait(body: SyntaxNode): boolean {
  for (const node of inside(body, ['await_expression', 'for_in_statement', 'await'], FUNCTIONS))
    if (node.type !== 'for_in_statement' || firstOf(node, 'await')) return true
  return false
}

function isFunction(node: SyntaxNode): boolean {
  return FUNCTIONS.includes(node.type)
}
