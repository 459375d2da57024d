import { childOf, namedChildren } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { stringOf } from './syntax.ts'

const grouping: Question = {
  id: 'imports/standard-apart',
  subject: 'imports',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const list of file.nodes('import_spec_list')) {
      const specs = namedChildren(list)
      const kinds = specs.map(spec => isStandard(stringOf(file, childOf(spec, 'path') ?? spec) ?? ''))
      // Borders between neighbours of two kinds: apart where a line is left free.
      const borders = specs.flatMap((spec, i) => {
        const before = specs[i - 1]
        if (!before || kinds[i] === kinds[i - 1]) return []
        return [{ spec, apart: file.lineOf(spec.startIndex) - file.lineOf(before.startIndex) > 1 }]
      })
      const close = borders.find(one => !one.apart)
      if (borders[0]) yield site(file, (close ?? borders[0]).spec, close ? 'mixed' : 'apart')
    }
  },
  words: saying({
    apart: [
      'Which of these come with Go?',
      'A free line between the standard library and the rest shows at a glance what a file depends on.',
    ],
    mixed: ['Do these need groups?', 'Golden repositories keep all imports in one sorted list.'],
  }),
}

const dot: Question = {
  id: 'imports/dot',
  subject: 'imports',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const spec of file.nodes('import_spec')) {
      const name = childOf(spec, 'name')
      if (name?.type !== 'blank_identifier') yield site(file, spec, name?.type === 'dot' ? 'dot' : 'by name')
    }
  },
  words: saying({
    'by name': [
      'Where would a reader look for the names of this package?',
      'After a dot import nothing shows which names are from there.',
      text => text.replace(/^\.\s+/, ''),
    ],
    dot: [
      'Does this package need its name?',
      'Golden repositories take its names in, as they read as words of the language.',
    ],
  }),
}

function isStandard(path: string): boolean {
  return !path.split('/')[0]?.includes('.')
}

export const imports: readonly Question[] = [grouping, dot]
