import { childOf } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { fileSite, saying, site } from '../site.ts'
import { argumentsOf, calleeOf, SCRIPT } from './script.ts'

/** Programs at a terminal are meant to write there. */
const TERMINAL =
  /(?:^|\/)(?:bin|cli|scripts?|examples?|benchmarks?|bench|tools?|tasks?|docs?)(?:\/|$)|\.config\.|(?:^|\/)(?:cli|main)\./

const console: Question = {
  id: 'logging/console',
  subject: 'logging',
  languages: SCRIPT,
  asked: 'in sources',
  *sites(file) {
    if (TERMINAL.test(file.path) || file.text.startsWith('#!')) return
    const written = file
      .nodes('call_expression')
      .map(call => childOf(call, 'function'))
      .filter(callee => callee !== undefined && /^console\.(?:log|info|debug|dir|table)$/.test(file.textOf(callee)))
    if (written.length === 0) yield fileSite(file, 'quiet')
    for (const callee of written) if (callee) yield site(file, callee, 'console')
  },
  words: saying({
    quiet: [
      'Is this line meant to stay?',
      'What is written to the console can’t be switched off, filtered or found by whoever runs this; golden repositories’ sources are quiet or have a logger.',
    ],
  }),
}

const LOGGER = /(?:^|\.)(?:log|logger|_log|_logger)\.(?:trace|debug|info|warn|error|fatal)$/

const message: Question = {
  id: 'logging/message',
  subject: 'logging',
  languages: SCRIPT,
  asked: 'in sources',
  *sites(file) {
    for (const call of file.nodes('call_expression')) {
      if (!LOGGER.test(calleeOf(file, call))) continue
      const given = argumentsOf(call)
      const text = given.find(
        one => one.type === 'string' || one.type === 'template_string' || one.type === 'binary_expression',
      )
      if (!text) continue
      const made = text.type !== 'string' && /\$\{|\+/.test(file.textOf(text))
      yield site(file, text, made ? 'put together' : 'constant')
    }
  },
  words: saying({
    constant: [
      'Could the values stand in fields of their own?',
      'A message that differs each time can’t be counted or searched; with constant words and the values beside them it can.',
    ],
  }),
}

const through: Question = {
  id: 'logging/through',
  subject: 'logging',
  languages: SCRIPT,
  asked: 'in sources',
  *sites(file) {
    if (TERMINAL.test(file.path) || file.text.startsWith('#!')) return
    for (const call of file.nodes('call_expression')) {
      const callee = childOf(call, 'function')
      const name = calleeOf(file, call)
      if (callee && /^console\.(?:log|info|warn|error|debug)$/.test(name)) yield site(file, callee, 'console')
      else if (callee && LOGGER.test(name)) yield site(file, callee, name.split('.').at(-2) ?? name)
    }
  },
  words: norm =>
    norm.answer === 'console'
      ? undefined
      : {
          nudge: `Should this go through \`${norm.answer}\`, as the other lines do?`,
          why: 'What goes to the console has no level and no context, and is not where the other lines are looked for.',
        },
}

export const logging: readonly Question[] = [console, message, through]
