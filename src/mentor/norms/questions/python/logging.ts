import { childOf, namedChildren } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'

const LOGGER = /^(self\.|cls\.)?_*(log|logger|logging|LOG|LOGGER)$/
const LEVEL = /^(debug|info|warning|warn|error|exception|critical|log)$/

const printed: Question = {
  id: 'logging/print',
  subject: 'logging',
  languages: ['python'],
  asked: 'in sources',
  *sites(file) {
    for (const call of file.nodes('call')) {
      const callee = childOf(call, 'function')
      if (!callee) continue
      // What is printed to a file or a console object is output, not a log.
      if (file.textOf(callee) === 'print' && !/\bfile\s*=/.test(file.textOf(call))) yield site(file, callee, 'print')
      else if (level(file, callee)) yield site(file, callee, 'a logger')
    }
  },
  words: saying({
    'a logger': [
      'Who reads this line, and can they turn it off?',
      'What a library prints lands in its caller’s output; a logger lets them choose level and place.',
    ],
  }),
}

const args: Question = {
  id: 'logging/message',
  subject: 'logging',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('call')) {
      const callee = childOf(call, 'function')
      if (!callee || !level(file, callee)) continue
      const [message, ...rest] = namedChildren(childOf(call, 'arguments')).filter(
        one => one.type !== 'keyword_argument',
      )
      const built = message && builtBy(file, message)
      if (message && built) yield site(file, message, built)
      else if (message?.type === 'string' && rest.length > 0) yield site(file, message, 'arguments')
    }
  },
  words: saying({
    arguments: [
      'What if nobody listens at this level?',
      'With `%s` and arguments the text is made only when it is written, and collectors can group lines by their message.',
    ],
    'an f-string': ['Would an f-string read better?', 'Golden repositories build log messages with f-strings.'],
  }),
}

const named: Question = {
  id: 'logging/logger-name',
  subject: 'logging',
  languages: ['python'],
  asked: 'in sources',
  *sites(file) {
    for (const call of file.nodes('call')) {
      const callee = childOf(call, 'function')
      if (!callee || !/^(logging\.)?getLogger$/.test(file.textOf(callee))) continue
      const name = namedChildren(childOf(call, 'arguments'))[0]
      if (name) yield site(file, name, file.textOf(name) === '__name__' ? 'the module’s' : 'another')
    }
  },
  words: saying({
    'the module’s': [
      'Could the logger be named after its module?',
      'With `__name__`, levels can be set for a package and all below it.',
      () => '__name__',
    ],
  }),
}

function level(file: Parsed, callee: SyntaxNode): boolean {
  const [object, attribute] = [childOf(callee, 'object'), childOf(callee, 'attribute')]
  return !!object && !!attribute && LOGGER.test(file.textOf(object)) && LEVEL.test(file.textOf(attribute))
}

function builtBy(file: Parsed, message: SyntaxNode): string | undefined {
  if (message.type === 'string')
    return message.children.some(one => one.type === 'interpolation') ? 'an f-string' : undefined
  if (message.type === 'binary_operator')
    return childOf(message, 'left')?.type === 'string' ? 'built before' : undefined
  const callee = message.type === 'call' ? childOf(message, 'function') : undefined
  return callee && childOf(callee, 'object')?.type === 'string' && file.textOf(callee).endsWith('.format')
    ? 'built before'
    : undefined
}

export const logging: readonly Question[] = [printed, args, named]
