import { around, childOf } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'

const sleeping: Question = {
  id: 'async/sleep',
  subject: 'async',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('call')) {
      const callee = childOf(call, 'function')
      const name = callee && file.textOf(callee)
      if (!callee || !/^(time|asyncio|anyio|trio)\.sleep$/.test(name ?? '')) continue
      const holder = around(call, 'function_definition', 'lambda')
      if (holder?.children[0]?.type === 'async') yield site(file, callee, name === 'time.sleep' ? 'blocks' : 'yields')
    }
  },
  words: saying({
    yields: [
      'What else runs while this waits?',
      '`time.sleep` in a coroutine stops every other task of the loop with it.',
    ],
  }),
}

const tasks: Question = {
  id: 'async/task-kept',
  subject: 'async',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('call')) {
      const callee = childOf(call, 'function')
      if (!callee || !/^(asyncio|loop)\.(create_task|ensure_future)$/.test(file.textOf(callee))) continue
      yield site(file, callee, call.parent?.type === 'expression_statement' ? 'dropped' : 'kept')
    }
  },
  words: saying({
    kept: [
      'Who waits for this task, and who sees it fail?',
      'The event loop keeps only a weak reference: a task that nobody holds may vanish, and its exception with it.',
    ],
  }),
}

export const asyncHabits: readonly Question[] = [sleeping, tasks]
