import { childOf } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { docOf, hasModifier } from './syntax.ts'

const MEMBERS = ['method_declaration', 'property_declaration', 'constructor_declaration']
const TYPES = [
  'class_declaration',
  'struct_declaration',
  'record_declaration',
  'interface_declaration',
  'enum_declaration',
]

const present: Question = {
  id: 'docs/public',
  subject: 'docs',
  languages: ['csharp'],
  asked: 'in sources',
  *sites(file) {
    for (const made of file.nodes(...TYPES, ...MEMBERS)) {
      const name = childOf(made, 'name')
      if (!name || !isPublic(file, made)) continue
      yield site(
        file,
        name,
        docOf(file, made).length > 0 ? 'documented' : 'none',
        TYPES.includes(made.type) ? 'type' : 'member',
      )
    }
  },
  words: saying({
    documented: [
      'What would a caller want to know before using this?',
      'What is public is read in tooltips, by people who don’t see the body.',
    ],
    none: ['Does this need words?', 'Golden repositories let such names speak for themselves.'],
  }),
}

const ending: Question = {
  id: 'docs/full-stop',
  subject: 'docs',
  languages: ['csharp'],
  asked: 'in sources',
  *sites(file) {
    for (const made of file.nodes(...TYPES, ...MEMBERS)) {
      const doc = docOf(file, made)
      const text = doc.map(one => file.textOf(one).replace(/^\/\/\/ ?/, '')).join('\n')
      const summary = /<summary>([\s\S]*?)<\/summary>/.exec(text)?.[1]?.trimEnd() ?? ''
      const last = doc.find(one => file.textOf(one).includes('</summary>'))
      if (!last || !/[\w.)\]`'"*+>]$/.test(summary) || summary.includes('<para')) continue
      yield site(file, last, summary.endsWith('.') ? 'full stop' : 'none')
    }
  },
  words: saying({
    'full stop': [
      'Is the summary a complete sentence?',
      'Summaries are shown alone in tooltips; a full stop says that nothing was cut off.',
    ],
  }),
}

function isPublic(file: Parsed, made: SyntaxNode): boolean {
  if (hasModifier(file, made, 'override')) return false
  for (let at: SyntaxNode | undefined = made; at; at = at.parent) {
    if (!TYPES.includes(at.type) && at !== made) continue
    if (!hasModifier(file, at, 'public')) return false
  }
  return true
}

export const docs: readonly Question[] = [present, ending]
