import { childOf } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { argumentsOf, callee } from './syntax.ts'

const threads: Question = {
  id: 'async/threads',
  subject: 'async',
  languages: ['java'],
  asked: 'in sources',
  *sites(file) {
    for (const made of file.nodes('object_creation_expression')) {
      const type = childOf(made, 'type')
      if (type && file.textOf(type) === 'Thread' && argumentsOf(made).length > 0) yield site(file, type, 'new Thread')
    }
    for (const call of file.nodes('method_invocation')) {
      const name = childOf(call, 'name')
      if (name && /^\w*([eE]xecutor|[pP]ool)\w*\.(execute|submit|schedule|invokeAll)$/.test(callee(file, call)))
        yield site(file, name, 'an executor')
    }
  },
  words: saying({
    'an executor': [
      'Who stops this thread, and how many may there be?',
      'An executor bounds them, names them, and can be shut down.',
    ],
  }),
}

const waits: Question = {
  id: 'async/wait',
  subject: 'async',
  languages: ['java'],
  asked: 'in sources',
  *sites(file) {
    for (const call of file.nodes('method_invocation')) {
      const name = childOf(call, 'name')
      if (name && /[fF]uture\w*(\(\))?\.get$/.test(callee(file, call)))
        yield site(file, name, argumentsOf(call).length > 1 ? 'with a limit' : 'for ever')
    }
  },
  words: saying({
    'with a limit': ['How long may this wait?', 'Without a limit, one lost answer holds the thread for ever.'],
  }),
}

export const asyncHabits: readonly Question[] = [threads, waits]
