import type { Parsed, Unit } from '../../../parse/parsed.ts'
import type { Question, Site } from '../../question.ts'
import { saying } from '../site.ts'
import { SCRIPT } from './script.ts'

const exported: Question = {
  id: 'docs/exported',
  subject: 'docs',
  languages: SCRIPT,
  asked: 'in sources',
  *sites(file) {
    for (const unit of file.units)
      if (unit.exported) yield unitSite(file, unit, unit.doc === '' ? 'no comment' : 'a doc comment', unit.kind)
  },
  words: saying({
    'a doc comment': [
      'What should a caller know that the name doesn’t say?',
      'Editors show the comment where this is used; without one, callers have to open the file and read what it does.',
    ],
  }),
}

const fullStop: Question = {
  id: 'docs/full-stop',
  subject: 'docs',
  languages: SCRIPT,
  asked: 'in sources',
  *sites(file) {
    for (const unit of file.units) {
      const first = unit.doc.split(/\n\s*(?:\n|@)/)[0]?.trim() ?? ''
      // A tag, a list or code is no sentence.
      if (!/^[A-Z][^`]*\s/.test(first) || first.length < 15 || /[:}>`]$/.test(first)) continue
      yield unitSite(file, unit, /[.!?]$/.test(first) ? 'ends with a full stop' : 'ends without')
    }
  },
  words: saying({
    'ends with a full stop': [
      'Is this comment a sentence?',
      'With full stops, comments read as text when they are put together in a document.',
    ],
    'ends without': [
      'Do the other comments end with a full stop?',
      'Golden repositories leave it out in the first line of a comment.',
    ],
  }),
}

const params: Question = {
  id: 'docs/params',
  subject: 'docs',
  languages: SCRIPT,
  asked: 'in sources',
  *sites(file) {
    for (const unit of file.units)
      if (unit.doc !== '' && unit.exported && (unit.kind === 'function' || unit.kind === 'method'))
        yield unitSite(file, unit, /^@(?:param|arg)\b/m.test(unit.doc) ? '@param' : 'no @param')
  },
  words: saying({
    '@param': [
      'Which values may each parameter take?',
      'The type says the shape; units, bounds and what happens at the edges stand in `@param`, or nowhere.',
    ],
    'no @param': [
      'Do the parameters need words of their own?',
      'Golden repositories let names and types say it; tags that repeat them grow old unseen.',
    ],
  }),
}

export const docs: readonly Question[] = [exported, fullStop, params]

/** At the name: the comment that is missing has no place. */
function unitSite(file: Parsed, unit: Unit, answer: string, key?: string): Site {
  const line = startOfLine(file, unit.nameLine)
  const at = Math.max(line, file.text.indexOf(unit.name, line))
  const lines = { startLine: unit.nameLine, endLine: unit.nameLine }
  return { answer, ...lines, startIndex: at, endIndex: at + unit.name.length, ...(key !== undefined && { key }) }
}

function startOfLine(file: Parsed, line: number): number {
  let at = 0
  for (let i = 1; i < line; i++) at = file.text.indexOf('\n', at) + 1
  return at
}
