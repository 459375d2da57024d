import { childOf } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { argumentsOf, callee, hasModifier } from './syntax.ts'

const LOGGED =
  /^(this\.)?_?(log|logger|LOG|LOGGER|Log)\.(trace|debug|info|warn|error|fine|finer|finest|warning|severe|log|config)$/

const printed: Question = {
  id: 'logging/print',
  subject: 'logging',
  languages: ['java'],
  asked: 'in sources',
  *sites(file) {
    for (const call of file.nodes('method_invocation')) {
      const [called, name] = [callee(file, call), childOf(call, 'name')]
      if (!name) continue
      if (/^System\.(out|err)\.print/.test(called)) yield site(file, call, 'System.out')
      else if (LOGGED.test(called)) yield site(file, name, 'a logger')
    }
  },
  words: saying({
    'a logger': [
      'Who reads this line, and can they turn it off?',
      'A service’s output is often read by nobody; a logger gives level, time and source.',
    ],
  }),
}

const messages: Question = {
  id: 'logging/message',
  subject: 'logging',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('method_invocation')) {
      if (!LOGGED.test(callee(file, call))) continue
      const text = argumentsOf(call).find(one => one.type === 'string_literal' || one.type === 'binary_expression')
      if (
        text?.type === 'binary_expression' &&
        /"/.test(file.textOf(text)) &&
        /[\w)]\s*\+|\+\s*[\w(]/.test(file.textOf(text).replace(/"[^"]*"/g, '""'))
      )
        yield site(file, text, 'joined')
      else if (text && /\{\d?\}/.test(file.textOf(text))) yield site(file, text, 'placeholders')
    }
  },
  words: saying({
    placeholders: [
      'What if nobody listens at this level?',
      'With `{}` and arguments the text is made only when it is written.',
    ],
    joined: ['Would `+` match the lines around it?', 'Golden repositories join log messages.'],
  }),
}

const constant: Question = {
  id: 'logging/logger-name',
  subject: 'logging',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('field_declaration')) {
      const type = childOf(made, 'type')
      const name = childOf(
        made.children.find(one => one.field === 'declarator'),
        'name',
      )
      if (type && name && /^(Logger|Log)$/.test(file.textOf(type)) && hasModifier(made, 'static'))
        yield site(file, name, file.textOf(name))
    }
  },
  words: (norm, at) => ({
    nudge: `Is there a reason for \`${at.answer}\`, when the others call it \`${norm.answer}\`?`,
    why: 'The same thing under one name can be typed and moved without looking.',
    sketch: norm.answer,
  }),
}

export const logging: readonly Question[] = [printed, messages, constant]
