import { around, childOf, namedChildren } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { argumentsOf, callee } from './syntax.ts'

const passedOn: Question = {
  id: 'async/context-passed',
  subject: 'async',
  languages: ['go'],
  asked: 'in sources',
  *sites(file) {
    for (const call of file.nodes('call_expression')) {
      const first = argumentsOf(call)[0]
      const fresh = first && /^context\.(Background|TODO)$/.test(callee(file, first))
      if (!first || (!fresh && !/^(ctx|context)$/.test(file.textOf(first)))) continue
      const holder = around(call, 'function_declaration', 'method_declaration', 'func_literal')
      const types = namedChildren(childOf(holder, 'parameters')).map(one => childOf(one, 'type'))
      if (types.some(type => type && file.textOf(type) === 'context.Context'))
        yield site(file, first, fresh ? 'fresh' : 'passed on')
    }
  },
  words: saying({
    'passed on': [
      'Should this go on after the caller has given up?',
      'A fresh context has no deadline and can’t be cancelled; the one that came in would be.',
      () => 'ctx',
    ],
  }),
}

const done: Question = {
  id: 'async/done',
  subject: 'async',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('call_expression')) {
      if (!/\b(wg|\w*[wW]aitGroup|\w+WG)\.Done$/.test(callee(file, call)) || !call.children[0]) continue
      if (call.parent?.type === 'defer_statement') yield site(file, call.children[0], 'deferred')
      else if (call.parent?.type === 'expression_statement') yield site(file, call.children[0], 'called')
    }
  },
  words: saying({
    deferred: ['What if a line above returns or panics?', 'Then `Done` is never called, and `Wait` waits for ever.'],
  }),
}

const cancelled: Question = {
  id: 'async/cancel',
  subject: 'async',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('short_var_declaration')) {
      const right = namedChildren(childOf(made, 'right'))[0]
      const cancel = namedChildren(childOf(made, 'left'))[1]
      if (!cancel || !/^context\.With(Cancel|Timeout|Deadline)$/.test(callee(file, right))) continue
      yield site(file, cancel, file.textOf(cancel) === '_' ? 'dropped' : 'kept')
    }
  },
  words: saying({
    kept: [
      'Who frees the timer and the goroutine of this context?',
      'Only its `cancel` does; dropped, they stay until the parent ends.',
    ],
  }),
}

export const asyncHabits: readonly Question[] = [passedOn, done, cancelled]
