import { childOf, namedChildren } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { callee } from './syntax.ts'

const LOGGED =
  /(^|\.)_?(log|logger|Log|Logger|LOG)\.(Log)?(Trace|Debug|Verbose|Information|Info|Warning|Warn|Error|Critical|Fatal)\w*$/

const printed: Question = {
  id: 'logging/console',
  subject: 'logging',
  languages: ['csharp'],
  asked: 'in sources',
  *sites(file) {
    for (const call of file.nodes('invocation_expression')) {
      const [name, made] = [callee(file, call), childOf(call, 'function')]
      if (!made) continue
      if (/^(System\.)?Console\.(Error\.|Out\.)?Write(Line)?$/.test(name)) yield site(file, made, 'the console')
      else if (LOGGED.test(name)) yield site(file, made, 'a logger')
    }
  },
  words: saying({
    'a logger': [
      'Who reads this line, and can they turn it off?',
      'A service’s console is often read by nobody; a logger gives level, time and source.',
    ],
  }),
}

const templates: Question = {
  id: 'logging/message',
  subject: 'logging',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('invocation_expression')) {
      if (!LOGGED.test(callee(file, call))) continue
      for (const given of namedChildren(childOf(call, 'arguments'))) {
        const text = given.children[0]
        if (text?.type === 'interpolated_string_expression') yield site(file, text, 'interpolated')
        else if (text?.type === 'string_literal' && /\{\w/.test(file.text.slice(text.startIndex, text.endIndex)))
          yield site(file, text, 'a template')
        else continue
        break
      }
    }
  },
  words: saying({
    'a template': [
      'Could the values be arguments of a template?',
      'A template groups all lines of one kind, and its values can be searched by name; an interpolated text is made even when nobody listens.',
    ],
  }),
}

export const logging: readonly Question[] = [printed, templates]
