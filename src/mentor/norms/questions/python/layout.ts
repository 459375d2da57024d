import { childOf, namedChildren } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'

const EXIT = ['return_statement', 'raise_statement', 'continue_statement', 'break_statement']

const flat: Question = {
  id: 'layout/else-after-exit',
  subject: 'layout',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const branch of file.nodes('if_statement')) {
      const last = namedChildren(childOf(branch, 'consequence')).at(-1)
      const next = branch.children.filter(one => one.field === 'alternative')
      if (!last || !EXIT.includes(last.type) || next.some(one => one.type === 'elif_clause')) continue
      const word = next[0]?.children[0] ?? branch.children[0]
      if (word) yield site(file, word, next.length > 0 ? 'else' : 'no else')
    }
  },
  words: saying({
    'no else': [
      'Does this need an `else`, when the branch above has left?',
      'Without it the main path stays at the left, and each condition can be forgotten once it is read.',
    ],
    else: ['Would an `else` show both ways side by side?', 'Golden repositories write both branches out.'],
  }),
}

const future: Question = {
  id: 'layout/future-annotations',
  subject: 'layout',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    const first = namedChildren(file.root)[0]
    if (!first) return
    const found = file.nodes('future_import_statement').find(one => file.textOf(one).includes('annotations'))
    if (found) yield site(file, found, 'imported')
    else if (file.nodes('type').length > 0) yield site(file, first, 'not imported')
  },
  words: saying({
    imported: [
      'Should this file begin with `from __future__ import annotations`?',
      'Golden repositories have it wherever types are written: names may be used before they are defined, and annotations cost nothing at import.',
    ],
    'not imported': [
      'Does this file need `annotations` from the future?',
      'Golden repositories do without it, so types can be read while the program runs.',
    ],
  }),
}

const annotated: Question = {
  id: 'layout/annotated',
  subject: 'layout',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('function_definition')) {
      const name = childOf(made, 'name')
      if (name) yield site(file, name, childOf(made, 'return_type') ? 'annotated' : 'not annotated')
    }
  },
  words: saying({
    annotated: [
      'What does this function return?',
      'Golden repositories say it in the signature, and a checker follows it through every caller.',
    ],
    'not annotated': ['Does this signature need a type?', 'Golden repositories leave them out.'],
  }),
}

export const layout: readonly Question[] = [flat, future, annotated]
