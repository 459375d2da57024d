import { childOf, namedChildren } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { callee, hasModifier } from './syntax.ts'

const results: Question = {
  id: 'async/void',
  subject: 'async',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('method_declaration', 'local_function_statement')) {
      const returns = childOf(made, 'returns') ?? childOf(made, 'type')
      const handler = /\bEventArgs\b/.test(file.textOf(childOf(made, 'parameters') ?? made))
      if (!returns || !hasModifier(file, made, 'async') || handler) continue
      yield site(file, returns, file.textOf(returns) === 'void' ? 'void' : 'a task')
    }
  },
  words: saying({
    'a task': [
      'Who waits for this, and who sees it fail?',
      'An exception out of `async void` ends the process, and no caller can await it.',
      () => 'Task',
    ],
  }),
}

const configured: Question = {
  id: 'async/configure-await',
  subject: 'async',
  languages: ['csharp'],
  asked: 'in sources',
  *sites(file) {
    for (const awaited of file.nodes('await_expression')) {
      const word = awaited.children[0]
      const call = namedChildren(awaited)[0]
      if (word && call?.type === 'invocation_expression')
        yield site(
          file,
          word,
          callee(file, call).endsWith('.ConfigureAwait') || /\.ConfigureAwait\(\w+\)$/.test(file.textOf(call))
            ? 'ConfigureAwait'
            : 'plain',
        )
    }
  },
  words: saying({
    ConfigureAwait: [
      'Where does this go on after the wait?',
      'A library that asks for its caller’s context can block a caller that waits for it.',
    ],
    plain: ['Is there a context to leave here?', 'Golden repositories await without `ConfigureAwait`.'],
  }),
}

const blocked: Question = {
  id: 'async/blocking',
  subject: 'async',
  languages: ['csharp'],
  asked: 'in sources',
  *sites(file) {
    for (const call of file.nodes('invocation_expression'))
      if (/\.GetAwaiter\(\)\.GetResult$/.test(callee(file, call))) yield site(file, call, 'blocks')
      else if (/Async\(.*\)\.Wait$/s.test(callee(file, call))) yield site(file, call, 'blocks')
    for (const access of file.nodes('member_access_expression'))
      if (/Async\([^()]*\)\.Result$/.test(file.textOf(access).slice(-120))) yield site(file, access, 'blocks')
    for (const awaited of file.nodes('await_expression'))
      if (awaited.children[0]) yield site(file, awaited.children[0], 'awaits')
  },
  words: saying({
    awaits: [
      'Could this be awaited?',
      'Waiting for a task holds a thread, and with a context that runs one thing at a time it never ends.',
    ],
  }),
}

const token: Question = {
  id: 'async/token-last',
  subject: 'async',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const list of file.nodes('parameter_list')) {
      const given = namedChildren(list).filter(one => one.type === 'parameter')
      const at = given.findIndex(one => file.textOf(childOf(one, 'type') ?? one) === 'CancellationToken')
      const found = given[at]
      const method = /^(method|constructor)_declaration$|^local_function/.test(list.parent?.type ?? '')
      if (found && method && given.length > 1) yield site(file, found, at === given.length - 1 ? 'last' : 'earlier')
    }
  },
  words: saying({
    last: ['Could the token come last?', 'Callers look for it there, and it can have a default.'],
  }),
}

export const asyncHabits: readonly Question[] = [results, configured, blocked, token]
