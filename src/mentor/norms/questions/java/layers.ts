import { firstOf } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { layerOf, layerWords } from '../layers.ts'
import { site } from '../site.ts'

const direction: Question = {
  id: 'imports/layers',
  subject: 'imports',
  languages: ['java'],
  asked: 'in sources',
  *sites(file) {
    const declared = firstOf(file.nodes('package_declaration')[0], 'scoped_identifier')
    const from = declared ? file.textOf(declared).split('.') : []
    for (const made of file.nodes('import_declaration')) {
      const name = firstOf(made, 'scoped_identifier')
      if (!name) continue
      // What begins with a small letter is a package; the rest are classes and their members.
      const to = file.textOf(name).split('.')
      const end = to.findIndex(part => /^[A-Z]/.test(part))
      const own = to[0] === from[0] && to[1] === from[1]
      const layer = own ? layerOf(from, end === -1 ? to : to.slice(0, end)) : undefined
      if (layer) yield site(file, name, layer.answer, layer.key)
    }
  },
  words: layerWords,
}

export const layers: readonly Question[] = [direction]
