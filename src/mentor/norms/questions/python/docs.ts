import { childOf, firstOf, namedChildren } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'

const present: Question = {
  id: 'docs/public',
  subject: 'docs',
  languages: ['python'],
  asked: 'in sources',
  *sites(file) {
    for (const made of file.nodes('class_definition', 'function_definition')) {
      const name = childOf(made, 'name')
      if (!name || !isPublic(file, made)) continue
      const key = made.type === 'class_definition' ? 'class' : 'function'
      yield site(file, name, docstring(made) ? 'a docstring' : 'none', key)
    }
  },
  words: saying({
    'a docstring': [
      'What would a caller want to know before using this?',
      'A public name is read by people who don’t read its body: what goes in, what comes out, what is raised.',
    ],
    none: ['Does this need a docstring?', 'Golden repositories let such names speak for themselves.'],
  }),
}

const quotes: Question = {
  id: 'docs/quotes',
  subject: 'docs',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const doc of docstrings(file)) {
      const start = doc.children[0] ?? doc
      yield site(file, start, file.textOf(start).replace(/^[rRuUbBfF]*/, ''))
    }
  },
  words: saying({
    '"""': ['Would triple double quotes do?', 'A docstring in `"""` can grow by a line without new quotes.'],
    "'''": ["Would ''' do?", 'Docstrings look the same everywhere in golden repositories.'],
  }),
}

const ending: Question = {
  id: 'docs/full-stop',
  subject: 'docs',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const doc of docstrings(file)) {
      const content = firstOf(doc, 'string_content')
      const summary =
        content &&
        file
          .textOf(content)
          .trim()
          .split(/\n\s*\n/)[0]
          ?.trimEnd()
      // Lists, examples and markup end as they must.
      if (!content || !summary || !/[\w.)\]}`'"*+>]$/.test(summary) || /^\s*[>:*@-]/m.test(summary)) continue
      const from = content.startIndex + file.textOf(content).search(/\S/)
      const part = { ...content, startIndex: from, endIndex: from + summary.length }
      yield site(file, part, summary.endsWith('.') ? 'full stop' : 'none')
    }
  },
  words: saying({
    'full stop': [
      'Is the first sentence of this docstring complete?',
      'Summaries are shown alone in indexes and tooltips; a full stop says that nothing was cut off.',
      text => `${text}.`,
    ],
    none: ['Does this summary need its full stop?', 'Golden repositories write them as headings.'],
  }),
}

const opening: Question = {
  id: 'docs/first-line',
  subject: 'docs',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const doc of docstrings(file)) {
      const content = firstOf(doc, 'string_content')
      const text = content ? file.textOf(content) : ''
      if (!text.trim().includes('\n')) continue
      yield site(file, doc.children[0] ?? doc, /^[ \t]*\\?\r?\n/.test(text) ? 'below the quotes' : 'beside the quotes')
    }
  },
  words: saying({
    'beside the quotes': [
      'Could the summary begin right after the quotes?',
      'Golden repositories begin there, so the first line of a docstring says what it is about.',
    ],
    'below the quotes': [
      'Could the summary begin on the line below the quotes?',
      'Golden repositories begin there, so all lines of a docstring stand in one column.',
    ],
  }),
}

/** Public by its name and by those around it, with a body that does something, and no hook of the language. */
function isPublic(file: Parsed, made: SyntaxNode): boolean {
  for (let at: SyntaxNode | undefined = made; at; at = at.parent) {
    if (at !== made && at.type === 'function_definition') return false
    const name = at.type.endsWith('_definition') ? childOf(at, 'name') : undefined
    if (name && file.textOf(name).startsWith('_')) return false
  }
  const decorators = made.parent?.type === 'decorated_definition' ? file.textOf(made.parent).slice(0, 400) : ''
  return !/@(\w+\.)?(overload|override)\b|@\w+\.(setter|deleter)\b/.test(decorators)
}

function docstring(made: SyntaxNode): SyntaxNode | undefined {
  const first = namedChildren(made.type === 'module' ? made : childOf(made, 'body'))[0]
  const text = first?.type === 'expression_statement' ? first.children[0] : undefined
  return text?.type === 'string' ? text : undefined
}

function* docstrings(file: Parsed): Generator<SyntaxNode> {
  for (const made of [file.root, ...file.nodes('class_definition', 'function_definition')]) {
    const doc = docstring(made)
    if (doc) yield doc
  }
}

export const docs: readonly Question[] = [present, quotes, ending, opening]
