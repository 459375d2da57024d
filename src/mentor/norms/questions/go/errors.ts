import { around, childOf, firstOf, namedChildren } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { argumentsOf, callee, isMain, stringOf } from './syntax.ts'

const ERROR = /^(err|e|\w*Err|err[A-Z]\w*|\w*Error|cause)$/

/** The verb by which `fmt.Errorf` takes in an error. */
const verb: Question = {
  id: 'errors/wrap-verb',
  subject: 'errors',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('call_expression')) {
      if (callee(file, call) !== 'fmt.Errorf') continue
      const [format, ...values] = argumentsOf(call)
      const written = format && stringOf(file, format)
      const at = values.findIndex(value => value.type === 'identifier' && ERROR.test(file.textOf(value)))
      if (!format || written === undefined || at === -1) continue
      // `%[1]s` and `%*d` count otherwise than in order.
      const verbs = /%[^%\w]*[[*]/.test(written)
        ? []
        : (written.replaceAll('%%', '').match(/%[-+# 0-9.]*[a-zA-Z]/g) ?? [])
      const used = verbs[at]?.at(-1)
      if (used === 'w' || used === 'v' || used === 's') yield site(file, format, used === 'w' ? '%w' : '%v')
    }
  },
  words: saying({
    '%w': [
      'Might a caller ask which error this was?',
      '`%v` keeps the words and loses the error: `errors.Is` and `errors.As` no longer find it.',
      text => text.replace(/%[vs](?!.*%[vs])/, '%w'),
    ],
    '%v': [
      'Should the error below be part of what callers rely on?',
      '`%w` makes it so; golden repositories only quote its words.',
    ],
  }),
}

const wrapped: Question = {
  id: 'errors/returned',
  subject: 'errors',
  languages: ['go'],
  asked: 'in sources',
  *sites(file) {
    for (const branch of file.nodes('if_statement')) {
      const asked = childOf(branch, 'condition')
      if (!asked || !/^\w+ != nil$/.test(file.textOf(asked))) continue
      const name = file.textOf(asked).split(' ')[0] ?? ''
      const left = body(childOf(branch, 'consequence')).at(-1)
      const last =
        left?.type === 'return_statement' && namedChildren(left)[0] && namedChildren(namedChildren(left)[0]).at(-1)
      if (!ERROR.test(name) || !last) continue
      if (file.textOf(last) === name) yield site(file, last, 'bare')
      else if (callee(file, last) === 'fmt.Errorf') yield site(file, last, 'with context')
    }
  },
  words: saying({
    'with context': [
      'Will the reader of this error know what was being done?',
      'Returned as it is, it says what failed below and not on whose way: `open x: no such file` may come from anywhere.',
      text => `fmt.Errorf("…: %w", ${text})`,
    ],
    bare: [
      'Does the error need more words here?',
      'Golden repositories add context once, where the operation begins, and hand errors on between.',
    ],
  }),
}

const opening: Question = {
  id: 'errors/message-case',
  subject: 'errors',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const { node, text } of messages(file)) {
      const word = /^[A-Za-z]+(?=[\s,:;.]|$)/.exec(text)?.[0]
      // Names and initials keep their capitals.
      if (word && /^([a-z]+|[A-Z]?[a-z]+)$/.test(word))
        yield site(file, node, /^[A-Z]/.test(word) ? 'capital' : 'lower case')
    }
  },
  words: saying({
    'lower case': [
      'How will this read after “could not start: ”?',
      'Error strings are joined to others in the middle of a sentence.',
      text => text.slice(0, 1) + text.charAt(1).toLowerCase() + text.slice(2),
    ],
    capital: [
      'Should this begin as a sentence?',
      'Golden repositories write errors as sentences.',
      text => text.slice(0, 1) + text.charAt(1).toUpperCase() + text.slice(2),
    ],
  }),
}

const ending: Question = {
  id: 'errors/message-end',
  subject: 'errors',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const { node, text } of messages(file))
      yield site(file, node, /([.!:]|\\n|\n)$/.test(text) && !text.endsWith('...') ? 'punctuated' : 'open')
  },
  words: saying({
    open: [
      'How will this read when another error is put around it?',
      'Error strings are joined to others; a full stop or newline ends up in the middle of the line.',
      text => text.replace(/([.!:]|\\n)+(["`])$/, '$2'),
    ],
  }),
}

const compared: Question = {
  id: 'errors/compared',
  subject: 'errors',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('call_expression'))
      if (callee(file, call) === 'errors.Is' && call.children[0]) yield site(file, call.children[0], 'errors.Is')
    for (const comparison of file.nodes('binary_expression')) {
      const [left, operator, right] = ['left', 'operator', 'right'].map(field => childOf(comparison, field))
      if (!left || !right || !operator || !/^[!=]=$/.test(operator.type)) continue
      const other = right.type === 'identifier' || right.type === 'selector_expression'
      if (other && ERROR.test(file.textOf(left))) yield site(file, operator, operator.type)
    }
  },
  words: saying({
    'errors.Is': [
      'What if the error comes wrapped?',
      '`==` only sees the outermost error; `errors.Is` looks through the whole chain.',
    ],
    '==': [
      'Can this error come wrapped?',
      'Golden repositories compare such errors directly, since these are returned as they are.',
    ],
  }),
}

const panics: Question = {
  id: 'errors/panic',
  subject: 'errors',
  languages: ['go'],
  asked: 'in sources',
  *sites(file) {
    if (isMain(file)) return
    for (const call of file.nodes('call_expression')) {
      const name = callee(file, call)
      const holder = around(call, 'function_declaration', 'method_declaration')
      const named = childOf(holder, 'name')
      if (!holder || !named || /^(init|[mM]ust.*)$/.test(file.textOf(named))) continue
      const returned =
        (name === 'errors.New' || name === 'fmt.Errorf') && call.parent?.parent?.type === 'return_statement'
      if (returned && call.children[0]) yield site(file, call.children[0], 'returned')
      else if (name === 'panic' && call.children[0]) yield site(file, call.children[0], 'panics')
    }
  },
  words: saying({
    returned: [
      'Could the caller decide what to do about this?',
      'A panic in a library ends the caller’s program unless it recovers; an error lets it choose.',
    ],
  }),
}

const newOrErrorf: Question = {
  id: 'errors/plain-message',
  subject: 'errors',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('call_expression')) {
      const [name, given, made] = [callee(file, call), argumentsOf(call), call.children[0]]
      if (!made || given.length !== 1 || !given[0] || stringOf(file, given[0]) === undefined) continue
      if (name === 'errors.New' || name === 'fmt.Errorf') yield site(file, made, name)
    }
  },
  words: saying({
    'errors.New': [
      'Is anything formatted here?',
      '`fmt.Errorf` says that values go in; a `%` added to the text later becomes a mistake.',
      () => 'errors.New',
    ],
    'fmt.Errorf': [
      'Would `fmt.Errorf` match the errors around it?',
      'Golden repositories make all errors by one function.',
      () => 'fmt.Errorf',
    ],
  }),
}

function* messages(file: Parsed): Generator<{ node: SyntaxNode; text: string }> {
  for (const call of file.nodes('call_expression')) {
    if (!/^(errors\.New|fmt\.Errorf)$/.test(callee(file, call))) continue
    const node = argumentsOf(call)[0]
    const text = node && stringOf(file, node)
    if (node && text) yield { node, text }
  }
}

function body(block: SyntaxNode | undefined): readonly SyntaxNode[] {
  return namedChildren(firstOf(block, 'statement_list'))
}

export const errors: readonly Question[] = [wrapped, verb, opening, ending, compared, panics, newOrErrorf]
