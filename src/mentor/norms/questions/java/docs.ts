import { childOf, isComment } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { docOf, hasAnnotation, hasModifier } from './syntax.ts'

const TYPES = ['class_declaration', 'interface_declaration', 'enum_declaration', 'record_declaration']

const present: Question = {
  id: 'docs/public',
  subject: 'docs',
  languages: ['java'],
  asked: 'in sources',
  *sites(file) {
    for (const made of file.nodes(...TYPES, 'method_declaration')) {
      const name = childOf(made, 'name')
      if (!name || !isPublic(file, made)) continue
      yield site(file, name, docOf(file, made) ? 'documented' : 'none', TYPES.includes(made.type) ? 'type' : 'method')
    }
  },
  words: saying({
    documented: [
      'What would a caller want to know before using this?',
      'What is public is read in its Javadoc, by people who don’t see the body.',
    ],
    none: ['Does this need words?', 'Golden repositories let such names speak for themselves.'],
  }),
}

const ending: Question = {
  id: 'docs/full-stop',
  subject: 'docs',
  languages: ['java'],
  asked: 'in sources',
  *sites(file) {
    for (const doc of javadocs(file)) {
      const summary =
        linesOf(file, doc)
          .split(/\n\s*\n|\n\s*@|<p>|<ul>|<pre>/)[0]
          ?.trimEnd() ?? ''
      if (!/[\w.)"}]$/.test(summary) || /^\s*[@{]/.test(summary)) continue
      const of = doc.parent?.children.find(one => one.index > doc.index && !isComment(one))
      // A field's is often a few words.
      yield site(
        file,
        doc,
        /\.(\s|$)/.test(summary) ? 'full stop' : 'none',
        of?.type === 'field_declaration' ? 'field' : undefined,
      )
    }
  },
  words: saying({
    'full stop': [
      'Is the first sentence complete?',
      'Javadoc takes all up to the first full stop as the summary, and without one the whole text.',
    ],
    none: ['Does this need its full stop?', 'Golden repositories write summaries as headings.'],
  }),
}

const code: Question = {
  id: 'docs/code',
  subject: 'docs',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const doc of javadocs(file))
      for (const found of file.textOf(doc).matchAll(/\{@code\b|<code>|<tt>/g)) {
        const startIndex = doc.startIndex + found.index
        yield site(
          file,
          { ...doc, startIndex, endIndex: startIndex + found[0].length },
          found[0].startsWith('{') ? '{@code …}' : found[0],
        )
      }
  },
  words: saying({
    '{@code …}': ['Would `{@code …}` do?', 'In it `<`, `>` and `&` need no escapes, and it is read as it is.'],
    '<code>': ['Would `<code>` match the other comments?', 'Golden repositories mark code so.'],
  }),
}

function isPublic(file: Parsed, made: SyntaxNode): boolean {
  if (!hasModifier(made, 'public') || hasAnnotation(file, made, /^Override$/)) return false
  // Within something hidden nothing is public.
  for (let at = made.parent; at; at = at.parent)
    if (TYPES.includes(at.type) && at.type !== 'interface_declaration' && !hasModifier(at, 'public')) return false
  return true
}

function* javadocs(file: Parsed): Generator<SyntaxNode> {
  for (const comment of file.nodes('block_comment')) if (file.textOf(comment).startsWith('/**')) yield comment
}

function linesOf(file: Parsed, doc: SyntaxNode): string {
  return file
    .textOf(doc)
    .slice(3, -2)
    .split('\n')
    .map(line => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim()
}

export const docs: readonly Question[] = [present, ending, code]
