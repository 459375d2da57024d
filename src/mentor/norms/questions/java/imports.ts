import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'

const wildcard: Question = {
  id: 'imports/wildcard',
  subject: 'imports',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    for (const one of file.nodes('import_declaration'))
      yield site(
        file,
        one,
        one.children.some(part => part.type === 'asterisk') ? 'everything' : 'names',
        one.children.some(part => part.type === 'static') ? 'static' : undefined,
      )
  },
  words: saying({
    names: [
      'Which names does this file use from there?',
      'After `*` nobody can tell where a name comes from, and a new class over there may clash with one here.',
    ],
    everything: ['Would one line for the package do?', 'Golden repositories import packages as a whole.'],
  }),
}

const order: Question = {
  id: 'imports/sorted',
  subject: 'imports',
  languages: ['java'],
  asked: 'everywhere',
  *sites(file) {
    const all = file.nodes('import_declaration')
    for (const [i, one] of all.entries()) {
      const before = all[i - 1]
      // A free line begins a new group.
      const together = before && file.lineOf(one.startIndex) - file.lineOf(before.startIndex) === 1
      if (together)
        yield site(
          file,
          one,
          file.textOf(before).replace(/[;*]/g, '') <= file.textOf(one).replace(/[;*]/g, '') ? 'sorted' : 'unsorted',
        )
    }
  },
  words: saying({
    sorted: [
      'Where would one look for this import?',
      'Sorted imports are found at a glance, and two branches that add some don’t clash.',
    ],
  }),
}

export const imports: readonly Question[] = [wildcard, order]
